import { formatId, formatName, safe } from "../../lib/safe-text.js";
import type { ArgumentCheck, GivenKey, GivenPair, PairVerdicts } from "../certificate-arguments.js";
import { type Finding, finding, warning } from "../finding.js";
import { defineChange } from "../operation.js";
import { certificate, privateKey, struct, text } from "../params.js";
import { newSubject, planned } from "../planned-change.js";
import { int, reply, string } from "../results.js";
import { alibabaCas } from "../services.js";
import { listUserCertificateOrder } from "./list-user-certificate-order.js";
import { type CasRegion, casErrors, casRegion, casStores } from "./stores.js";

const params = struct({
  CertRegion: casRegion().optional(),
  Name: text("Unique name: letters, digits, _ and, as consoles show, - and .", { min: 1, max: 63 }),
  Cert: certificate("Certificate chain PEM").optional(),
  Key: privateKey("Private key PEM").optional(),
  SignCert: certificate("SM: signing certificate PEM").optional(),
  SignPrivateKey: privateKey("SM: its key").optional(),
  EncryptCert: certificate("SM: encryption certificate PEM").optional(),
  EncryptPrivateKey: privateKey("SM: its key").optional(),
  ResourceGroupId: text("Resource group").optional(),
});

/** docs/cloud-behaviour.md 5.6. */
const verdicts: PairVerdicts = {
  unreadable: { prevents: "ParseCertificateFailed" },
  badKey: { prevents: "ParseCertificateFailed" },
  mismatch: { prevents: "KeyNotMatchCert" },
};

/** That the other standard counts as unreadable is inferred. */
function pair(given: GivenPair, key: GivenKey, sm2: boolean): ArgumentCheck {
  const standard = { sm2, otherwise: verdicts.unreadable };
  return { kind: "pair", ...given, key, verdicts: { ...verdicts, standard } };
}

const inStore: Readonly<Record<CasRegion, ReturnType<typeof safe>>> = {
  "cn-hangzhou": safe`Alibaba Cloud's store in mainland China`,
  "ap-southeast-1": safe`Alibaba Cloud's store in Singapore`,
};

/** The client of the vendor puts the key into the URL; like all calls here, it travels in a form (5.1). */
export const uploadUserCertificate = defineChange({
  name: "UploadUserCertificate",
  service: alibabaCas,
  title: "Upload a certificate to Alibaba Cloud",
  titleInChinese: "上传证书",
  summary: "Store a certificate with its key in one of Alibaba Cloud's two stores; CDN and VOD take it by its id.",
  effect: "create",
  retry: "verify-first",
  stores: casStores,
  params,
  example: { Name: "site_2027", Cert: "file:site.pem", Key: "file:site.key" },
  result: reply({ CertId: int(), ResourceId: string() }),
  approvalQuestion: ({ Name, CertRegion = "cn-hangzhou" }) =>
    safe`Upload certificate ${formatId(Name)} to ${inStore[CertRegion]}?`,
  plannedChanges: ({ Name, CertRegion = "cn-hangzhou", Cert, SignCert }) => {
    const pem = Cert ?? SignCert;
    const subject = newSubject(safe`Certificate ${formatName(Name)} in ${inStore[CertRegion]}`);
    return [planned(subject, "existence", safe`uploaded`, pem === undefined ? {} : { brings: { pem } })];
  },
  checks: ({ Name, Cert, Key, SignCert, SignPrivateKey, EncryptCert, EncryptPrivateKey }) => {
    const found: ArgumentCheck[] = [...unusualName(Name)];
    if (Cert !== undefined && Key !== undefined) {
      found.push(pair({ parameter: "Cert", pem: Cert }, { parameter: "Key", pem: Key }, false));
      if (SignCert ?? EncryptCert)
        found.push(warning("SignCert", safe`Cert is given, so the SM certificates are ignored.`));
      return found;
    }
    if (Cert === undefined && SignCert && SignPrivateKey && EncryptCert && EncryptPrivateKey) {
      const sign = { parameter: "SignCert", pem: SignCert };
      const enc = { parameter: "EncryptCert", pem: EncryptCert };
      const pairs = [
        pair(sign, { parameter: "SignPrivateKey", pem: SignPrivateKey }, true),
        pair(enc, { parameter: "EncryptPrivateKey", pem: EncryptPrivateKey }, true),
      ];
      return [...found, ...pairs, { kind: "SM halves", sign, enc }];
    }
    const lacks = Cert === undefined ? "Cert" : "Key";
    const says = "Give Cert with Key, or the two SM certificates with their keys.";
    return [...found, finding(lacks, says, { prevents: "MissingParameter" })];
  },
  sideEffect: ({ Name }) => `Alibaba Cloud keeps the certificate and its key as ${Name}; no tool here deletes it.`,
  listedIn: listUserCertificateOrder,
  errors: [
    ...casErrors,
    "NameRepeat",
    "ParamRepeat",
    "ParseCertificateFailed",
    "NameAlreadyExist",
    "KeyNotMatchCert",
    "InvalidParameter.Cert",
  ],
});

/** The models allow letters, digits and the underscore; others have been seen, so this prevents nothing. */
function unusualName(name: string): Finding[] {
  return /^\w+$/.test(name)
    ? []
    : [warning("Name", safe`The cloud may refuse a name with other characters than letters, digits and underscores.`)];
}
