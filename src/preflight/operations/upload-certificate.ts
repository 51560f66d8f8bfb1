import type { z } from "zod";
import { uploadCertificate } from "../../catalogue/tencent-ssl/upload-certificate.js";
import { safe } from "../../lib/escape-text.js";
import { checkAuthority, checkPair } from "../check-pair.js";
import { type Finding, finding, warning } from "../finding.js";
import { checksOf } from "./binding.js";
import { tencentVerdicts } from "./tencent-pair.js";

type Params = z.output<typeof uploadCertificate.params>;

const certificate = "CertificatePublicKey";
const key = "CertificatePrivateKey";

export const uploadCertificateChecks = checksOf(uploadCertificate, (params, now) =>
  params.CertificateType === "CA" ? checkCa(params, now) : checkServer(params, now),
);

function checkServer({ CertificatePublicKey, CertificatePrivateKey, KeyPassword }: Params, now: Date): Finding[] {
  const pair = { parameter: certificate, pem: CertificatePublicKey };
  if (CertificatePrivateKey) {
    const password = { parameter: "KeyPassword", value: KeyPassword };
    return checkPair({ ...pair, key: { parameter: key, pem: CertificatePrivateKey, password } }, tencentVerdicts, now);
  }
  const keyless = finding(key, "A server certificate needs its private key.", {
    prevents: "InvalidParameter.MissMatchPrivateKey",
  });
  return [...checkPair(pair, tencentVerdicts, now), keyless];
}

function checkCa({ CertificatePublicKey, CertificatePrivateKey }: Params, now: Date): Finding[] {
  const notCa = { prevents: "FailedOperation.CertificateCaError" };
  const found = checkAuthority(
    { parameter: certificate, pem: CertificatePublicKey },
    { ...tencentVerdicts, notCa },
    now,
  );
  if (CertificatePrivateKey)
    found.push(warning(key, safe`A CA certificate is stored without its key: leave the key out.`));
  return found;
}
