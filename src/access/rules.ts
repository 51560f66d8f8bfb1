import type { Effect, PolicySubject } from "../catalogue/operation.js";
import { matches, matchesText, overlap } from "../catalogue/policy-patterns.js";
import type { Person } from "../identity/person.js";
import { isQuiet } from "./quiet-hours.js";
import { cannotBeMet, isOneOf, type Requirement, type Who } from "./requirement.js";
import type { ApprovalRule } from "./schema.js";

/** One operation of a change, with the domain names that its arguments hold. */
export interface RequestedOperation {
  readonly operation: PolicySubject;
  readonly domains: readonly string[];
}

/** A change that somebody wants to ask for. */
export interface RequestedChange {
  readonly person: Person;
  /** The name of the account in this server's accounts. */
  readonly account: string;
  readonly operations: readonly RequestedOperation[];
  readonly at: Date;
}

/** Why a change may not even be asked for. */
export type AskRefusal = "not their account" | "no rule" | "not theirs to ask" | "nobody can approve" | "quiet hours";

/** Who may do what. Whatever is not allowed is refused. */
export interface AccessRules {
  /** Gives a person one id, whichever way they logged in, so that nobody counts as two people. */
  known<Somebody extends { readonly id: string }>(somebody: Somebody): Somebody;
  /** How long a question can be decided and its approval used, in milliseconds. */
  readonly questionMs: number;
  mayRead(person: Person, account: string): boolean;
  mayChange(person: Person, account: string): boolean;
  /** Directories of the server below which the person may name files. */
  directoriesOf(person: Person): readonly string[];
  /** What is required to approve the change, or why it may not be asked for. */
  requirementsFor(change: RequestedChange): readonly Requirement[] | AskRefusal;
}

/** A rule of the file with its people looked up. */
export interface CompiledApproval extends Omit<ApprovalRule, "ask" | "approve" | "quiet_hours"> {
  readonly ask: Who;
  readonly requirement: Requirement;
}

/** The same of what it gives. */
export interface CompiledAccess {
  readonly who: Who;
  readonly read: readonly string[];
  readonly change: readonly string[];
  readonly directories: readonly string[];
}

/** @param idOf the id to use, by each id of the same person */
export function compileRules(
  questionMs: number,
  idOf: ReadonlyMap<string, string>,
  access: readonly CompiledAccess[],
  approvals: readonly CompiledApproval[],
): AccessRules {
  const known: AccessRules["known"] = (somebody) => {
    const id = idOf.get(somebody.id);
    return id === undefined ? somebody : { ...somebody, id };
  };
  const grantsOf = (person: Person) => access.filter(({ who }) => isOneOf(who, known(person)));
  const mayChange = (person: Person, account: string) =>
    person.scopes.has("certs:change") && grantsOf(person).some(({ change }) => matchesAny(change, account));
  return {
    known,
    questionMs,
    mayRead: (person, account) =>
      person.scopes.has("certs:read") &&
      grantsOf(person).some(({ read, change }) => matchesAny([...read, ...change], account)),
    mayChange,
    directoriesOf: (person) => [...new Set(grantsOf(person).flatMap(({ directories }) => directories))],
    /** Each operation, for each domain name in it, is looked up by itself; all the rules found must be met. */
    requirementsFor: ({ person, account, operations, at }) => {
      if (!mayChange(person, account)) return "not their account";
      const found = operations.flatMap(({ operation, domains }) => {
        const fitting = approvals.filter((rule) => matchesExceptDomains(rule, operation, account));
        if (domains.length === 0) return rulesWithoutDomain(fitting, operation);
        return domains.flatMap((domain) => rulesForDomain(fitting, domain));
      });
      const all = [...new Set(found)].filter((rule) => rule !== undefined);
      if (all.length === 0 || found.includes(undefined)) return "no rule";
      const { id } = known(person);
      if (!all.every(({ ask }) => isOneOf(ask, { ...person, id }))) return "not theirs to ask";
      const requirements = all.map(({ requirement }) => requirement);
      if (requirements.some(({ quietHours }) => isQuiet(quietHours, at))) return "quiet hours";
      return requirements.some((requirement) => cannotBeMet(requirement, id)) ? "nobody can approve" : requirements;
    },
  };
}

/** The rules of a server without a rules file: everybody with the scope may read, and nobody may change anything. */
export const readOnlyRules: AccessRules = {
  known: (somebody) => somebody,
  questionMs: 0,
  mayRead: ({ scopes }) => scopes.has("certs:read"),
  mayChange: () => false,
  directoriesOf: () => [],
  requirementsFor: () => "no rule",
};

/**
 * The rules for a change of a domain. A wildcard is about each name under it: it takes every rule whose pattern fits one
 * of them, up to the first that fits them all.
 */
function rulesForDomain(
  fitting: readonly CompiledApproval[],
  domain: string,
): readonly (CompiledApproval | undefined)[] {
  // A pattern that matches the wildcard literally has a star in the same place or before it.
  const first = fitting.findIndex(({ domains }) => domains === undefined || matchesAny(domains, domain));
  if (first === -1 || !domain.includes("*")) return [fitting[first]];
  const overlapsDomain = ({ domains = ["*"] }: CompiledApproval) => domains.some((pattern) => overlap(pattern, domain));
  return fitting.slice(0, first + 1).filter(overlapsDomain);
}

/** Effects of changes that can reach visitors even if their arguments name no domain. */
const reachesVisitors: ReadonlySet<Effect> = new Set(["traffic", "destroy"]);

/**
 * The rules for a change that names no domain. One that reaches visitors may be about any domain, such as what uses a
 * certificate; so it takes every rule for some domains, too.
 */
function rulesWithoutDomain(
  fitting: readonly CompiledApproval[],
  { effect }: RequestedOperation["operation"],
): readonly (CompiledApproval | undefined)[] {
  const first = fitting.findIndex(({ domains }) => domains === undefined);
  return reachesVisitors.has(effect) && first !== -1 ? fitting.slice(0, first + 1) : [fitting[first]];
}

function matchesExceptDomains(
  { services, operations, effects, accounts }: CompiledApproval,
  operation: RequestedOperation["operation"],
  account: string,
): boolean {
  return (
    (services === undefined || matchesAny(services, operation.service.id)) &&
    (operations === undefined || operations.some((pattern) => matches(pattern, operation))) &&
    (effects === undefined || effects.some((effect) => effect === operation.effect)) &&
    (accounts === undefined || matchesAny(accounts, account))
  );
}

const matchesAny = (patterns: readonly string[], text: string) =>
  patterns.some((pattern) => matchesText(pattern, text));
