import { z } from "zod";
import { list, number, text } from "../../catalogue/loose.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { certificateStatus } from "../../catalogue/tencent-ssl/in-words.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { hexOf } from "../../edge/served.js";
import type { OwnToolContext } from "../../own-tool.js";
import { inspect } from "../../preflight/inspect.js";
import { readAs, readPatiently, unlessExcluded } from "../reading.js";
import type { Wanted } from "./wanted.js";

/** What Tencent Cloud SSL has of a certificate that may have been uploaded before. */

const page = z.object({
  Certificates: list(z.object({ CertificateId: text, Status: number, CertEndTime: text })),
});
const detail = z.object({ CertFingerprint: text, CertificatePublicKey: text });

/** docs/cloud-behaviour.md 3.8. */
const pageSize = 1_000;

type Context = Pick<OwnToolContext, "read" | "pause" | "signal">;
type Leaf = Pick<Wanted, "sha1"> & { readonly facts: Pick<Wanted["facts"], "sha256" | "names" | "notAfter"> };

/** The id under which exactly this certificate is stored and usable; undefined where it is not. */
export async function storedAs({ facts, sha1 }: Leaf, context: Context): Promise<string | undefined> {
  const [name = ""] = facts.names;
  const rows = await rowsFor(name.replace(/^\*\./, ""), context);
  const ends = Date.parse(facts.notAfter);
  // A second off would be a rounding; the fingerprint decides.
  const near = rows.filter(({ ends: other }) => Math.abs(other - ends) <= 1_000);
  for (const { id } of near) {
    const { CertFingerprint, CertificatePublicKey } = await readAs(
      context,
      describeCertificateDetailWithoutKey,
      { CertificateId: id },
      detail,
    );
    if (isLeaf({ CertFingerprint, CertificatePublicKey }, { facts, sha1 })) return id;
  }
  return undefined;
}

/** A certificate that reads start from which list hosts: any that is issued will do. */
async function anyIssued(context: Context): Promise<string | undefined> {
  const params = { CertificateStatus: [certificateStatus.issued], CertificateType: "SVR", Limit: 1 };
  const { Certificates } = await readPatiently(context, describeCertificates, params, page);
  return Certificates.find(({ Status }) => Status === certificateStatus.issued)?.CertificateId ?? undefined;
}

/** The same, or nothing where the policy excludes the read: hosts are then taken as not visible. */
export async function anchorFor(context: Context): Promise<string | undefined> {
  const found = await unlessExcluded(anyIssued(context));
  return typeof found === "object" ? undefined : found;
}

async function rowsFor(SearchKey: string, context: Context): Promise<{ id: string; ends: number }[]> {
  const params = { SearchKey, CertificateStatus: [certificateStatus.issued], Limit: pageSize };
  const { Certificates } = await readPatiently(context, describeCertificates, params, page);
  return Certificates.flatMap(({ CertificateId: id, CertEndTime }) => {
    const ends = Date.parse(isoOf(CertEndTime) ?? "");
    return id ? [{ id, ends }] : [];
  });
}

function isLeaf(
  { CertFingerprint, CertificatePublicKey: pem }: z.output<typeof detail>,
  { facts, sha1 }: Leaf,
): boolean {
  if (CertFingerprint) return hexOf(CertFingerprint) === sha1;
  const sha256 = pem ? inspect({ certificatePem: pem }, new Date(0)).certificate?.fingerprints.sha256 : undefined;
  return sha256 !== undefined && hexOf(sha256) === facts.sha256;
}
