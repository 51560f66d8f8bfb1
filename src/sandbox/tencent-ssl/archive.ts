import { strToU8, zipSync } from "fflate";
import { downloadCertificate } from "../../catalogue/tencent-ssl/download-certificate.js";
import type { Account } from "../account.js";
import { chainText } from "../certificate.js";
import { CloudError } from "../refusal.js";
import { mainNameOf } from "./certificate-facts.js";
import { ownedCertificate } from "./lookup.js";
import { wrongStatus } from "./refusals.js";
import { logCall, sslHandler } from "./ssl-handler.js";
import { type Material, type StoredSslCertificate, status } from "./state.js";

export const archiveHandlers = [sslHandler(downloadCertificate, download)];

/** Changes nothing; only the account's log shows the call. */
function download({ CertificateId: id }: { readonly CertificateId: string }, account: Account) {
  const certificate = ownedCertificate(account, id);
  const { order, material } = certificate;
  const available = certificate.status === status.issued || order === undefined;
  if (!available || material === undefined) throw wrongStatus(id, "is not issued");
  // Inferred: the code; the documents only say that downloads can be forbidden.
  if (!certificate.allowDownload) {
    throw new CloudError("FailedOperation.AuthError", `Certificate ${id} may not be downloaded.`);
  }
  const archive = zipSync(filesOf(certificate, material));
  logCall(account, "download", id);
  return { Content: Buffer.from(archive).toString("base64"), ContentType: "application/zip" };
}

/**
 * docs/cloud-behaviour.md 3.6. The directories Tomcat and IIS are omitted: they hold JKS and PFX files, which the
 * sandbox does not make, so their password is unused here.
 */
function filesOf(certificate: StoredSslCertificate, material: Material): Record<string, Uint8Array> {
  const [leaf = "", ...issuers] = chainText(material.certificatePem);
  const name = (mainNameOf(certificate) ?? certificate.id).replace("*", "_");
  const key = material.privateKeyPem;
  const texts: Readonly<Record<string, string | undefined>> = {
    [`Nginx/${name}_bundle.crt`]: material.certificatePem,
    [`Nginx/${name}_bundle.pem`]: material.certificatePem,
    [`Nginx/${name}.key`]: key,
    "Apache/root_bundle.crt": issuers.length === 0 ? undefined : issuers.join("\n"),
    [`Apache/${name}.crt`]: leaf,
    [`Apache/${name}.key`]: key,
    [`${name}.csr`]: certificate.order?.application?.csrPem,
    [`${name}.pem`]: material.certificatePem,
    [`${name}.key`]: key,
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, strToU8(`${text.trimEnd()}\n`)]],
    ),
  );
}
