import type { z } from "zod";
import { parseDomainName } from "../lib/domain-name.js";
import { brief, nameInWords, type SafeText, safe, termInWords } from "../lib/escape-text.js";
import type { PlannedChange, RetryClass, Warning } from "./operation.js";
import { certificate, choice, domain, integer, privateKey, struct, text } from "./params.js";
import { planned, servedDomain } from "./planned.js";
import { resourceId, type Serving } from "./serving.js";
import { caution, outage } from "./warnings.js";

/** CDN and VOD of Alibaba Cloud share the same certificate settings (docs/cloud-behaviour.md 5.3). */

/** Alibaba Cloud writes a wildcard with a leading dot: `.example.com` (dromara/domain-admin#186). */
export const asAlibabaWrites = (domain: string) => domain.replace(/^\*\./, ".");

export const certificateSettings = () =>
  struct({
    DomainName: domain("Accelerated domain", {}, ({ ascii }) => asAlibabaWrites(ascii)),
    CertName: text("Certificate name", { max: 128 }).optional(),
    CertId: integer("Certificate ID, for cas").optional(),
    CertType: choice(
      ["upload", "cas"],
      "upload: SSLPub and SSLPri; cas: from Certificate Management Service",
    ).optional(),
    SSLProtocol: choice(["on", "off"], "HTTPS on or off"),
    SSLPub: certificate("Certificate PEM").optional(),
    SSLPri: privateKey("Private key PEM").optional(),
    CertRegion: choice(["cn-hangzhou", "ap-southeast-1"], "For cas: cn-hangzhou (default), ap-southeast-1").optional(),
    Env: choice(["staging"], "staging: phased rollout").optional(),
  });

type CertificateSettings = z.output<ReturnType<typeof certificateSettings>>;

/** A repeated upload can collide with the copy that the first one stored (docs/cloud-behaviour.md 1.5). */
export function alibabaRetry(p: CertificateSettings): RetryClass {
  const setsFinalState = p.SSLProtocol === "off" || (p.CertType === "cas" && p.CertId !== undefined);
  return setsFinalState ? "idempotent" : "verify-first";
}

export function askOf(p: CertificateSettings): SafeText {
  const domain = brief(p.DomainName);
  if (p.SSLProtocol === "off") return safe`Turn HTTPS off for ${domain}?`;
  const named = certificateIn(p, brief);
  return uploads(p) ? safe`Upload ${named} and serve it on ${domain}?` : safe`Serve ${named} on ${domain}?`;
}

const uploads = (p: CertificateSettings) => p.CertType !== "cas" && p.SSLPub !== undefined;

function certificateIn({ CertId, CertName }: CertificateSettings, inWords: (name: string) => SafeText): SafeText {
  const certificate = CertId ?? CertName;
  return certificate === undefined ? safe`certificate` : safe`certificate ${inWords(String(certificate))}`;
}

/** The planned changes; `product` is the service's name for people. */
export function changesOf(product: SafeText): (p: CertificateSettings) => readonly PlannedChange[] {
  return (p) => {
    const certificate = certificateIn(p, termInWords);
    const on = uploads(p) ? safe`on, with uploaded ${certificate}` : safe`on, with ${certificate}`;
    const domain = servedDomain(safe`${product} domain ${nameInWords(p.DomainName)}`, p.DomainName);
    if (p.SSLProtocol === "off") return [planned(domain, "HTTPS", safe`off`)];
    return [planned(domain, "HTTPS", on, uploads(p) ? { brings: { pem: p.SSLPub ?? "" } } : {})];
  };
}

export function servesOf(service: "alibaba-cdn" | "alibaba-vod", product: SafeText) {
  return (p: CertificateSettings): readonly Serving[] => {
    const { DomainName, SSLProtocol, SSLPub } = p;
    const domain = parseDomainName(DomainName)?.ascii ?? DomainName;
    const certificate = SSLProtocol === "off" ? "none" : uploads(p) ? SSLPub : undefined;
    const name = safe`${product} domain ${nameInWords(domain)}`;
    return [{ id: resourceId(service, domain), service, name, domain, certificate }];
  };
}

export function leavesOf(p: CertificateSettings): string | undefined {
  if (!uploads(p) || p.SSLProtocol === "off") return undefined;
  const name = p.CertName === undefined ? "" : ` as ${p.CertName}`;
  return `Alibaba Cloud keeps a new copy of the certificate and its key${name} in its certificate store; no tool here deletes it.`;
}

export function warnOf(p: CertificateSettings): readonly Warning[] {
  if (p.SSLProtocol === "off") return [outage(safe`${brief(p.DomainName)} stops answering over HTTPS.`)];
  if (p.Env !== "staging") return [];
  return [caution(safe`Phased rollout: not every edge node gets the certificate at once.`)];
}

/** The documented codes of both services; `own` is the one that differs. */
export const errorsWith = (own: string): readonly string[] => [
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
  own,
  "DomainInProtectedMode",
  "CertName.MissingParameter",
];
