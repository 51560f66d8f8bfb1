import fc from "fast-check";
import { approvalLifetime } from "../../../src/approval/deadlines.js";
import type { Answer, Simulation } from "./simulation.js";
import { pools, type Wish } from "./wishes.js";

/** One thing that happens; the scheduler decides what of the rest goes on before the next. */
class Event implements fc.AsyncCommand<object, Simulation> {
  readonly #says: string;
  readonly #happens: (simulation: Simulation) => void;

  constructor(says: string, happens: (simulation: Simulation) => void) {
    this.#says = says;
    this.#happens = happens;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, simulation: Simulation): Promise<void> {
    this.#happens(simulation);
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
      new Event(`${process} is called with wish ${which}`, (simulation) =>
        simulation.call(process, simulation.wish(which), answer),
      ),
  );

/** The same call as one before, at the same process, which is where mistakes would be made. */
const calledAgain = fc.tuple(fc.nat(20), answers).map(
  ([which, answer]) =>
    new Event(`call ${which} is made again`, (simulation) => {
      const call = simulation.calls.at(-1 - (which % Math.max(1, simulation.calls.length)));
      if (call !== undefined) simulation.call(call.process, call.wish, answer);
    }),
);

const tokenUsed = fc.tuple(fc.nat(20), answers, fc.option(anyWish, { freq: 2 })).map(
  ([which, answer, other]) =>
    new Event(`token ${which} is used${other === null ? "" : " for another call"}`, (simulation) => {
      const token = simulation.tokens.at(-1 - (which % Math.max(1, simulation.tokens.length)));
      if (token === undefined) return;
      simulation.call(2, other === null ? token.wish : simulation.wish(other), answer, token);
    }),
);

const decided = fc
  .tuple(
    fc.nat(1),
    fc.nat(20),
    fc.constantFrom("yes" as const, "yes" as const, "another name" as const, "no" as const, "dismissed" as const),
  )
  .map(
    ([process, which, behaviour]) =>
      new Event(`a person at ${process} decides ${which}: ${behaviour}`, (simulation) =>
        simulation.decide(process, which, behaviour),
      ),
  );

const takenBack = fc.nat(20).map(
  (which) =>
    new Event(`call ${which} is taken back`, (simulation) => {
      simulation.calls.at(-1 - (which % Math.max(1, simulation.calls.length)))?.controller.abort();
    }),
);

const passing = fc.constantFrom(100, 31_000, 61_000, approvalLifetime / 2, approvalLifetime).map(
  (ms) =>
    new Event(`${ms} ms pass`, (simulation) => {
      simulation.wall += ms;
      simulation.monotonic += ms;
    }),
);

/** The machine sleeps, or its clock is set. */
const jumping = fc.constantFrom(-3_600_000, -10_000, -1_000, 10_000, approvalLifetime, 3_600_000).map(
  (ms) =>
    new Event(`the clock jumps by ${ms} ms`, (simulation) => {
      simulation.wall += ms;
    }),
);

const stateChanges = fc.constant(
  new Event("the state changes", (simulation) => {
    simulation.state += 1;
  }),
);

const disk = fc.boolean().map(
  (full) =>
    new Event(full ? "the disk is full" : "the disk has room", (simulation) => {
      simulation.diskIsFull = full;
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
  readonly events: Iterable<fc.AsyncCommand<object, Simulation>>;
}

/** Few wishes, so that calls meet; some of them differ in little. */
export const stories: fc.Arbitrary<Story> = fc.record({
  wishes: pools,
  first: fc.array(fc.tuple(fc.nat(2), anyWish), { minLength: 1, maxLength: 4 }),
  events: fc.commands([...often, ...often, ...often, ...seldom], { maxCommands: 20, size: "max" }),
});
