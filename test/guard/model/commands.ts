import fc from "fast-check";
import { approvalLifetime } from "../../../src/guard/ledger.js";
import { pools, type Wish } from "./wishes.js";
import type { Answer, World } from "./world.js";

/** One thing that happens; the scheduler decides what of the rest goes on before the next. */
class Event implements fc.AsyncCommand<object, World> {
  readonly #says: string;
  readonly #happens: (world: World) => void;

  constructor(says: string, happens: (world: World) => void) {
    this.#says = says;
    this.#happens = happens;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, world: World): Promise<void> {
    this.#happens(world);
  }

  toString(): string {
    return this.#says;
  }
}

const answers = fc.constantFrom<Answer>("accepted", "accepted", "refused", "lost");

/** Which of the wishes that a story is about. */
const anyWish = fc.nat(2);

const called = fc
  .tuple(fc.nat(2), anyWish, answers)
  .map(
    ([process, which, answer]) =>
      new Event(`${process} is called with wish ${which}`, (world) => world.call(process, world.wish(which), answer)),
  );

/** The same call as one before, at the same process, which is where mistakes would be made. */
const calledAgain = fc.tuple(fc.nat(20), answers).map(
  ([which, answer]) =>
    new Event(`call ${which} is made again`, (world) => {
      const call = world.calls.at(-1 - (which % Math.max(1, world.calls.length)));
      if (call !== undefined) world.call(call.process, call.wish, answer);
    }),
);

const tokenUsed = fc.tuple(fc.nat(20), answers, fc.option(anyWish, { freq: 2 })).map(
  ([which, answer, other]) =>
    new Event(`token ${which} is used${other === null ? "" : " for another call"}`, (world) => {
      const token = world.tokens.at(-1 - (which % Math.max(1, world.tokens.length)));
      if (token === undefined) return;
      world.call(2, other === null ? token.wish : world.wish(other), answer, token);
    }),
);

const decided = fc
  .tuple(
    fc.nat(1),
    fc.nat(20),
    fc.constantFrom("yes" as const, "yes" as const, "another name" as const, "no" as const, "dismissed" as const),
  )
  .map(
    ([process, which, mood]) =>
      new Event(`a person at ${process} decides ${which}: ${mood}`, (world) => world.decide(process, which, mood)),
  );

const takenBack = fc.nat(20).map(
  (which) =>
    new Event(`call ${which} is taken back`, (world) => {
      world.calls.at(-1 - (which % Math.max(1, world.calls.length)))?.controller.abort();
    }),
);

const passing = fc.constantFrom(100, 31_000, 61_000, approvalLifetime / 2, approvalLifetime).map(
  (ms) =>
    new Event(`${ms} ms pass`, (world) => {
      world.wall += ms;
      world.monotonic += ms;
    }),
);

/** The machine sleeps, or its clock is set. */
const jumping = fc.constantFrom(-3_600_000, -10_000, -1_000, 10_000, approvalLifetime, 3_600_000).map(
  (ms) =>
    new Event(`the clock jumps by ${ms} ms`, (world) => {
      world.wall += ms;
    }),
);

const stateChanges = fc.constant(
  new Event("the state changes", (world) => {
    world.state += 1;
  }),
);

const disk = fc.boolean().map(
  (full) =>
    new Event(full ? "the disk is full" : "the disk has room", (world) => {
      world.diskIsFull = full;
    }),
);

const [often, seldom] = [
  [called, calledAgain, decided, decided, decided, tokenUsed],
  [takenBack, passing, jumping, stateChanges, disk],
];

export interface Story {
  readonly wishes: readonly Wish[];
  /** What has been called before anything else happens: process and wish. */
  readonly first: readonly (readonly [process: number, wish: number])[];
  readonly events: Iterable<fc.AsyncCommand<object, World>>;
}

/** Few wishes, so that calls meet; some of them differ in little. */
export const stories: fc.Arbitrary<Story> = fc.record({
  wishes: pools,
  first: fc.array(fc.tuple(fc.nat(2), anyWish), { minLength: 1, maxLength: 4 }),
  events: fc.commands([...often, ...often, ...often, ...seldom], { maxCommands: 20, size: "max" }),
});
