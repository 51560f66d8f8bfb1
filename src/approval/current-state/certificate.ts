import type { CertificateState, Use } from "../../catalogue/current-state-types.js";
import { certificateNames } from "../../catalogue/naming.js";
import type { Aspect } from "../../catalogue/operation.js";
import {
  type CertificateDetail,
  describeCertificateDetailWithoutKey,
} from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeApplicant, describeCsrSource, describeRemark } from "../../catalogue/tencent-ssl/descriptions.js";
import { certificateStatus, describeStatus } from "../../catalogue/tencent-ssl/statuses.js";
import { isoOf, noEnd } from "../../catalogue/tencent-ssl/time.js";
import { readBundle } from "../../certificates/bundle.js";
import { onOneLine, X509 } from "../../certificates/x509.js";
import { formatDay, formatId, formatName, inQuotes, joined, type SafeText, safe } from "../../lib/safe-text.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import { bindingsOf } from "./bindings.js";
import { edgesServing } from "./edges-serving.js";
import { byAspect, type Fact, type Reading } from "./reading.js";
import { describeMissing, notFoundReading, type StateReader } from "./state-reader.js";
import { describeExpiry, doesNotExist, never, notVisible } from "./texts.js";

const detailOf = (id: string, source: StateReader) =>
  source.ask(describeCertificateDetailWithoutKey, { CertificateId: id });

/** A certificate before a change. What uses it is looked up only if `wanted`, because that takes long. */
export async function readCertificateState(
  id: string,
  wanted: ReadonlySet<Aspect>,
  source: StateReader,
): Promise<Reading> {
  const bound = "bound resources";
  const [answer, bindings] = await Promise.all([
    detailOf(id, source),
    wanted.has(bound) ? bindingsOf(id, source) : undefined,
  ]);
  const edges = wanted.has("served by") && answer.found ? await edgesServing(id, answer.value, source) : undefined;
  const called = safe`Certificate ${formatId(id)}`;
  const known = answer.found ? aspectsOf(answer.value) : {};
  const mainDomain = answer.found ? answer.value.Domain : undefined;
  return {
    object: mainDomain ? safe`${called} (${formatName(mainDomain)})` : called,
    now: byAspect(
      { ...known, ...(bindings && { [bound]: bindings }), ...(edges && { "served by": edges.described }) },
      answer.found ? notVisible : describeMissing(answer),
    ),
    facts: edges?.facts ?? [],
    certificates: [id],
    use: bindings?.use,
    ...(edges && { state: { kind: "edges", id, state: edges.state } }),
    ...(!answer.found && notFoundReading(answer)),
  };
}

/** " (example.com, *.example.com, expires 2027-03-01)", to follow an id; empty if unknown. */
export async function inBrackets(id: string, source: StateReader): Promise<SafeText> {
  const answer = await detailOf(id, source);
  if (!answer.found || !answer.value.CertEndTime) return safe``;
  const { Domain, SubjectAltName, CertEndTime } = answer.value;
  const ends = lastDayOf(CertEndTime);
  const names = [...(Domain ? [Domain] : []), ...SubjectAltName];
  return names.length === 0 ? safe` (expires ${ends})` : safe` (${certificateNames(names)}, expires ${ends})`;
}

/** The names of a stored certificate; undefined if none could be read. */
export async function namesOfStored(id: string, source: StateReader): Promise<readonly string[] | undefined> {
  const answer = await detailOf(id, source);
  const names = answer.found ? namesIn(answer.value) : [];
  return names.length > 0 ? names : undefined;
}

/** Here SubjectAltName excludes the main name; in other replies it includes it (docs/cloud-behaviour.md 3.9). */
function namesIn({ Domain, SubjectAltName }: CertificateDetail): readonly string[] {
  return [...new Set([Domain, ...SubjectAltName])].flatMap((name) => name || []);
}

function lastDayOf(time: string): SafeText {
  const iso = isoOf(time);
  return iso === noEnd ? never : formatDay(iso ?? time);
}

/** The first certificate of a PEM text, in words for a person; undefined if it cannot be read. */
export function describePem(pem: string): SafeText | undefined {
  const leaf = readBundle(pem)?.leaf;
  if (leaf === undefined) return undefined;
  const sha256 = leaf.x509.sha256;
  return describeServedCertificate({ names: leaf.names, notAfter: leaf.notAfter.toISOString(), sha256 });
}

/** The packages that ApplyCertificate issues now and issued earlier (docs/cloud-behaviour.md 3.9). */
const freePackages: readonly unknown[] = ["2", "83"];

function stateOf(certificate: CertificateDetail, use: Use | undefined): CertificateState {
  const { Status, Alias, ProjectId, CertEndTime, InsertTime, From, PackageType, CertificateType, CertificateExtra } =
    certificate;
  const { SubmittedData: submitted } = certificate;
  const timeOf = (time: string | null | undefined) => {
    const iso = isoOf(time);
    return iso === undefined ? undefined : Date.parse(iso);
  };
  return {
    status: Status ?? undefined,
    remark: Alias === null ? "" : Alias,
    projectId: ProjectId === null || ProjectId === undefined ? undefined : String(ProjectId),
    endsAt: timeOf(CertEndTime),
    appliedAt: timeOf(InsertTime),
    isUploaded: From === "upload",
    isCa: CertificateType ? CertificateType === "CA" : undefined,
    isFree: freePackages.includes(PackageType),
    isFilledIn: submitted === undefined ? undefined : Boolean(submitted && describeApplicant(submitted)),
    replacedBy: CertificateExtra?.ReplacedBy || undefined,
    use,
  };
}

function aspectsOf(certificate: CertificateDetail): Partial<Record<Aspect, SafeText>> {
  const { Alias, ProjectId, Status, SubmittedData: submitted } = certificate;
  const status = describeStatus(Status);
  return {
    existence: existenceOf(certificate),
    status,
    remark: describeRemark(Alias),
    ...(ProjectId !== null && ProjectId !== undefined && { project: safe`project ${formatId(String(ProjectId))}` }),
    subject: (submitted && describeApplicant(submitted)) ?? safe`none given`,
    "private key": safe`held by Tencent Cloud, unless made with your own CSR`,
    "key and CSR": submitted?.CsrType ? describeCsrSource(submitted.CsrType) : safe`none given`,
  };
}

function existenceOf({ CertEndTime, Status }: CertificateDetail): SafeText {
  const status = describeStatus(Status);
  if (!CertEndTime) return status;
  const day = lastDayOf(CertEndTime);
  return Status === certificateStatus.expired.code ? safe`expired on ${day}` : safe`${status}, expires ${day}`;
}

/** Domains, issuer, expiry, fingerprints, status and remark as far as the cloud reports them, and what rules need. */
export async function certificateStateFacts(
  id: string,
  use: Use | undefined,
  source: StateReader,
): Promise<Pick<Reading, "object" | "facts" | "owner" | "state" | "missingCode"> & { readonly id: string }> {
  const answer = await detailOf(id, source);
  const object = safe`Certificate ${formatId(id)}`;
  const called = (what: SafeText) => safe`${object}: ${what}`;
  if (!answer.found) {
    const words =
      answer.missingCode === undefined ? describeMissing(answer) : safe`${doesNotExist} in Tencent Cloud SSL`;
    return { id, object, facts: [[called(safe`status`), words]], ...notFoundReading(answer) };
  }
  const told = describe(answer.value, source.options.now());
  return {
    id,
    object,
    facts: told.flatMap(([what, value, is]): Fact[] => {
      if (value === undefined || value.length === 0) return [];
      return [is ? [called(what), value, is] : [called(what), value]];
    }),
    owner: answer.value.OwnerUin ? formatId(answer.value.OwnerUin) : undefined,
    state: { kind: "certificate", id, state: stateOf(answer.value, use) },
  };
}

function describe(
  certificate: CertificateDetail,
  now: number,
): readonly (readonly [what: SafeText, value: SafeText | undefined, is?: string])[] {
  const { Alias, Status, CertEndTime, CertFingerprint } = certificate;
  const leaf = leafOfPem(certificate.CertificatePublicKey);
  const domains = namesIn(certificate);
  const issuer = leaf ? nameIn(leaf.issuer) : issuerByChain(certificate);
  return [
    [safe`domains`, joined(domains.map(formatName)), [...domains].sort().join()],
    [safe`issuer`, issuer ? inQuotes(issuer) : undefined],
    // Days left are not compared: they change by themselves.
    [safe`expires`, CertEndTime ? describeExpiry(CertEndTime, now) : undefined, CertEndTime ?? ""],
    [safe`SHA-1 fingerprint`, CertFingerprint ? formatId(CertFingerprint) : undefined],
    [safe`SHA-256 fingerprint`, leaf && formatId(leaf.fingerprint256)],
    [safe`status`, describeStatus(Status)],
    [safe`remark`, describeRemark(Alias)],
  ];
}

/** The first certificate of a chain; undefined if there is none or Node.js cannot read it. */
export function leafOfPem(pem: string | null | undefined): X509 | undefined {
  return pem ? X509.read(pem) : undefined;
}

function issuerByChain({ CertChainInfo: chain, CertFingerprint }: CertificateDetail): string | undefined {
  const own = chain.find(({ Fingerprint }) => Fingerprint && Fingerprint === CertFingerprint);
  return own?.Issuer ?? undefined;
}

/** Common name and organization of a distinguished name with one attribute per line. */
function nameIn(distinguishedName: string): string {
  const parts = ["CN", "O"].map((key) => new RegExp(`^${key}=(.+)$`, "m").exec(distinguishedName)?.[1]);
  return [...new Set(parts.filter(Boolean))].join(", ") || onOneLine(distinguishedName);
}
