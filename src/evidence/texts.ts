import { resultOf, resultTexts } from "../audit/outcome.js";
import { parseCertificate } from "../certificates/certificate.js";
import type { Sighting } from "../jobs/sightings.js";
import type { JsonObject } from "../lib/json.js";
import type { Reader } from "../lib/language.js";
import {
  escapeInvisible,
  formatId,
  formatName,
  formatPerson,
  inQuotes,
  joined,
  type SafeText,
  safe,
  verbatim,
} from "../lib/safe-text.js";
import { countCertificates, describeServedCertificate } from "../tls-check/descriptions.js";
import type { ApprovalGiven, RequestMade } from "./derive.js";
import type { EvidenceVerdict } from "./verify.js";

/** A verdict for people. What it says about the job comes from the summary, which is derived from verified bytes. */
export function verdictLines(verdict: EvidenceVerdict, reader: Reader): readonly string[] {
  if (verdict.verdict === "refused") {
    return linesFor([safe`Refused: this evidence proves nothing.`, ...verdict.problems.map(indented)], reader);
  }
  const { evidence, summary, anchoredBy, signedBy } = verdict;
  const head =
    verdict.verdict === "verified"
      ? safe`Verified against the ${joined(anchoredBy, safe` and the `)}.`
      : safe`Unanchored: it fits together, but whoever rewrote all of it could have made it, too. Give --key or --head.`;
  const { approvals, requests } = summary;
  return linesFor(
    [
      head,
      ...(signedBy !== undefined && anchoredBy.length === 0
        ? [indented(safe`It is signed with the key with SHA-256 ${verbatim(signedBy)}, which anybody could have made.`)]
        : []),
      safe``,
      safe`Job ${formatId(evidence.job)} (${verbatim(summary.kind ?? "")}), lines ${summary.first_line} to ${summary.last_line} of the audit log`,
      ...approvals.flatMap(approvalLines),
      ...requests.map(requestLine),
      ...evidence.sightings.flatMap((sighting) => sightingLines(sighting, evidence.certificates)),
    ],
    reader,
  );
}

const linesFor = (lines: readonly SafeText[], reader: Reader) => lines.map((line) => escapeInvisible(line.for(reader)));

const indented = (text: SafeText) => safe`  ${text}`;

function approvalLines(approval: ApprovalGiven): readonly SafeText[] {
  const { plan, verdict, channel, decided_at: at, took_ms: took, operation, service, account } = approval;
  const seconds = verbatim((took / 1000).toFixed(1));
  const words = approval.translated ?? approval;
  return [
    safe`Plan ${formatId(plan)}: ${verbatim(operation)} on ${verbatim(service)}, ${verbatim(account)}`,
    indented(safe`Decision: ${verbatim(verdict)} (${verbatim(channel)}, ${verbatim(at)}, after ${seconds} s)`),
    ...(approval.asked_by ? [indented(safe`Asked by: ${formatPerson(approval.asked_by)}`)] : []),
    ...(approval.decided_by ?? []).map((each) =>
      indented(safe`Decided by: ${formatPerson(each)}, ${verbatim(each.answer)}, ${verbatim(each.at)}`),
    ),
    indented(safe`Question: ${inQuotes(approval.question)}`),
    ...(words === approval ? [] : [indented(safe`Question: ${inQuotes(words.question)}`)]),
    ...words.warnings.map((warning) => indented(safe`Warning: ${inQuotes(warning)}`)),
    ...(approval.changes ?? []).map((change) => indented(safe`Change: ${inQuotes(change)}`)),
    indented(safe`Arguments: SHA-256 ${verbatim(approval.arguments_sha256)}`),
  ];
}

function requestLine(request: RequestMade): SafeText {
  const { plan, step = plan, sending_at: at, sent, accepted: ok, changed, request_id: id, code } = request;
  const result =
    sent === undefined || ok === undefined || changed === undefined
      ? safe`may have been sent: no answer is recorded`
      : resultTexts[resultOf({ sent, ok, changed })];
  const facts = [
    result,
    ...(code === undefined ? [] : [formatId(code)]),
    ...(id === undefined ? [] : [safe`request id ${formatId(id)}`]),
  ];
  return safe`Request: ${verbatim(at)} ${inQuotes(step)}: ${joined(facts)}`;
}

function sightingLines(sighting: Sighting, certificates: ReadonlyMap<string, Buffer>): readonly SafeText[] {
  const { at, domain, when, addresses, problem } = sighting;
  const name = formatName(domain);
  const title = when === "before" ? safe`Before: ${verbatim(at)} ${name}` : safe`After: ${verbatim(at)} ${name}`;
  return [
    title,
    ...(problem === undefined ? [] : [indented(inQuotes(problem))]),
    ...addresses.map((each) => indented(safe`${verbatim(each.address)}: ${servedAt(each, certificates)}`)),
    ...(sighting.left_out === undefined ? [] : [indented(safe`${sighting.left_out} more addresses are not recorded.`)]),
  ];
}

function servedAt(
  { served, problem }: Sighting["addresses"][number],
  certificates: ReadonlyMap<string, Buffer>,
): SafeText {
  const doubt = problem === undefined ? [] : [inQuotes(problem)];
  if (served.length === 0) return joined([safe`no certificate`, ...doubt]);
  const chains = served.map(({ chain, clients, distrust }) => {
    const [leaf] = chain;
    const trust = distrust === undefined ? [] : [safe`not trusted: ${inQuotes(distrust)}`];
    const rest = countCertificates(chain.length);
    const who = served.length > 1 ? [verbatim(clients.join("; "))] : [];
    return joined([safe`${describeLeaf(leaf, certificates)} (${rest})`, ...who, ...trust]);
  });
  return joined([...chains, ...doubt], safe`; `);
}

function describeLeaf(digest: string, certificates: ReadonlyMap<string, Buffer>): SafeText {
  const { names, not_after: notAfter } = certificateFacts(digest, certificates.get(digest));
  return names === undefined
    ? safe`certificate ${formatId(digest)}`
    : describeServedCertificate({ sha256: digest, names, notAfter });
}

/** What a certificate says of itself, for programs; only its digest if it cannot be read. */
function certificateFacts(digest: string, der: Buffer | undefined) {
  const parsed = der && parseCertificate(der);
  if (parsed === undefined) return { sha256: digest };
  const { x509, names, notBefore, notAfter } = parsed;
  return {
    sha256: x509.sha256,
    subject: x509.subject,
    issuer: x509.issuer,
    names: [...names],
    not_before: notBefore.toISOString(),
    not_after: notAfter.toISOString(),
  };
}

/** A verdict for programs. */
export function verdictAsJson(verdict: EvidenceVerdict): JsonObject {
  if (verdict.verdict === "refused") return { verdict: "refused", problems: verdict.problems.map(String) };
  const { evidence, summary, anchoredBy, signedBy } = verdict;
  return {
    verdict: verdict.verdict,
    problems: [],
    anchored_by: anchoredBy.map(String),
    ...(signedBy !== undefined && { signed_by: signedBy }),
    job: evidence.job,
    summary,
    looks: evidence.sightings,
    certificates: [...evidence.certificates].map(([digest, der]) => certificateFacts(digest, der)),
  };
}
