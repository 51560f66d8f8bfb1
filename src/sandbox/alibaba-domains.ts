import { z } from "zod";
import { casRegions } from "../catalogue/alibaba-cas/stores.js";
import { setterOf } from "../catalogue/alibaba-edges.js";
import type { Operation } from "../catalogue/operation.js";
import type { ServiceId } from "../catalogue/services.js";
import type { Account } from "./account.js";
import { covers, isSm2, parseSandboxCertificate, readKeyPair, splitChain } from "./certificate.js";
import { type CertificateStore, type DeliveryCertificate, type DeliveryDomain, nameToCover } from "./delivery.js";
import type { Handler, Members } from "./handler.js";
import { CloudError, existing } from "./refusal.js";

/*
 * Alibaba Cloud CDN, DCDN and VOD. Checks are in the order of docs/cloud-behaviour.md 5.4 (inferred). Parameters are not
 * checked against the catalogue, because that check would come first.
 */

/** A parameter sent empty counts as absent. */
const text = z
  .string()
  .optional()
  .transform((value) => value || undefined);

const settingsSchema = z.object({
  DomainName: text,
  CertName: text,
  CertId: text,
  CertType: text,
  SSLProtocol: text,
  SSLPub: text,
  SSLPri: text,
  CertRegion: text,
  Env: text,
});
type Settings = z.output<typeof settingsSchema>;

/** Differences between the services (docs/cloud-behaviour.md 5.3). */
interface Variant {
  readonly operation: Operation;
  readonly unknownDomain: "InvalidDomain.Offline" | "DomainOwnerVerifyFail";
  /** Whether an unknown `Env` is refused; otherwise it means a normal rollout. */
  readonly strictEnv: boolean;
  readonly domains: "cdn" | "dcdn" | "vod";
}

const variants: readonly Variant[] = [
  { operation: setterOf("alibaba-cdn"), domains: "cdn", unknownDomain: "InvalidDomain.Offline", strictEnv: true },
  { operation: setterOf("alibaba-dcdn"), domains: "dcdn", unknownDomain: "InvalidDomain.Offline", strictEnv: false },
  { operation: setterOf("alibaba-vod"), domains: "vod", unknownDomain: "DomainOwnerVerifyFail", strictEnv: false },
];

export const alibabaHandlers: readonly Handler[] = variants.map((variant) =>
  alibabaHandler(variant.operation, (params, account) =>
    setCertificate(settingsSchema.parse(params), variant, account),
  ),
);

const codesOfNotSwitchedOn = new Map<ServiceId, string>([
  ["alibaba-cdn", "CdnServiceNotFound"],
  ["alibaba-dcdn", "DcdnServiceNotFound"],
]);

/** A handler of a product that may not be switched on; VOD's code for that is not known (docs/cloud-behaviour.md 5.5). */
export function alibabaHandler(operation: Operation, answer: (params: Members, account: Account) => Members): Handler {
  const { service } = operation;
  return {
    operation,
    handle: async (params, account) => {
      const code = codesOfNotSwitchedOn.get(service.id);
      if (code !== undefined && account.notSwitchedOn.has(service.id)) {
        throw new CloudError(code, `Your account does not open ${service.inPolicies.toUpperCase()} service yet.`);
      }
      return answer(params, account);
    },
  };
}

function setCertificate(settings: Settings, variant: Variant, account: Account) {
  // Not documented (docs/cloud-behaviour.md 5.4); the gateway generally uses `Missing` and the parameter's name.
  if (settings.DomainName === undefined) throw new CloudError("MissingDomainName", "The call needs DomainName.");
  const certificateFor = certificateResolver(settings, account);
  const domain = domainOf(settings.DomainName, variant, account);
  const env = rolloutOf(settings, variant);
  const certificate = certificateFor(domain);
  Object.assign(domain, { https: certificate !== undefined, certificate, env, changedAt: account.clock.now() });
  return {};
}

/** Finds the certificate to set on a domain, after the checks that need no domain. */
type CertificateResolver = (domain: DeliveryDomain) => DeliveryCertificate | undefined;

function certificateResolver(settings: Settings, account: Account): CertificateResolver {
  switch (settings.SSLProtocol) {
    case "off":
      return () => undefined;
    case "on":
      return settings.CertType === "cas" ? resolverForStored(settings, account) : resolverForUpload(settings, account);
    default:
      throw new CloudError("InvalidSSLProtocol.ValueNotSupported", "SSLProtocol must be on or off.");
  }
}

function resolverForUpload(
  { CertType, CertName, SSLPub, SSLPri }: Settings,
  { clock, cas }: Account,
): CertificateResolver {
  if (SSLPub === undefined) throw new CloudError("SSLPub.MissingParameter", "HTTPS needs a certificate in SSLPub.");
  if (SSLPri === undefined) throw new CloudError("SSLPri.MissingParameter", "HTTPS needs a private key in SSLPri.");
  if (CertType !== undefined && CertType !== "upload") {
    throw new CloudError("SetDomainCertificate.ParameterError", "CertType must be upload or cas."); // inferred
  }
  refuseLongName(CertName);
  const fingerprint = refuseUnusable(SSLPub, SSLPri, clock.now());
  // Inferred: where an upload is stored; CertRegion applies to `cas` only (docs/cloud-behaviour.md 5.3).
  const store = cas["cn-hangzhou"];
  if (CertName !== undefined) refuseTakenName(CertName, fingerprint, store);
  return (domain) => {
    refuseUncovered(SSLPub, domain);
    // Inferred: the content is the whole chain, like CertificateContent.
    if (chainFingerprints(SSLPub) === chainFingerprints(domain.certificate?.certificatePem ?? "")) {
      throw new CloudError("CertificateContent.Duplicated", `${domain.name} has this certificate already.`);
    }
    return store.add({ name: CertName, certificatePem: SSLPub, privateKeyPem: SSLPri });
  };
}

function resolverForStored(
  { CertId, CertName, CertRegion = "cn-hangzhou" }: Settings,
  { clock, cas }: Account,
): CertificateResolver {
  const idOrName = CertId ?? CertName;
  if (idOrName === undefined)
    throw new CloudError("CertName.MissingParameter", "CertType cas needs CertId or CertName.");
  refuseLongName(CertName);
  const region = casRegions.find((known) => known === CertRegion);
  if (region === undefined) {
    throw new CloudError("Abs.CertRegion.ValueNotSupported", `CertRegion must be one of ${casRegions.join(", ")}.`);
  }
  const stored = existing(
    CertId === undefined ? cas[region].byName(idOrName) : cas[region].byId(idOrName),
    "Certificate.NotFind",
    `certificate ${idOrName} in ${region}`,
  );
  refuseUnusable(stored.certificatePem, stored.privateKeyPem, clock.now());
  return (domain) => {
    refuseUncovered(stored.certificatePem, domain);
    return { ...stored, certType: "cas" };
  };
}

/** Refuses a pair that cannot be served; returns the leaf's fingerprint. */
function refuseUnusable(certificatePem: string, privateKeyPem: string, now: Date): string {
  const keyPair = readKeyPair(certificatePem, privateKeyPem);
  switch (keyPair) {
    case "bad-certificate":
      throw new CloudError("InvalidSSLPub", "SSLPub is not a PEM certificate.");
    case "bad-key":
      throw new CloudError("InvalidSSLPri", "SSLPri is not an unencrypted PEM key.");
    case "mismatch":
      throw new CloudError("Certificate.MissMatch", "SSLPri is not the key of the certificate in SSLPub.");
    default:
      // SM2 has its own operation, which the documents do not cover; the code is inferred.
      if (isSm2(keyPair.leaf)) throw new CloudError("InvalidSSLPub", "SSLPub is an SM2 certificate.");
      if (keyPair.notAfter <= now) throw new CloudError("Certificate.Expired", "The certificate has expired.");
      return keyPair.fingerprint;
  }
}

/** The documents name no code for a certificate that does not cover the domain; this one is inferred. */
function refuseUncovered(certificatePem: string, domain: DeliveryDomain): void {
  const names = parseSandboxCertificate(certificatePem)?.names ?? [];
  if (!covers(names, nameToCover(domain.name))) {
    throw new CloudError("SetDomainCertificate.ParameterError", `The certificate does not cover ${domain.name}.`);
  }
}

/** Two codes mean that a name is taken (docs/cloud-behaviour.md 5.4); that the content decides which is inferred. */
function refuseTakenName(name: string, fingerprint: string, store: CertificateStore): void {
  const holder = store.byName(name);
  if (holder === undefined) return;
  const same = parseSandboxCertificate(holder.certificatePem)?.fingerprint === fingerprint;
  const code = same ? "Certificate.Duplicated" : "CertNameAlreadyExists";
  throw new CloudError(code, `A certificate named ${name} already exists.`);
}

function refuseLongName(name: string | undefined): void {
  if (name !== undefined && name.length > 128) {
    throw new CloudError("InvalidCertName.TooLong", "CertName may have at most 128 characters.");
  }
}

function domainOf(name: string, { domains, unknownDomain }: Variant, account: Account): DeliveryDomain {
  const known = account[domains];
  return existing(known.get(name), unknownDomain, `domain ${name} in service`, known.keys());
}

function rolloutOf({ Env }: Settings, { strictEnv }: Variant): DeliveryDomain["env"] {
  if (Env === "staging") return "staging";
  if (Env !== undefined && strictEnv) throw new CloudError("InvalidEnv", "Env must be staging or absent.");
  return "production";
}

function chainFingerprints(pem: string): string {
  return splitChain(pem)
    .map((block) => parseSandboxCertificate(block)?.fingerprint)
    .join();
}
