import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "../../src/sandbox/server.js";
import { type Change, changesIn, type Standing, standingOf } from "./approvals.js";
import { give } from "./give.js";
import { ProcessRun } from "./in-a-process.js";
import { Judge, type Sight } from "./judge.js";
import { type QuestionPut, type RunSettings, runOnce } from "./run.js";
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
  /** Its first moment, in milliseconds. */
  readonly begin: number;
  readonly days: number;
  readonly domains: readonly YearDomain[];
  readonly standing: readonly Standing[];
  /** Of each day. */
  readonly weather: readonly Weather["kind"][];
  readonly runs: readonly ("ended" | "killed")[];
  readonly faults: ReadonlyMap<Fault, number>;
  readonly sights: readonly Sight[];
  readonly questions: readonly QuestionPut[];
  readonly changes: readonly Change[];
  readonly requests: Sandbox["requests"];
  /** Defects that the program told of. */
  readonly defects: readonly string[];
}

const hour = 3600_000;
/** The first day of the year: a Tuesday. */
const begin = Date.UTC(2026, 11, 1);
/** When the program is run, each day. */
const runAt = 3 * hour;
/** How long a question waits until the person answers it. */
const patience = 2 * day;

/** Lets the days pass, one run of the program each. */
export async function simulateYear({ days, domains: count, seed, entry, onDay }: YearOptions): Promise<Year> {
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
  // From where the program runs, a domain has the one address that a change reaches last; the judge sees all of them.
  const settings: RunSettings = {
    args: [
      ...Object.entries(way.endpoints).flatMap(([service, url]) => ["--endpoint", `${service}=${url}`]),
      ...addresses.slice(-1).flatMap(({ address, port }) => ["--edge", `${address}:${port}`]),
      ...["--files", world.acme.folder, "--jobs", join(folder, "jobs")],
      ...["--audit-log", join(folder, "audit.jsonl"), "--approve", "elicit", "--timeout", "10"],
    ],
    env: { ...world.sandbox.env },
    roots: [...world.roots],
    person: true,
  };
  const standing = standingOf(domains, begin, days);
  const told: Told = {
    sights: [],
    questions: [],
    defects: [],
    weather: [],
    runs: [],
  };
  /** When the first question was left that nobody has answered yet. */
  let openSince: number | undefined;
  try {
    time.forwardTo(begin);
    const onQuestion = (put: QuestionPut) => void told.questions.push(put);
    for (const each of standing) await give(each, world.acme.folder, settings, time, onQuestion);
    for (let index = 0; index < days; index += 1) {
      const before = performance.now();
      time.forwardTo(begin + index * day + runAt);
      // A day of its own: what a run sends does not decide the next day's weather.
      weather = weatherOf(randomFrom(seed * 1_000 + index));
      told.weather.push(weather.kind);
      const seen = await judge.look(domains, time.now());
      told.sights.push(...seen);
      await world.acme.renew(domains);
      const run = async (kill: boolean) => {
        const started = time.now().getTime();
        const isAnswering = openSince !== undefined && started - openSince >= patience;
        const now = { ...settings, person: isAnswering };
        running = kill ? new ProcessRun(entry, now, { clock: time, edge: ports, onQuestion }) : undefined;
        const outcome = await (running?.ended ?? runOnce(now, time, onQuestion));
        running = undefined;
        told.runs.push(outcome === undefined ? "killed" : "ended");
        told.defects.push(...(outcome?.defects ?? []));
        if (outcome !== undefined && outcome.left.length > 0) openSince ??= started;
        else if (outcome?.sawAll) openSince = undefined;
        return outcome;
      };
      let outcome = await run(weather.kind === "kill");
      // The timers run twice a day (integrations/); where the first run left nothing to do, the second changes nothing.
      if (outcome?.isDone !== true) {
        time.forwardTo(begin + index * day + runAt + 12 * hour);
        if (weather.kind === "kill") weather = { ...weather, faultFor: () => undefined };
        outcome = await run(false);
      }
      const wrong = seen.flatMap(({ domain, fault }) => (fault === undefined ? [] : [`${domain} ${fault}`]));
      onDay?.(
        `day ${index + 1}, ${weather.kind}: ${outcome?.says}; ${wrong.length} faults seen ${wrong.join(", ")}; ${Math.round(performance.now() - before)} ms`,
      );
    }
    const { requests } = world.sandbox;
    return {
      ...told,
      begin,
      days,
      domains,
      standing,
      faults: way.happened,
      requests,
      changes: changesIn(world.sandbox, domains, standing, told.questions),
    };
  } finally {
    traffic.close();
    await Promise.all([way.close(), world.sandbox.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

interface Told {
  readonly sights: Sight[];
  readonly questions: QuestionPut[];
  readonly defects: string[];
  readonly weather: Weather["kind"][];
  readonly runs: ("ended" | "killed")[];
}
