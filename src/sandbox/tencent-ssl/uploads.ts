import { uploadCertificate } from "../../catalogue/tencent-ssl/upload-certificate.js";
import type { Account } from "../account.js";
import { isSm2, parseKey, parseSandboxCertificate, type SandboxCertificate, splitChain } from "../certificate.js";
import { CloudError } from "../refusal.js";
import { addCertificate, type NewCertificate } from "./lifecycle.js";
import { logCall, type ParamsOf, sslHandler } from "./ssl-handler.js";
import { type Material, type StoredSslCertificate, status } from "./state.js";

type Params = ParamsOf<typeof uploadCertificate>;

/** Documented: with this many copies, no further copy is stored (docs/cloud-behaviour.md 3.8). */
const maxCopies = 5000;

export const uploadHandlers = [sslHandler(uploadCertificate, upload)];

/**
 * With Repeatable false, the answer is the existing copy, as in the vendor's models and example; CertificateExists
 * comes only from the one-click update.
 */
function upload(params: Params, account: Account) {
  const kind = params.CertificateType ?? "SVR";
  const material = kind === "CA" ? readCa(params.CertificatePublicKey) : readUploadedPair(params);
  const copies = copiesOf(account, material);
  const [first] = copies;
  if (first !== undefined && (params.Repeatable === false || copies.length >= maxCopies)) {
    return { CertificateId: first.id, RepeatCertId: first.id };
  }
  const certificate = addUploaded(account, {
    kind,
    material,
    tags: params.Tags ?? [],
    alias: params.Alias ?? "",
    projectId: params.ProjectId ?? 0,
    ownKeyPassword: params.KeyPassword !== undefined,
  });
  return { CertificateId: certificate.id, RepeatCertId: "" };
}

type PemPair = Pick<Params, "CertificatePublicKey" | "CertificatePrivateKey" | "KeyPassword">;

/**
 * Reads a server certificate and its key. Of the codes for a wrong key, this is the one that the one-click update
 * also has; MissMatchPrivateKey is for a missing key. docs/cloud-behaviour.md 3.2 (inferred).
 * @throws {CloudError} if either does not parse, or they do not belong together
 */
export function readUploadedPair({ CertificatePublicKey, CertificatePrivateKey, KeyPassword }: PemPair): Material {
  const parsed = readChain(CertificatePublicKey);
  if (!CertificatePrivateKey) {
    throw new CloudError("InvalidParameter.MissMatchPrivateKey", "A server certificate needs its private key.");
  }
  const key = parseKey(CertificatePrivateKey, KeyPassword);
  if (key === undefined) throw parseError("The private key does not parse, or its password is wrong.");
  if (!parsed.leaf.checkPrivateKey(key)) {
    throw new CloudError(
      "FailedOperation.CertificateMatchError",
      "The private key does not belong to the certificate.",
    );
  }
  const privateKeyPem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return { certificatePem: CertificatePublicKey, privateKeyPem, parsed };
}

/** Stored copies of the same certificate. */
export function copiesOf({ ssl }: Account, { parsed }: Material): StoredSslCertificate[] {
  return [...ssl.certificates.values()].filter(
    ({ order, material }) => order === undefined && material?.parsed.fingerprint === parsed.fingerprint,
  );
}

export function addUploaded(account: Account, uploaded: Omit<NewCertificate, "status">): StoredSslCertificate {
  const certificate = addCertificate(account, { ...uploaded, status: status.issued });
  logCall(account, "uploadFromYunAPI", certificate.id);
  return certificate;
}

function readCa(pem: string): Material {
  const parsed = readChain(pem);
  if (!parsed.isCa) throw new CloudError("FailedOperation.CertificateCaError", "The certificate is not one of a CA.");
  return { certificatePem: pem, privateKeyPem: undefined, parsed };
}

function readChain(pem: string): SandboxCertificate {
  const chain = splitChain(pem).map(parseSandboxCertificate);
  const [leaf] = chain;
  if (leaf === undefined || chain.includes(undefined)) throw parseError("The certificate does not parse.");
  if (isSm2(leaf.leaf)) {
    throw new CloudError("FailedOperation.CertificateEncryptInvalid", "The certificate is an SM2 certificate.");
  }
  return leaf;
}

function parseError(reason: string): CloudError {
  return new CloudError("FailedOperation.CertificateParseError", reason);
}
