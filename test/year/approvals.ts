import type { Sandbox } from "../../src/sandbox/server.js";
import { neededApproval } from "../support/requests.js";
import type { QuestionPut } from "./run.js";
import { day, type YearDomain } from "./world.js";

/** Who may let a domain's certificate be replaced, and when: what the person of this year decided, for the judge. */
export interface Standing {
  readonly domains: readonly string[];
  /** The first moment after it. */
  readonly until: number;
}

/** A request that changed something, and whom it concerned. */
export interface Change {
  readonly at: number;
  readonly operation: string;
  readonly domains: readonly string[];
  readonly allowedBy: "standing approval" | "person" | "nobody";
}

/** How long after a person's yes it is used at most. */
const ANSWER_HOLDS = 10 * 60_000;

/** What reached the clouds and changed something, each with what allowed it. */
export function changesIn(
  { requests, account }: Pick<Sandbox, "requests" | "account">,
  domains: readonly YearDomain[],
  standing: readonly Standing[],
  questions: readonly QuestionPut[],
): readonly Change[] {
  const uploads = [...account.ssl.certificates.values()];
  return requests
    .filter((request) => request.outcome === "done" && neededApproval(request))
    .map(({ at: date, operation, params }) => {
      const at = date.getTime();
      const uploaded = uploads.filter(
        ({ insertedAt }) => operation === "UploadCertificate" && insertedAt.getTime() === at,
      );
      const named = JSON.stringify([params, uploaded.map(({ material }) => material?.parsed.names)]);
      const concerned = domains.flatMap(({ name }) => (named.includes(`"${name}"`) ? [name] : []));
      const isStanding = (name: string) => standing.some((each) => each.domains.includes(name) && at < each.until);
      const isAnswered = (name: string) =>
        questions.some(
          (put) => put.at <= at && at - put.at <= ANSWER_HOLDS && put.objects.some((it) => it.includes(name)),
        );
      const allowed = (by: (name: string) => boolean) => concerned.length > 0 && concerned.every(by);
      const allowedBy = allowed(isStanding)
        ? "standing approval"
        : allowed((name) => isStanding(name) || isAnswered(name))
          ? "person"
          : "nobody";
      return { at, operation, domains: concerned, allowedBy };
    });
}

/** Most domains have an approval for all of the year, some one that ends in the middle, and one has none. */
export function standingOf(domains: readonly YearDomain[], begin: number, days: number): readonly Standing[] {
  const names = domains.map(({ name }) => name);
  const halfway = names.filter((_, index) => index % 6 === 4);
  const none = names.slice(1, 2);
  return [
    {
      domains: names.filter((name) => !halfway.includes(name) && !none.includes(name)),
      until: begin + days * day,
    },
    { domains: halfway, until: begin + Math.ceil(days / 2) * day },
  ];
}
