import { createHash } from "node:crypto";
import { z } from "zod";
import { optionalText } from "../../catalogue/lenient.js";
import { planned } from "../../catalogue/planned.js";
import { downloadCertificate } from "../../catalogue/tencent-ssl/download-certificate.js";
import { certificateSubject } from "../../catalogue/tencent-ssl/params.js";
import { type Bundle, readBundle } from "../../certificates/bundle.js";
import { fits, openPrivateKey } from "../../certificates/private-key.js";
import { ownWords, safe, termInWords } from "../../lib/escape-text.js";
import { ToolError } from "../../lib/tool-error.js";
import type { PendingValue, Step, Supply, ToolContext } from "../../pipeline/tool.js";
import { partOf } from "../../secrets/vault/parts.js";

/** The private key of a certificate at Tencent Cloud, fetched only after a person approved its use. */
export interface KeyFetch extends Supply {
  /** Placeholder for the key in the steps that send it. */
  readonly key: PendingValue;
}

const archive = z.object({ Content: optionalText });

/** @param approved the certificate and its chain, as the cloud shows them without the key */
export function keyFetch(id: string, approved: Bundle, { vault }: Pick<ToolContext, "vault">): KeyFetch {
  const publicKey = sha256(approved.leaf.publicKey);
  const says = safe`private key of certificate ${termInWords(id)}, fetched from Tencent Cloud after approval, public half SHA-256 ${ownWords(publicKey)}`;
  const key = { placeholder: `${says}, for the chain ${chainDigest(approved)}`, says };
  const step: Step = {
    name: `Fetch the key of certificate ${id}`,
    called: safe`Fetch the key of certificate ${termInWords(id)}`,
    operation: downloadCertificate,
    params: { CertificateId: id },
    changes: [
      planned(
        certificateSubject(id),
        "private key",
        safe`fetched from Tencent Cloud after approval and sent to the targets that need it; held in memory here`,
      ),
    ],
  };
  return {
    step,
    first: true,
    key,
    read: async (reply) => {
      const entry = vault.find(archive.parse(reply).Content ?? "");
      if (entry === undefined) throw misfit(id, "it could not be kept");
      const privateKeyPem = partOf(entry, "key");
      refuseMisfit(id, partOf(entry, "fullchain"), privateKeyPem, approved);
      return { placeholders: new Map([[key.placeholder, privateKeyPem]]) };
    },
  };
}

function refuseMisfit(id: string, chainPem: string, keyPem: string, approved: Bundle): void {
  const chain = readBundle(chainPem);
  if (chain === undefined || chainDigest(chain) !== chainDigest(approved)) {
    throw misfit(id, "it holds another certificate or chain than was approved");
  }
  const key = openPrivateKey(keyPem, undefined);
  if (typeof key === "string") throw misfit(id, `its private key cannot be opened (${key})`);
  if (!fits(approved.leaf, key))
    throw misfit(id, "its private key is not the certificate's: what it signs does not verify");
}

function chainDigest({ certificates }: Bundle): string {
  return sha256(certificates.map(({ x509 }) => sha256(x509.raw)).join());
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function misfit(id: string, why: string): ToolError {
  return new ToolError({
    kind: "cloud",
    happened: `The archive of certificate ${id} was fetched after the approval, but ${why}. Nothing was sent to any target.`,
    changed: "no",
    next: "Tell the person. Look at the certificate (inspect_certificate), or deploy one whose key you have by reference.",
  });
}
