import { neededApproval } from "../support/requests.js";
import type { Change } from "./approvals.js";
import type { Sight } from "./judge.js";
import { day, lifetimes, type YearDomain } from "./world.js";
import type { Year } from "./year.js";

/** The report of a year, and what it did not keep. */

const count = (number: number) => number.toLocaleString("en-US");
const names = { edgeone: "EdgeOne", cdn: "CDN", dcdn: "DCDN", vod: "VOD", live: "Live" } as const;

/** How often each value occurs: "a 3, b 1". */
function tally(values: Iterable<string>): string {
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return [...times].map(([value, number]) => `${value} ${count(number)}`).join(", ") || "none";
}

const isCovered = ({ standing }: Year, { domain, at }: Pick<Sight, "domain" | "at">) =>
  standing.some(({ domains, until }) => domains.includes(domain) && at < until);

/** "3.4 days" */
const inDays = (ms: number) => `${(ms / day).toFixed(1)} days`;

function minLeft(year: Year, sights: readonly Sight[], lifetime: number): string {
  const of = new Set(year.domains.filter((each) => each.lifetime === lifetime).map(({ name }) => name));
  const left = sights.flatMap(({ domain, at, notAfter }) =>
    notAfter !== undefined && of.has(domain) ? [notAfter - at] : [],
  );
  return left.length === 0 ? "none" : inDays(Math.min(...left));
}

const deploying = ["ModifyHostsCertificate", "Domain", "UpdateDomainHttpsCert"];
const isDeployment = ({ operation }: Change) => deploying.some((part) => operation.includes(part));

/** As a table of Markdown. */
export function reportOf(year: Year): string {
  const { domains, sights, changes, questions, requests, standing, runs } = year;
  const covered = sights.filter((sight) => isCovered(year, sight));
  const waiting = sights.filter((sight) => !isCovered(year, sight));
  const faulty = (all: readonly Sight[]) =>
    new Set(all.filter(({ fault }) => fault).map(({ domain, at }) => `${domain} ${at}`));
  const deployments = changes.filter(isDeployment);
  const inAll = new Set(standing.flatMap((each) => each.domains));
  const kinds = Object.values(lifetimes);
  const rows = [
    ["Domains", `${domains.length}: ${tally(domains.map(({ place }) => names[place]))}`],
    ["Their certificates", tally(domains.map((each) => describe(each)))],
    [
      "Standing approvals",
      [
        ...standing.map((each) => `${each.domains.length} domains until day ${dayOf(year, each.until)}`),
        `${domains.length - inAll.size} domains without`,
      ].join(", "),
    ],
    [
      "Runs, a second one a day where the first left something",
      `${count(runs.length)}, of which killed ${runs.filter((run) => run === "killed").length}`,
    ],
    ["Days by weather", tally(year.weather)],
    ["Faults on the way", [...year.faults].map(([kind, number]) => `${kind} ${count(number)}`).join(", ") || "none"],
    ["Handshakes of a visitor", `${count(sights.length)}: each domain at each address each day`],
    ["Days of a domain with a fault, while approved in advance", count(faulty(covered).size)],
    ["Days of a domain with a fault, while it waited for a person", count(faulty(waiting).size)],
    ...kinds.map((lifetime) => [
      `Least time left that a visitor saw, of ${lifetime} days`,
      `${minLeft(year, covered, lifetime)}; where a person is needed ${minLeft(year, waiting, lifetime)}`,
    ]),
    ["Certificates deployed", `${count(deployments.length)}: ${tally(deployments.map(({ allowedBy }) => allowedBy))}`],
    ["Questions asked", count(questions.length)],
    ["Changes that nobody approved", count(changes.filter(({ allowedBy }) => allowedBy === "nobody").length)],
    ["Changes sent", tally(changes.map(({ operation }) => operation))],
    ["Reads sent", count(requests.filter((request) => !neededApproval(request)).length)],
  ];
  return ["| | |", "|---|---|", ...rows.map(([name, says]) => `| ${name} | ${says} |`)].join("\n");
}

const describe = ({ source, lifetime }: YearDomain) =>
  source === "free" ? `free ones of ${lifetime} days` : `files of ${lifetime} days`;

const dayOf = ({ begin, days }: Year, at: number) => Math.min(days, Math.floor((at - begin) / day));

/** What the year did not keep, one sentence each; empty if it kept everything. */
export function faultsOf(year: Year): readonly string[] {
  const seen = new Set(year.sights.map(({ domain, at }) => `${domain} ${at}`));
  return [
    ...(seen.size < year.days * year.domains.length ? ["not every domain was seen every day"] : []),
    ...year.sights.flatMap((sight) =>
      sight.fault !== undefined && isCovered(year, sight)
        ? [`${sight.domain} on day ${dayOf(year, sight.at) + 1}: ${sight.fault}`]
        : [],
    ),
    ...year.changes.flatMap(({ operation, domains, at, allowedBy }) =>
      allowedBy === "nobody"
        ? [`${operation} for ${domains.join(", ") || "no domain"} on day ${dayOf(year, at) + 1}: nobody approved it`]
        : [],
    ),
    ...year.defects,
  ];
}
