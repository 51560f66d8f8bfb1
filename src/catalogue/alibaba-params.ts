import type { z } from "zod";
import { parseDomainName } from "../lib/domain-name.js";
import { brief, formatId, formatName, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { type ArgumentCheck, type PairVerdicts, type StoredUse, storedElsewhere } from "./certificate-arguments.js";
import { type Finding, finding, warning } from "./finding.js";
import { defineChange, type PlannedChange, type RetryClass, type Warning } from "./operation.js";
import { certificate, choice, domain, integer, openChoice, privateKey, struct, text } from "./params.js";
import { planned, servedDomain } from "./planned-change.js";
import { reply } from "./results.js";
import type { AlibabaService } from "./services.js";
import { noHttps, resourceId, type Serving } from "./serving.js";
import { caution, outage } from "./warnings.js";

/* CDN, DCDN and VOD of Alibaba Cloud share the same certificate settings (docs/cloud-behaviour.md 5.3). */

/** Alibaba Cloud writes a wildcard with a leading dot: `.example.com` (dromara/domain-admin#186). */
export const asAlibabaWrites = (domain: string) => domain.replace(/^\*\./, ".");

/** CDN refuses another value than this one; for the others, any other means a rollout to all (docs/cloud-behaviour.md 5.3). */
const environment = ({ id }: AlibabaService) =>
  id === "alibaba-cdn"
    ? choice(["staging"], "staging: phased rollout")
    : openChoice(["staging"], "staging: phased rollout");

const certificateSettings = (service: AlibabaService) =>
  struct({
    DomainName: domain("Accelerated domain", {}, ({ ascii }) => asAlibabaWrites(ascii)),
    CertName: text("Certificate name", { max: 128 }).optional(),
    CertId: integer("Certificate ID, for cas").optional(),
    CertType: choice(
      ["upload", "cas"],
      "upload: SSLPub and SSLPri; cas: from Certificate Management Service",
    ).optional(),
    SSLProtocol: choice(["on", "off"], "HTTPS"),
    SSLPub: certificate("Certificate PEM").optional(),
    SSLPri: privateKey("Private key PEM").optional(),
    CertRegion: choice(["cn-hangzhou", "ap-southeast-1"], "For cas; default cn-hangzhou").optional(),
    Env: environment(service).optional(),
  });

type CertificateSettings = z.output<ReturnType<typeof certificateSettings>>;

/** A repeated upload can collide with the copy that the first one stored (docs/cloud-behaviour.md 1.5). */
function retryOf(p: CertificateSettings): RetryClass {
  const setsFinalState = p.SSLProtocol === "off" || (p.CertType === "cas" && p.CertId !== undefined);
  return setsFinalState ? "idempotent" : "verify-first";
}

function questionOf(p: CertificateSettings): SafeText {
  const domain = brief(p.DomainName);
  if (p.SSLProtocol === "off") return safe`Turn HTTPS off for ${domain}?`;
  const certificate = certificateIn(p, brief);
  return uploads(p) ? safe`Upload ${certificate} and serve it on ${domain}?` : safe`Serve ${certificate} on ${domain}?`;
}

const uploads = (p: CertificateSettings) => p.CertType !== "cas" && p.SSLPub !== undefined;

function certificateIn({ CertId, CertName }: CertificateSettings, format: (name: string) => SafeText): SafeText {
  const certificate = CertId ?? CertName;
  return certificate === undefined ? safe`certificate` : safe`certificate ${format(String(certificate))}`;
}

function changesOf({ id }: AlibabaService, product: SafeText): (p: CertificateSettings) => readonly PlannedChange[] {
  return (p) => {
    const certificate = certificateIn(p, formatId);
    const on = uploads(p) ? safe`on, with uploaded ${certificate}` : safe`on, with ${certificate}`;
    const domain = servedDomain(safe`${product} domain ${formatName(p.DomainName)}`, p.DomainName, id);
    if (p.SSLProtocol === "off") return [planned(domain, "HTTPS", safe`off`)];
    return [planned(domain, "HTTPS", on, uploads(p) ? { brings: { pem: p.SSLPub ?? "" } } : {})];
  };
}

function servesOf({ id: service }: AlibabaService, product: SafeText) {
  return (p: CertificateSettings): readonly Serving[] => {
    const { DomainName, SSLProtocol, SSLPub } = p;
    const domain = parseDomainName(DomainName)?.ascii ?? DomainName;
    const certificate = SSLProtocol === "off" ? noHttps : uploads(p) ? SSLPub : undefined;
    const name = safe`${product} domain ${formatName(domain)}`;
    return [{ id: resourceId(service, domain), service, name, domain, certificate }];
  };
}

function sideEffectOf(p: CertificateSettings): string | undefined {
  if (!uploads(p) || p.SSLProtocol === "off") return undefined;
  const name = p.CertName === undefined ? "" : ` as ${p.CertName}`;
  return `Alibaba Cloud keeps a new copy of the certificate and its key${name} in its certificate store; no tool here deletes it.`;
}

function warnOf(p: CertificateSettings): readonly Warning[] {
  if (p.SSLProtocol === "off") return [outage(safe`${brief(p.DomainName)} stops answering over HTTPS.`)];
  if (p.Env === undefined) return [];
  if (p.Env === "")
    return [caution(safe`An empty Env means no phased rollout: the certificate goes to all edge nodes.`)];
  if (p.Env !== "staging")
    return [caution(safe`Env ${brief(p.Env)} means no phased rollout: the certificate goes to all edge nodes.`)];
  return [caution(safe`Phased rollout: not every edge node gets the certificate at once.`)];
}

/**
 * docs/cloud-behaviour.md 5.4. The documents have no code for a certificate of another domain; this one is inferred.
 */
const verdicts: PairVerdicts = {
  unreadable: { prevents: "InvalidSSLPub" },
  badKey: { prevents: "InvalidSSLPri" },
  mismatch: { prevents: "Certificate.MissMatch" },
  expired: { prevents: "Certificate.Expired" },
  uncovered: { prevents: "SetDomainCertificate.ParameterError" },
  // SM2 has its own operation (SetCdnDomainSMCertificate); that this one returns this code is inferred, too.
  standard: { sm2: false, otherwise: { prevents: "InvalidSSLPub" } },
};

function checksOf(params: CertificateSettings): readonly ArgumentCheck[] {
  if (params.SSLProtocol === "off") {
    return ignored(params, ["CertId", "CertName", "SSLPub", "SSLPri"], safe`SSLProtocol is off`);
  }
  return params.CertType === "cas" ? checkStored(params) : checkUpload(params);
}

function checkStored(params: CertificateSettings): Finding[] {
  const found = ignored(params, ["SSLPub", "SSLPri"], safe`CertType is cas`);
  if (params.CertId !== undefined) return found;
  if (params.CertName)
    return [warning("CertId", safe`The documents ask for CertId with cas; CertName alone may not do.`), ...found];
  const prevents = "CertName.MissingParameter";
  return [finding("CertId", "CertType cas needs CertId.", { prevents }), ...found];
}

function checkUpload(params: CertificateSettings): readonly ArgumentCheck[] {
  const { DomainName, SSLPub, SSLPri } = params;
  if (!SSLPub) return [missing("SSLPub", "HTTPS needs a certificate in SSLPub, or CertType cas with CertId.")];
  if (!SSLPri) return [missing("SSLPri", "The certificate in SSLPub needs its private key in SSLPri.")];
  const unnamed = params.CertName ? [] : [withoutName];
  const key = { parameter: "SSLPri", pem: SSLPri };
  return [
    { kind: "pair", parameter: "SSLPub", pem: SSLPub, key, domains: [DomainName], verdicts },
    ...unnamed,
    ...ignored(params, ["CertId", "CertRegion"], safe`CertType is not cas`),
  ];
}

/** The documents call it optional, but some accounts got "You must specify CertName" (reported: certd/certd#372). */
const withoutName = warning(
  "CertName",
  safe`CertName is left out; the API may refuse an upload without it (CertName.MissingParameter). Name it, such as by domain and date.`,
);

function missing(parameter: "SSLPub" | "SSLPri", says: string): Finding {
  return finding(parameter, says, { prevents: `${parameter}.MissingParameter` });
}

function ignored(
  params: CertificateSettings,
  names: readonly (keyof CertificateSettings)[],
  because: SafeText,
): Finding[] {
  return names.flatMap((name) =>
    params[name] ? [warning(name, safe`${verbatim(name)} is ignored: ${because}.`)] : [],
  );
}

const elsewhere = storedElsewhere(safe`Alibaba Cloud's Certificate Management Service`);

function storedUsesOf({ SSLProtocol, CertType, CertId }: CertificateSettings): readonly StoredUse[] {
  if (SSLProtocol === "off" || CertType !== "cas" || CertId === undefined) return [];
  return [{ parameter: "CertId", id: String(CertId), ...elsewhere }];
}

/**
 * The codes that all these services document first, in the documents' order; a service's own and then two more follow.
 */
const commonErrors = [
  "InvalidSSLProtocol.ValueNotSupported",
  "SSLPub.MissingParameter",
  "SSLPri.MissingParameter",
  "InvalidSSLPub",
  "InvalidSSLPri",
  "Certificate.MissMatch",
  "InvalidCertificate.TooLong",
  "InvalidCertName.TooLong",
  "AuthenticationFailed",
  "SetDomainCertificate.ParameterError",
  "Certificate.StatusError",
  "DeleteFailed",
  "Certificate.NotFind",
  "Certificate.Duplicated",
  "Certificate.FormatError",
  "Certificate.KeyNull",
  "Key.Malformed",
  "CertStorage.failed",
  "CertificateContent.Duplicated",
  "Certificate.Expired",
  "InvalidDomain.notOnline",
  "Decode.Error",
  "sslPub.Error",
  "sslPri.Error",
  "DomainInSafeMode",
  "CreateCertificateFailed",
  "Abs.CertRegion.ValueNotSupported",
  "CertNameAlreadyExists",
  "InvalidDomain.Offline",
];

/** The operation of one of these services that sets the certificate of a domain. */
export function domainCertificate({
  service,
  product,
  example,
  ownErrors = [],
  ...names
}: {
  readonly name: string;
  readonly titleInChinese: string;
  readonly service: AlibabaService;
  /** Its name for people. */
  readonly product: SafeText;
  /** What the example's domain and certificate are called. */
  readonly example: string;
  /** The documented codes that not all these services have. */
  readonly ownErrors?: readonly string[];
}) {
  return defineChange({
    ...names,
    service,
    title: `Set the certificate of a ${product} domain`,
    summary: "Turn HTTPS of a domain on with a certificate, or off. Accepted is not served: rollout follows.",
    effect: "traffic",
    retry: retryOf,
    params: certificateSettings(service),
    example: {
      DomainName: `${example}.example.com`,
      SSLProtocol: "on",
      CertType: "upload",
      SSLPub: "file:site.pem",
      SSLPri: "file:site.key",
      CertName: `${example}-2027-03`,
    },
    result: reply({}),
    approvalQuestion: questionOf,
    plannedChanges: changesOf(service, product),
    warnings: warnOf,
    sideEffect: sideEffectOf,
    serves: servesOf(service, product),
    checks: checksOf,
    storedUses: storedUsesOf,
    errors: [...commonErrors, ...ownErrors, "DomainInProtectedMode", "CertName.MissingParameter"],
  });
}
