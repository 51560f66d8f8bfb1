import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CertificateAuthority } from "../../build/src/sandbox/authority.js";

const day = 24 * 3600_000;
const zone = "zone-sandboxdemo";

/** @returns the arguments that pass a certificate for these names, its key by reference */
async function issued({ home }, names, { days = 90, whole = true, key = "EC-P256" } = {}) {
  const authority = await CertificateAuthority.create(new Date());
  const given = { names, key, notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + days * day) };
  const { certificatePem, privateKeyPem } = await authority.issue(given);
  const [leaf = ""] = certificatePem.split(/(?<=-----END CERTIFICATE-----\n)/);
  return kept(home, "given", whole ? certificatePem : leaf, privateKeyPem);
}

function kept(home, name, certificate, privateKey) {
  const [chain, key] = [join(home, `${name}.crt`), join(home, `${name}.key`)];
  writeFileSync(chain, certificate);
  writeFileSync(key, privateKey, { mode: 0o600 });
  return { certificate: `file:${chain}`, private_key: `file:${key}` };
}

/** Two SM2 pairs, one for signing and one for encryption, made by openssl. */
function sm2({ home }) {
  const pair = (name) => {
    const [certificate, key] = [join(home, `${name}.crt`), join(home, `${name}.key`)];
    const run = (...args) => execFileSync("openssl", args, { stdio: "ignore" });
    run("genpkey", "-algorithm", "SM2", "-out", key);
    const subject = ["-subj", "/CN=play.example.com", "-addext", "subjectAltName=DNS:play.example.com"];
    run("req", "-x509", "-sm3", "-key", key, "-days", "90", "-out", certificate, ...subject);
    return [`file:${certificate}`, `file:${key}`];
  };
  const [sign_certificate, sign_certificate_key] = pair("sign");
  const [enc_certificate, enc_certificate_key] = pair("enc");
  return { sign_certificate, sign_certificate_key, enc_certificate, enc_certificate_key };
}

/** The id of the sandbox's certificate with this remark or main domain. */
async function idOf(desk, name) {
  const { Certificates } = await desk.read("DescribeCertificates", { Limit: 100, detail: "full" });
  const found = Certificates.find(({ Alias }) => Alias === name) ?? Certificates.find(({ Domain }) => Domain === name);
  if (found === undefined) throw new Error(`the sandbox holds no certificate "${name}"`);
  return found.CertificateId;
}

const onHosts = (more) => ({ ZoneId: zone, Hosts: ["www.example.com"], ...more });
const targets = [
  { service: "tencent-edgeone", zone_id: zone, domains: ["www.example.com", "shop.example.com"] },
  { service: "alibaba-cdn", domains: ["img.example.com"] },
  { service: "alibaba-vod", domains: ["vod.example.com"] },
  { service: "huawei-live", project_id: "sandboxproject", domains: ["play.example.com"], force_redirect: false },
];

/** One call: its name here, the operation, and its arguments, which may have to be read first. */
const call = (name, operation, argumentsOf) => ({
  name,
  make: async (desk) => desk.ask(operation, typeof argumentsOf === "function" ? await argumentsOf(desk) : argumentsOf),
});

const byId = (remark) => async (desk) => ({ CertificateId: await idOf(desk, remark) });

export const cases = [
  call("deploy-five-without-intermediate", "deploy_certificate", async (desk) => ({
    ...(await issued(desk, ["example.com", "*.example.com"], { whole: false })),
    targets,
  })),
  call("deploy-by-id-with-its-key", "deploy_certificate", async (desk) => ({
    certificate_id: await idOf(desk, "storefront, next"),
    targets: targets.slice(0, 2),
  })),
  {
    name: "roll-back",
    make: async (desk) => {
      const certificate_id = await idOf(desk, "storefront, next");
      await desk.before("deploy_certificate", { certificate_id, targets: targets.slice(0, 2), wait_seconds: 0 });
      return desk.ask("roll_back", {});
    },
  },
  call("delete-bound", "DeleteCertificate", byId("storefront")),
  call("delete-if-unused", "DeleteCertificate", async (desk) => ({
    CertificateId: await idOf(desk, "storefront"),
    IsCheckResource: true,
  })),
  call("purchase", "CreateCertificate", { ProductId: 25, DomainNum: 3, TimeSpan: 2 }),
  call("cancel-order", "CancelCertificateOrder", byId("for the new shop")),
  call("reissue-after-a-leak", "ReplaceCertificate", async (desk) => ({
    CertificateId: await idOf(desk, "blog.example.com"),
    ValidType: "DNS_AUTO",
    Reason: "key leaked",
  })),
  call("free-wildcard", "ApplyCertificate", { DvAuthMethod: "DNS_AUTO", DomainName: "*.shop.example.com" }),
  call("look-alike-domain", "ApplyCertificate", { DvAuthMethod: "DNS", DomainName: "www.ex\u0430mple.com" }),
  call("two-certificates-on-a-host", "ModifyHostsCertificate", async (desk) => {
    const ids = [await idOf(desk, "storefront"), await idOf(desk, "storefront, next")];
    return onHosts({ Mode: "sslcert", ServerCertInfo: ids.map((CertId) => ({ CertId })) });
  }),
  call(
    "hosts-without-https",
    "ModifyHostsCertificate",
    onHosts({ Hosts: ["www.example.com", "shop.example.com"], Mode: "disable" }),
  ),
  call("mutual-tls-and-origin", "ModifyHostsCertificate", () => {
    const UpstreamCertificateVerify = { VerificationMode: "disable" };
    return onHosts({ ClientCertInfo: { Switch: "off" }, UpstreamCertInfo: { UpstreamCertificateVerify } });
  }),
  call("live-without-a-word-on-redirect", "UpdateDomainHttpsCert", {
    project_id: "sandboxproject",
    domain: "play.example.com",
    tls_certificate: { source: "scm", cert_id: "scs1600000000000" },
  }),
  call("live-with-redirect", "UpdateDomainHttpsCert", async (desk) => {
    const { certificate, private_key: certificate_key } = await issued(desk, ["play.example.com"], { days: 5 });
    return {
      project_id: "sandboxproject",
      domain: "play.example.com",
      certificate,
      certificate_key,
      force_redirect: true,
    };
  }),
  call("cdn-https-off", "SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" }),
  call("cdn-upload-without-intermediate", "SetCdnDomainSSLCertificate", async (desk) => {
    const { certificate: SSLPub, private_key: SSLPri } = await issued(desk, ["img.example.com"], { whole: false });
    return { DomainName: "img.example.com", SSLProtocol: "on", CertType: "upload", SSLPub, SSLPri };
  }),
  call("replace-everywhere", "UpdateCertificateInstance", async (desk) => ({
    OldCertificateId: await idOf(desk, "storefront"),
    CertificateId: await idOf(desk, "storefront, next"),
    ResourceTypes: ["clb", "cdn"],
    ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-guangzhou", "ap-singapore"] }],
    ExpiringNotificationSwitch: 1,
  })),
  call("live-with-sm2", "UpdateDomainHttpsCert", (desk) => ({
    project_id: "sandboxproject",
    domain: "play.example.com",
    gm_certificate: sm2(desk),
    force_redirect: true,
  })),
  call("download-the-key", "DownloadCertificate", byId("storefront")),
  call("delete-csrs", "BatchDeleteCSR", { CSRIds: [701, 702] }),
];
