import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProcessRun } from "./in-a-process.js";
import { Judge, type Sight } from "./judge.js";
import { type QuestionPut, type RunOutcome, type RunSettings, runOnce } from "./run.js";
import { SimulatedClock, Traffic } from "./simulated-clock.js";
import { type Fault, openFaultyWay } from "./traffic-faults.js";
import { randomFrom, type Weather, weatherOf } from "./weather.js";
import { day, domainsOfYear, openWorld, type YearDomain } from "./world.js";

export interface YearOptions {
  readonly days: number;
  readonly domains: number;
  readonly seed: number;
  /** The file that a run in a process of its own starts with. */
  readonly entry: string;
  /** Told at the end of each day. */
  readonly onDay?: (told: string) => void;
}

export interface Year {
  readonly domains: readonly YearDomain[];
  readonly days: number;
  readonly weather: ReadonlyMap<Weather["kind"], number>;
  readonly faults: ReadonlyMap<Fault, number>;
  /** Runs that were killed before they ended. */
  readonly killed: number;
  readonly sights: readonly Sight[];
  readonly questions: readonly QuestionPut[];
  readonly requests: readonly {
    readonly at: Date;
    readonly operation: string;
    readonly effect: string;
    readonly outcome: string;
  }[];
  readonly failures: readonly string[];
}

const hour = 3600_000;
/** The first day of the year: a Tuesday. */
const begin = Date.UTC(2026, 11, 1);
/** When the program is run, each day. */
const runAt = 3 * hour;

/** Lets the days pass, one run of the program each. */
export async function simulateYear({ days, domains: count, seed, entry, onDay }: YearOptions): Promise<Year> {
  const random = randomFrom(seed);
  const folder = mkdtempSync(join(tmpdir(), "year-"));
  const domains = domainsOfYear(count);
  let weather: Weather = weatherOf(() => 0.999);
  let clock: Pick<SimulatedClock, "now"> = { now: () => new Date(begin - day) };
  const world = await openWorld({
    domains,
    now: () => clock.now(),
    edgeStep: () => weather.edgeStep,
    folder: join(folder, "live"),
  });
  const { addresses } = world.sandbox.edge;
  const ports = addresses.map(({ port }) => port);
  const traffic = new Traffic(ports);
  const time = new SimulatedClock(begin, traffic);
  clock = time;
  const judge = new Judge(addresses, world.roots);
  let running: ProcessRun | undefined;
  const way = await openFaultyWay({
    endpoints: world.sandbox.endpoints,
    faultFor: (service) => weather.faultFor(service),
    kill: () => running?.kill(),
  });
  const settings: RunSettings = {
    args: [
      ...Object.entries(way.endpoints).flatMap(([service, url]) => ["--endpoint", `${service}=${url}`]),
      ...addresses.flatMap(({ address, port }) => ["--edge", `${address}:${port}`]),
      ...["--files", world.acme.folder, "--jobs", join(folder, "jobs")],
      ...["--audit-log", join(folder, "audit.jsonl"), "--approve", "elicit", "--timeout", "10"],
    ],
    env: { ...world.sandbox.env },
    roots: [...world.roots],
    domains: [...domains],
    folder: world.acme.folder,
    person: true,
  };
  const sights: Sight[] = [];
  const outcomes: (RunOutcome | undefined)[] = [];
  const weathers = new Map<Weather["kind"], number>();
  try {
    for (let index = 0; index < days; index += 1) {
      const before = performance.now();
      time.forwardTo(begin + index * day + runAt);
      weather = weatherOf(random);
      weathers.set(weather.kind, (weathers.get(weather.kind) ?? 0) + 1);
      const seen = await judge.look(domains, time.now());
      sights.push(...seen);
      await world.acme.renew(domains);
      running = weather.kind === "kill" ? new ProcessRun(entry, settings, time, ports) : undefined;
      const outcome = await (running?.ended ?? runOnce(settings, time));
      running = undefined;
      outcomes.push(outcome);
      const wrong = seen.filter(({ fault }) => fault !== undefined).length;
      const said = outcome === undefined ? "killed" : `${outcome.questions.length} questions`;
      onDay?.(
        `day ${index + 1}: ${weather.kind}, ${said}, ${wrong} faults seen, ${Math.round(performance.now() - before)} ms`,
      );
    }
    return {
      domains,
      days,
      weather: weathers,
      faults: way.happened,
      killed: outcomes.filter((outcome) => outcome === undefined).length,
      sights,
      questions: outcomes.flatMap((outcome) => outcome?.questions ?? []),
      requests: world.sandbox.requests.map(({ at, operation, effect, outcome }) => ({
        at,
        operation,
        effect,
        outcome,
      })),
      failures: outcomes.flatMap((outcome) => outcome?.failures ?? []),
    };
  } finally {
    traffic.close();
    await Promise.all([way.close(), world.sandbox.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

export const changes = ({ requests }: Year) => requests.filter(({ effect }) => effect !== "read");
