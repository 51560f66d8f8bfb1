import { briefQuote, formatId, safe } from "../../lib/safe-text.js";
import { finding, warning } from "../finding.js";
import { defineChange } from "../operation.js";
import { certificate, choice, flag, integer, password, privateKey, struct, text } from "../params.js";
import { planned } from "../planned-change.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { caution } from "../warnings.js";
import { describeCertificates } from "./describe-certificates.js";
import { describeRemark } from "./descriptions.js";
import { applicationErrors, codes, limitedErrors } from "./error-codes.js";
import { tags, tencentVerdicts } from "./params.js";
import { nothingToDo } from "./preconditions.js";

export const uploadCertificate = defineChange({
  name: "UploadCertificate",
  service: tencentSsl,
  title: "Upload a certificate",
  titleInChinese: "上传证书",
  summary:
    "Store an existing certificate. Repeatable false avoids copies: a duplicate is then refused or its ID returned.",
  effect: "create",
  retry: "verify-first",
  params: struct({
    CertificatePublicKey: certificate("Certificate chain PEM"),
    CertificatePrivateKey: privateKey("Private key PEM, required for SVR").optional(),
    CertificateType: choice(["SVR", "CA"], "Default SVR (server)").optional(),
    Alias: text("Remark").optional(),
    ProjectId: integer("Project ID").optional(),
    CertificateUse: text("Use, e.g. CLB, CDN").optional(),
    Tags: tags().optional(),
    Repeatable: flag("Allow duplicates, default true").optional(),
    KeyPassword: password("Key password (mainland)").optional(),
  }),
  onlyMainland: ["KeyPassword"],
  example: {
    CertificatePublicKey: "file:site.pem",
    CertificatePrivateKey: "file:site.key",
    Alias: "www",
    Repeatable: false,
  },
  result: reply({ CertificateId: string(), RepeatCertId: string() }),
  approvalQuestion: (p) => {
    const named = p.Alias ? safe` named ${briefQuote(p.Alias)}` : safe``;
    return p.CertificateType === "CA"
      ? safe`Upload a CA certificate${named}?`
      : safe`Upload a server certificate${named}?`;
  },
  plannedChanges: (p) => {
    const remark = describeRemark(p.Alias);
    const name =
      p.CertificateType === "CA" ? safe`CA certificate, remark ${remark}` : safe`Server certificate, remark ${remark}`;
    const brings = { pem: p.CertificatePublicKey };
    const subject = { kind: "upload" as const, name, certificate: p.CertificatePublicKey };
    return [planned(subject, "existence", safe`uploaded`, { brings })];
  },
  warnings: ({ Repeatable }, found) => {
    const stored = found?.stored;
    if (Repeatable === false || found === undefined || stored === "none") return [];
    const says =
      stored === undefined
        ? safe`A copy is stored even if the same certificate was uploaded before.`
        : safe`The same certificate is stored already, as ${formatId(stored.id)}: this stores a copy of it.`;
    return [caution(says)];
  },
  obstacles: ({ Repeatable }, { stored }) =>
    Repeatable === false && stored !== undefined && stored !== "none"
      ? nothingToDo(safe`the same certificate is stored already, as ${formatId(stored.id)}`)
      : [],
  checks: ({ CertificatePublicKey: pem, CertificatePrivateKey: key, CertificateType: type, KeyPassword: value }) => {
    const given = { parameter: "CertificatePublicKey", pem };
    const keyParameter = "CertificatePrivateKey";
    if (type === "CA") {
      const verdicts = { ...tencentVerdicts, notCa: { prevents: "FailedOperation.CertificateCaError" } };
      const needless = warning(keyParameter, safe`A CA certificate is stored without its key: leave the key out.`);
      const ifServers =
        "Leave CertificateType out, or pass SVR, and its private key with it: CA is for the certificate that clients' certificates are checked against.";
      return [{ kind: "authority", ...given, verdicts, ifServers }, ...(key ? [needless] : [])];
    }
    const pair = { kind: "pair", ...given, verdicts: tencentVerdicts } as const;
    if (key)
      return [{ ...pair, key: { parameter: keyParameter, pem: key, password: { parameter: "KeyPassword", value } } }];
    const prevents = "InvalidParameter.MissMatchPrivateKey";
    return [pair, finding(keyParameter, "A server certificate needs its private key.", { prevents })];
  },
  listedIn: describeCertificates,
  errors: codes(
    limitedErrors,
    applicationErrors,
    "AuthFailure",
    "AuthFailure.UnauthorizedOperation",
    "FailedOperation.CAMAuthorizedFail",
    "FailedOperation.CertificateCaError",
    "FailedOperation.CertificateEncryptInvalid",
    "FailedOperation.CertificateExists",
    "FailedOperation.CertificateMatchError",
    "FailedOperation.CertificateParseError",
    "InvalidParameter.MissMatchPrivateKey",
    "InvalidParameter.WithDetailReason",
  ),
});
