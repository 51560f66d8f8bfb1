import { posix } from "node:path";
import { domainToASCII } from "node:url";
import type { StandingUse } from "../../src/standing-approvals/check-bounds.js";
import type { CertificateFacts, JudgedCall } from "../../src/standing-approvals/facts.js";

/**
 * A reader of a standing approval: takes its words apart and judges by them alone, with nothing of the program's own
 * check. What the words do not say, it does not allow.
 */

const DAY = 86_400_000;

/** The text after "Name: " among the words. */
function bound(words: readonly string[], name: string): string {
  const found = words.find((line) => line.startsWith(`${name}: `));
  if (found === undefined) throw new Error(`the words do not say: ${name}`);
  return found.slice(name.length + 2);
}

/** What the pattern finds in a bound's words. Words that it does not know must never read as "no bound". */
function taken(pattern: RegExp, says: string): readonly string[] {
  const found = pattern.exec(says);
  if (found === null) throw new Error(`the reader does not know these words: ${says}`);
  return found.slice(1);
}

/** "5 days", "a day" → as a number. */
const daysIn = (text = "") => (text === "a day" ? 1 : Number.parseInt(text, 10));

const listed = (text: string, separator = ", ") =>
  // Names that are no plain words stand in quotation marks, in which a separator is part of the name.
  (text.match(separator === ", " ? /"(?:[^"\\]|\\.)*"|[^,]+(?=, |$)/g : /"(?:[^"\\]|\\.)*"|(?:(?! or ).)+/g) ?? [])
    .map((each) =>
      each
        .trim()
        .replace(/^or /, "")
        .replace(/^"(.*)"$/, "$1"),
    )
    .filter((each) => each !== "");

const oneName = String.raw`([^ ,()]+)(?: \(shown as "[^"]*"\))?`;
const oneDomain = new RegExp(`^${oneName}(?: \\(and each name one level below ${oneName}\\))?(?:, |$)`);

/** "*.example.com (and each name one level below example.com)" → the name itself, and what may stand below. */
function domainsIn(text: string): { exact: Set<string>; below: Set<string> } {
  const exact = new Set<string>();
  const below = new Set<string>();
  for (let rest = text; rest !== ""; rest = rest.replace(oneDomain, "")) {
    const [own = "", parent] = taken(oneDomain, rest);
    exact.add(ascii(own));
    if (parent !== undefined) below.add(ascii(parent));
  }
  return { exact, below };
}

/** As DNS has it. */
function ascii(name: string): string {
  const bare = name.replace(/\.$/, "");
  const star = bare.startsWith("*.") ? "*." : "";
  const rest = bare.slice(star.length);
  return star + (/^[\x20-\x7e]*$/.test(rest) ? rest.toLowerCase() : domainToASCII(rest));
}

function isAllowed(name: string, { exact, below }: ReturnType<typeof domainsIn>): boolean {
  const own = ascii(name);
  if (own === "" || own === "*.") return false;
  if (exact.has(own)) return true;
  const dot = own.indexOf(".");
  return !own.startsWith("*") && dot > 0 && below.has(own.slice(dot + 1));
}

const dateIn = (at: Date, timeZone: string) =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

/** Whether the certificate serves the name: by itself, or by a wildcard for the one label before the first dot. */
function covers({ names }: CertificateFacts, name: string): boolean {
  const own = ascii(name);
  if (own === "") return false;
  const mine = names.map(ascii);
  return (
    mine.includes(own) ||
    (!own.startsWith("*") && own.includes(".") && mine.includes(`*.${own.slice(own.indexOf(".") + 1)}`))
  );
}

const deploys = /^(ModifyHosts|UpdateDomainHttps|Update|Set(Cdn|Dcdn|Vod)DomainSSL|Upload)Cert(ificate)?(Instance)?$/;

/** Whether the words allow the call, now and after these uses. */
export function reads(words: readonly string[], call: JudgedCall, now: Date, used: readonly StandingUse[]): boolean {
  const { facts, operations, accounts, losses } = call;
  const [first = "", last = "", zone = ""] = taken(/^(\S+) to (\S+), as days are in (.+)$/, bound(words, "Days"));
  const [aDay, most] = taken(
    /^at most (\d+) a day and (\d+) in all; an application for a certificate is a use, too$/,
    bound(words, "Uses"),
  );
  const grantsKey = bound(words, "Taking a key from Tencent Cloud to another cloud") === "allowed";
  const domains = domainsIn(bound(words, "Domains at most"));
  const today = dateIn(now, zone);
  if (today < first || today > last) return false;
  if (losses.length > 0) return false;
  const keys = listed(bound(words, "Access keys"));
  if (accounts.length === 0 || accounts.some((account) => !keys.includes(account))) return false;
  const given = listed(bound(words, "Endpoints")).map((each) => each.replaceAll('"', ""));
  if (call.endpoints.some(({ service, endpoint }) => !given.includes(`${service} at ${endpoint}`))) return false;
  const keyTaken = operations.includes("DownloadCertificate");
  const rest = operations.filter((operation) => operation !== "DownloadCertificate");
  if (keyTaken && !grantsKey) return false;
  if (facts.kind === "put back") {
    if (bound(words, "Putting the old certificate back if the proof of a wave fails") !== "allowed") return false;
    const known = new Set(used.map(({ planId }) => planId));
    if (!facts.proofFailed || facts.plans.length === 0 || facts.plans.some((plan) => !known.has(plan))) return false;
    if (rest.some((operation) => !deploys.test(operation) && operation !== "UpdateCertificateRecordRollback"))
      return false;
    return facts.domains.length > 0 && facts.domains.every((name) => isAllowed(name, domains));
  }
  if (used.length >= Number(most) || used.filter(({ at }) => dateIn(at, zone) === today).length >= Number(aDay))
    return false;
  if (used.some(({ at }) => at.getTime() - now.getTime() > 60_000)) return false;
  if (facts.kind === "application") {
    if (bound(words, "Applying for free certificates for these domains") !== "allowed" || keyTaken) return false;
    if (rest.some((operation) => operation !== "ApplyCertificate") || facts.besides.length > 0) return false;
    return facts.domains.length > 0 && facts.domains.every((name) => isAllowed(name, domains));
  }
  if (rest.some((operation) => !deploys.test(operation))) return false;
  const { certificate, distrust, source, targets } = facts;
  if (distrust !== undefined || certificate.notAfter.getTime() <= now.getTime()) return false;
  if (certificate.names.length === 0 || !certificate.names.every((name) => isAllowed(name, domains))) return false;
  const from = bound(words, "Certificate from");
  if (source.kind === "elsewhere" || (source.kind === "store" && !from.includes("Tencent Cloud's certificate store")))
    return false;
  if (source.kind === "files") {
    const folders = [...from.matchAll(/files below "?(\/[^" ,]*)"?/g)].map(([, path = ""]) => path);
    const fits = (path: string) =>
      path === posix.normalize(path) &&
      folders.some((folder) => path.startsWith(`${folder}/`) && path.length > folder.length + 1);
    if (source.paths.length === 0 || !source.paths.every(fits)) return false;
  }
  const issuedBy = bound(words, "Issued by");
  if (issuedBy !== "any CA that clients trust") {
    if (certificate.issuer === undefined || !listed(issuedBy, " or ").includes(certificate.issuer)) return false;
  }
  const where = bound(words, "Where");
  const only = words.some((line) => line.startsWith("Of EdgeOne")) ? bound(words, "Of EdgeOne only") : undefined;
  const [gain] = taken(
    /^expires at least (a day|\d+ days) later than each that it replaces$/,
    bound(words, "Least gain"),
  );
  const [within] = taken(
    /^(?:certificates with any time left|only certificates with at most (a day|\d+ days) left)$/,
    bound(words, "Replaces"),
  );
  if (targets.length === 0) return false;
  const allowed = bound(words, "Allowed");
  if (!allowed.endsWith("no certificate returns to where it was rolled back")) throw new Error(allowed);
  return targets.every(({ service, zone: at, domains: served, replaced, besides, rolledBack }) => {
    if (rolledBack !== undefined) return false;
    if (
      !where
        .replace(/ \([^)]*\)/g, "")
        .split(", ")
        .includes(service) ||
      besides.length > 0
    )
      return false;
    if (service === "tencent-edgeone" && only !== undefined && (at === undefined || !listed(only).includes(at)))
      return false;
    if (served.length === 0 || !served.every((name) => isAllowed(name, domains))) return false;
    if (typeof replaced === "string" || replaced.length === 0) return false;
    return replaced.every((old) => {
      const ms = old.notAfter.getTime();
      if (certificate.notAfter.getTime() - ms < daysIn(gain) * DAY || certificate.strength < old.strength) return false;
      if (within !== undefined && ms - now.getTime() > daysIn(within) * DAY) return false;
      return old.names.every((name) => covers(certificate, name));
    });
  });
}
