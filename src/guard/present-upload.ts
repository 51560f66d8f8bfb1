import { z } from "zod";
import { list, number, text } from "../catalogue/loose.js";
import type { Subject } from "../catalogue/operation.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { certificateStatus } from "../catalogue/tencent-ssl/in-words.js";
import { isoOf } from "../catalogue/tencent-ssl/time.js";
import { doesFor, sentChainIn } from "../preflight/sent-chain.js";
import { safe, termInWords } from "../visible.js";
import type { X509 } from "../x509.js";
import { leafIn } from "./present-certificate.js";
import { bare, type Reading } from "./present-reading.js";
import type { Source } from "./present-source.js";
import { notYetThere } from "./present-words.js";

type Upload = Extract<Subject, { readonly kind: "upload" }>;

const page = z.object({
  TotalCount: number,
  Certificates: list(z.object({ CertificateId: text, CertEndTime: text })),
});
const detail = z.object({ CertFingerprint: text, CertificatePublicKey: text });

const listed = 100;

/** Whether the very certificate is stored already, its chain included: by its fingerprint, of those that end at the same second. */
export async function readUpload({ name, certificate }: Upload, source: Source): Promise<Reading> {
  const leaf = leafIn(certificate);
  const found = leaf && (await storedAs(leaf, certificate, source));
  const unstored = bare(name, notYetThere);
  if (found === undefined) return unstored;
  const state = { kind: "stored" as const, state: found };
  return found === "none"
    ? { ...unstored, state }
    : { ...bare(name, safe`the same certificate is stored already, as ${termInWords(found.id)}`), state };
}

/** Undefined where it could not be found out. */
async function storedAs(
  leaf: X509,
  pem: string,
  source: Source,
): Promise<{ readonly id: string } | "none" | undefined> {
  const name = /(?:^|, )DNS:(?:\*\.)?([^,]+)/.exec(leaf.subjectAltName ?? "")?.[1];
  if (name === undefined) return undefined;
  const params = { SearchKey: name, CertificateStatus: [certificateStatus.issued], Limit: listed };
  const answer = await source.ask(describeCertificates, params, page);
  if (!answer.found || (answer.value.TotalCount ?? 0) > listed) return undefined;
  const ends = leaf.notAfter.getTime();
  const { now = Date.now } = source.options;
  const chainIn = (text: string) => sentChainIn(text, new Date(now()));
  for (const { CertificateId: id, CertEndTime } of answer.value.Certificates) {
    // A second off would be a rounding; the fingerprint decides.
    if (!id || !(Math.abs(Date.parse(isoOf(CertEndTime) ?? "") - ends) <= 1_000)) continue;
    const described = await source.ask(describeCertificateDetailWithoutKey, { CertificateId: id }, detail);
    if (!described.found) return undefined;
    const { CertFingerprint, CertificatePublicKey } = described.value;
    const sha1 = CertFingerprint ?? leafIn(CertificatePublicKey)?.fingerprint;
    if (sha1?.toUpperCase() !== leaf.fingerprint) continue;
    if (doesFor(chainIn(CertificatePublicKey ?? ""), chainIn(pem))) return { id };
  }
  return "none";
}
