import { isAbsolute, relative, sep } from "node:path";
import { uncovered } from "../certificates/domain-names.js";
import { dayMs } from "../lib/days.js";
import { dayFor } from "../lib/moment.js";
import { formatDay, formatId, formatName, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { deployingNames, namesGrantedBy } from "./covered-operations.js";
import type {
  ApplicationFacts,
  CertificateFacts,
  CertificateSource,
  DeploymentFacts,
  JudgedCall,
  PutBackFacts,
  TargetFacts,
} from "./facts.js";
import { isAmong, type StandingTerms, validityAt } from "./terms.js";

/** An earlier use of a standing approval. */
export interface StandingUse {
  readonly planId: string;
  readonly at: Date;
}

/** They fetch the key of a deployment from a store, if that is granted. */
const keyOperations = namesGrantedBy("key_to_other_cloud");
const deploymentOperations: ReadonlySet<string> = new Set([...deployingNames, ...keyOperations]);

/**
 * The operations that put a certificate back: those of a deployment, and the cloud's own rollback. Turning HTTPS off is
 * not among them.
 */
const rollbackOperations: ReadonlySet<string> = new Set([...deploymentOperations, ...namesGrantedBy("put_back")]);

const applicationOperations: ReadonlySet<string> = new Set(namesGrantedBy("apply_free_certificate"));

/**
 * Why the call is outside the terms, one sentence for each bound that it breaks; empty if it is inside all of them.
 * Whatever is not known counts as outside.
 * @param used the uses until now
 */
export function brokenBounds(
  terms: StandingTerms,
  call: JudgedCall,
  now: Date,
  used: readonly StandingUse[],
): readonly SafeText[] {
  return [
    ...whenOutside(terms, now),
    ...(call.facts.kind === "put back" ? [] : usesOutside(terms, now, used)),
    ...call.accounts
      .filter((account) => !terms.accounts.includes(account))
      .map((account) => safe`access key ${formatId(account)} is not one of its access keys`),
    ...endpointsOutside(terms, call),
    ...(call.accounts.length === 0 ? [safe`it is not known with which access key it would be signed`] : []),
    ...call.losses.map((loss) => safe`the plan warns: ${verbatim(loss)}`),
    ...(call.facts.kind === "deployment"
      ? deploymentOutside(terms, call.facts, call.operations, now)
      : call.facts.kind === "application"
        ? applicationOutside(terms, call.facts, call.operations)
        : putBackOutside(terms, call.facts, call.operations, used)),
  ];
}

function whenOutside(terms: StandingTerms, now: Date): SafeText[] {
  switch (validityAt(terms, now)) {
    case "not yet":
      return [safe`its first day is ${verbatim(terms.first_day)}`];
    case "ended":
      return [safe`its last day was ${verbatim(terms.last_day)}`];
    case "valid":
      return [];
  }
}

/** How much later than now a use may seem to be before the clock counts as set back, in milliseconds. */
const TOLERANCE = 60_000;

function usesOutside(
  { uses, uses_a_day: aDay, time_zone: timeZone }: StandingTerms,
  now: Date,
  used: readonly StandingUse[],
): SafeText[] {
  const today = dayFor(now, { timeZone });
  const usedToday = used.filter(({ at }) => dayFor(at, { timeZone }) === today);
  return [
    ...(used.some(({ at }) => at.getTime() > now.getTime() + TOLERANCE)
      ? [safe`this computer's clock was set back since its last use`]
      : []),
    ...(used.length >= uses ? [safe`all of its ${uses} uses are spent`] : []),
    ...(usedToday.length >= aDay ? [safe`its ${aDay} uses for today are spent`] : []),
  ];
}

function deploymentOutside(
  terms: StandingTerms,
  { certificate, distrust, source, targets }: DeploymentFacts,
  operations: readonly string[],
  now: Date,
): SafeText[] {
  return [
    ...operationsOutside(terms, operations, deploymentOperations),
    ...namesOutside(certificate.names, terms, (names) => safe`the new certificate is for ${names}, too`),
    ...(certificate.names.length === 0 ? [safe`the new certificate is for no name`] : []),
    ...(distrust === undefined ? [] : [safe`clients would not trust the new certificate: ${verbatim(distrust)}`]),
    ...(certificate.notAfter <= now ? [safe`the new certificate has expired`] : []),
    ...sourceOutside(terms, source),
    ...issuerOutside(terms, certificate),
    ...(targets.length === 0 ? [safe`it has no target`] : []),
    ...targets.flatMap((target) => targetOutside(terms, target, certificate, now)),
  ];
}

function endpointsOutside({ endpoints: given }: StandingTerms, { endpoints }: JudgedCall): SafeText[] {
  return endpoints.flatMap(({ service, endpoint }) => {
    if (endpoint === undefined) return [safe`it is not known where its calls to ${verbatim(service)} go`];
    const isGiven = given.some((each) => each.service === service && each.endpoint === endpoint);
    return isGiven
      ? []
      : [safe`its calls to ${verbatim(service)} go to ${formatId(endpoint)}, which is not one of its endpoints`];
  });
}

function operationsOutside(
  { grants }: StandingTerms,
  operations: readonly string[],
  allowed: ReadonlySet<string>,
): SafeText[] {
  return [...new Set(operations)].flatMap((operation) => {
    if (!allowed.has(operation)) return [safe`it calls ${verbatim(operation)}`];
    return !keyOperations.includes(operation) || grants.includes("key_to_other_cloud")
      ? []
      : [safe`it takes a private key from Tencent Cloud to another cloud`];
  });
}

function namesOutside(
  names: readonly string[],
  { domains }: Pick<StandingTerms, "domains">,
  says: (names: SafeText) => SafeText,
): SafeText[] {
  const others = [...new Set(names)].filter((name) => !isAmong(name, domains));
  return others.length === 0 ? [] : [says(joined(others.map(formatName)))];
}

function domainsOutside(domains: readonly string[], terms: StandingTerms, none = safe`it names no domain`): SafeText[] {
  if (domains.length === 0) return [none];
  return namesOutside(domains, terms, (names) => safe`it does not cover ${names}`);
}

function sourceOutside({ directories = [], from_store: fromStore }: StandingTerms, source: CertificateSource) {
  switch (source.kind) {
    case "store":
      return fromStore ? [] : [safe`the certificate comes from a cloud's store`];
    case "elsewhere":
      return [safe`the certificate or its key comes from neither a file nor a store`];
    case "files": {
      if (source.paths.length === 0) return [safe`the files of certificate and key are not known`];
      return source.paths
        .filter((path) => !directories.some((directory) => isBelow(path, directory)))
        .map((path) => safe`${formatId(path)} is not below any of its directories`);
    }
  }
}

/** Whether an absolute path without `..` is below the directory. */
function isBelow(path: string, directory: string): boolean {
  if (!isAbsolute(path) || path.split(/[\\/]/).includes("..")) return false;
  const rest = relative(directory, path);
  return rest !== "" && rest !== ".." && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}

function issuerOutside({ issuers }: StandingTerms, { issuer }: CertificateFacts): SafeText[] {
  if (issuers === undefined || (issuer !== undefined && issuers.includes(issuer))) return [];
  return [
    issuer === undefined
      ? safe`the new certificate does not say who issued it`
      : safe`the new certificate was issued by ${formatId(issuer)}`,
  ];
}

function targetOutside(
  terms: StandingTerms,
  { service, zone, domains, replaced, besides, rolledBack }: TargetFacts,
  certificate: CertificateFacts,
  now: Date,
): SafeText[] {
  const { zones } = terms;
  const where = domains.length === 0 ? safe`a target without a domain` : joined(domains.map(formatName));
  return [
    ...(terms.services.some((allowed) => allowed === service)
      ? []
      : [safe`${verbatim(service)} is not one of its services`]),
    ...(service === "tencent-edgeone" && zones !== undefined && (zone === undefined || !zones.includes(zone))
      ? [safe`${zone === undefined ? safe`an unknown zone` : formatId(zone)} is not one of its zones`]
      : []),
    ...domainsOutside(domains, terms, where),
    ...besides.map((what) => safe`${where}: ${verbatim(what)}`),
    ...(rolledBack === undefined
      ? []
      : [
          safe`${where}: job ${formatId(rolledBack.job)}, which was to deploy this certificate there, was rolled back by job ${formatId(rolledBack.by)}`,
        ]),
    ...(typeof replaced === "string"
      ? [safe`what ${where} serves now is not known: ${verbatim(replaced)}`]
      : replaced.length === 0
        ? [safe`${where} serves no certificate now`]
        : replaced.flatMap((old) => replacedOutside(terms, old, certificate, where, now))),
  ];
}

function replacedOutside(
  { least_gain_days: gain, replace_within_days: within }: StandingTerms,
  old: CertificateFacts,
  certificate: CertificateFacts,
  where: SafeText,
  now: Date,
): SafeText[] {
  const lost = uncovered(certificate.names, old.names);
  const gained = (certificate.notAfter.getTime() - old.notAfter.getTime()) / dayMs;
  const left = (old.notAfter.getTime() - now.getTime()) / dayMs;
  return [
    ...(lost.length > 0
      ? [safe`${where}: the new certificate does not cover ${joined(lost.map(formatName))}, which the present one does`]
      : []),
    ...(gained < gain
      ? [safe`${where}: the new certificate does not expire ${gain} days later than the present one`]
      : []),
    ...(within !== undefined && left > within
      ? [safe`${where}: the present certificate lasts until ${formatDay(old.notAfter.toISOString())}`]
      : []),
    ...(certificate.strength < old.strength
      ? [safe`${where}: the new certificate is weaker than the present one`]
      : []),
  ];
}

function applicationOutside(
  terms: StandingTerms,
  { domains, besides }: ApplicationFacts,
  operations: readonly string[],
): SafeText[] {
  return [
    ...(terms.grants.includes("apply_free_certificate") ? [] : [safe`it applies for a certificate`]),
    ...operationsOutside(terms, operations, applicationOperations),
    ...domainsOutside(domains, terms),
    ...besides.map(verbatim),
  ];
}

function putBackOutside(
  terms: StandingTerms,
  { plans, proofFailed, domains }: PutBackFacts,
  operations: readonly string[],
  used: readonly StandingUse[],
): SafeText[] {
  return [
    ...(terms.grants.includes("put_back") ? [] : [safe`it puts an old certificate back`]),
    ...operationsOutside(terms, operations, rollbackOperations),
    ...(plans.length > 0 && plans.every((plan) => used.some(({ planId }) => planId === plan))
      ? []
      : [safe`the deployment was not made under it`]),
    ...(proofFailed ? [] : [safe`the proof of the deployment did not fail`]),
    ...domainsOutside(domains, terms),
  ];
}
