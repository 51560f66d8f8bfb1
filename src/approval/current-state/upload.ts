import type { Subject } from "../../catalogue/operation.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { certificateStatus } from "../../catalogue/tencent-ssl/statuses.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { satisfies, sentChainIn } from "../../certificates/sent-chain.js";
import type { X509 } from "../../certificates/x509.js";
import { formatId, safe } from "../../lib/safe-text.js";
import { leafOfPem } from "./certificate.js";
import { plainReading, type Reading } from "./reading.js";
import type { StateReader } from "./state-reader.js";
import { notYetThere } from "./texts.js";

type Upload = Extract<Subject, { readonly kind: "upload" }>;

const PAGE_SIZE = 100;

/** Whether this certificate and chain are already stored: by fingerprint, among those with the same expiry second. */
export async function readUpload({ name, certificate }: Upload, source: StateReader): Promise<Reading> {
  const leaf = leafOfPem(certificate);
  const found = leaf && (await storedAs(leaf, certificate, source));
  const unstored = plainReading(name, notYetThere);
  if (found === undefined) return unstored;
  const state = { kind: "stored" as const, state: found };
  return found === "none"
    ? { ...unstored, state }
    : { ...plainReading(name, safe`the same certificate is stored already, as ${formatId(found.id)}`), state };
}

/** Undefined if unknown. */
async function storedAs(
  leaf: X509,
  pem: string,
  source: StateReader,
): Promise<{ readonly id: string } | "none" | undefined> {
  const name = /(?:^|, )DNS:(?:\*\.)?([^,]+)/.exec(leaf.subjectAltName ?? "")?.[1];
  if (name === undefined) return undefined;
  const params = { SearchKey: name, CertificateStatus: [certificateStatus.issued.code], Limit: PAGE_SIZE };
  const answer = await source.ask(describeCertificates, params);
  if (!answer.found || (answer.value.TotalCount ?? 0) > PAGE_SIZE) return undefined;
  const ends = leaf.notAfter.getTime();
  const chainIn = (text: string) => sentChainIn(text, new Date(source.options.now()));
  for (const { CertificateId: id, CertEndTime } of answer.value.Certificates) {
    // One second of rounding is allowed; the fingerprint decides.
    if (!id || !(Math.abs(Date.parse(isoOf(CertEndTime) ?? "") - ends) <= 1_000)) continue;
    const described = await source.ask(describeCertificateDetailWithoutKey, { CertificateId: id });
    if (!described.found) return undefined;
    const { CertFingerprint, CertificatePublicKey } = described.value;
    const sha1 = CertFingerprint ?? leafOfPem(CertificatePublicKey)?.fingerprint;
    if (sha1?.toUpperCase() !== leaf.fingerprint) continue;
    if (satisfies(chainIn(CertificatePublicKey ?? ""), chainIn(pem))) return { id };
  }
  return "none";
}
