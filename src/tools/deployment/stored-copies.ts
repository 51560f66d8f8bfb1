import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { anyIssued } from "../../catalogue/tencent-ssl/hosts-by-certificate.js";
import { certificateStatus } from "../../catalogue/tencent-ssl/statuses.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { readBundle } from "../../certificates/bundle.js";
import { isSameLeaf, normalizeFingerprint } from "../../certificates/fingerprint.js";
import { type SentChain, satisfies, sentChain } from "../../certificates/sent-chain.js";
import type { Job, JobCertificate } from "../../jobs/job.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readDetail } from "../certificate-detail.js";
import { readOnce, unlessExcluded } from "../cloud-reads.js";

/* Finds the copies of a certificate that may already be at Tencent Cloud SSL. */

/** docs/cloud-behaviour.md 3.8. */
const pageSize = 1_000;

type Context = Pick<ToolContext, "read" | "pause" | "signal" | "now">;
type Searched = Pick<JobCertificate, "sha256" | "sha1" | "chain" | "names" | "notAfter">;

interface Copy {
  readonly id: string;
  readonly chain: SentChain | undefined;
}

/**
 * The stored copies of a certificate.
 * @param jobs show what was sent with a copy whose chain the cloud does not show
 */
export async function storedCopiesOf(facts: Searched, jobs: readonly Job[], context: Context) {
  const [name = ""] = facts.names;
  const params = {
    SearchKey: name.replace(/^\*\./, ""),
    CertificateStatus: [certificateStatus.issued.code],
    Limit: pageSize,
  };
  const { Certificates } = await readOnce(context, describeCertificates, params);
  const ends = Date.parse(facts.notAfter);
  const copies: Copy[] = [];
  for (const { CertificateId: id, CertEndTime } of Certificates) {
    // Tolerates rounding by a second; the fingerprint decides.
    const isSameEnd = Math.abs(Date.parse(isoOf(CertEndTime) ?? "") - ends) <= 1_000;
    if (!id || !isSameEnd) continue;
    const detail = await readDetail(id, context);
    const bundle = readBundle(detail.CertificatePublicKey ?? "");
    const fingerprint = detail.CertFingerprint ?? bundle?.leaf.x509.fingerprint ?? "";
    if (normalizeFingerprint(fingerprint) !== facts.sha1) continue;
    const sent = jobs.find(({ certificate }) => certificate.certificateId === id && isSameLeaf(certificate, facts));
    copies.push({ id, chain: bundle ? sentChain(bundle.certificates, context.now()) : sent?.certificate.chain });
  }
  const length = ({ chain }: Copy) => chain?.intermediates.length ?? 0;
  const suitable = copies.filter(({ chain }) => satisfies(chain, facts.chain));
  const longest = Math.max(0, ...suitable.map(length));
  return {
    /** Of the copies with a suitable chain, those with the most complete one. */
    usable: suitable.filter((copy) => length(copy) === longest),
    /** Ids of the others, including those whose chain is not visible. */
    others: copies.filter((copy) => !suitable.includes(copy)).map(({ id }) => id),
  };
}

/**
 * A certificate that reads listing hosts can start from. Undefined if there is none or the policy excludes the read:
 * hosts then count as not visible.
 */
export async function findListingCertificate(context: Context): Promise<string | undefined> {
  const found = await unlessExcluded(readOnce(context, describeCertificates, anyIssued.params));
  return "excluded" in found ? undefined : anyIssued.idIn(found);
}
