import "reflect-metadata"; // wanted by @peculiar/x509
import { webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Account } from "../../src/sandbox/account.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { SandboxClock } from "../../src/sandbox/clock.js";
import { deploymentOf, edgeoneHandlers, servedBy } from "../../src/sandbox/edgeone-hosts.js";
import { edgeoneReads } from "../../src/sandbox/edgeone-reads.js";
import { issueDemoCertificate } from "../../src/sandbox/seed/demo-certificate.js";
import { seedZones } from "../../src/sandbox/seed/edgeone.js";
import { seedSsl } from "../../src/sandbox/seed/tencent-ssl.js";
import { sslHandlers } from "../../src/sandbox/tencent-ssl/index.js";
import type { Host } from "../../src/sandbox/zones.js";
import { caller, inDays, outcomeOf, withoutAlibaba, withoutHuawei } from "./support.js";

let account: Account;
let call: ReturnType<typeof caller>;
let time: number;
let bound: string;

beforeEach(async () => {
  time = Date.now();
  const clock = new SandboxClock(() => time);
  const authority = await CertificateAuthority.create(clock.now());
  const { state, boundCertificateId } = await seedSsl(
    clock,
    authority,
    await issueDemoCertificate(authority, clock.now()),
  );
  bound = boundCertificateId;
  const zones = seedZones(bound, clock.now());
  account = { clock, authority, ssl: state, zones, ...withoutAlibaba(), ...withoutHuawei() };
  call = caller([...edgeoneHandlers, ...edgeoneReads, ...sslHandlers], account);
});

const www = "www.example.com";
const shop = "shop.example.com";

function host(name: string): Host {
  const found = account.zones.get("zone-sandboxdemo")?.hosts.get(name);
  if (found === undefined) throw new Error(`there is no host ${name}`);
  return found;
}

function addHost(name: string): void {
  account.zones.get("zone-sandboxdemo")?.hosts.set(name, { ...host(shop), name });
}

function modify(hosts: readonly string[], params: Readonly<Record<string, unknown>>, ZoneId = "zone-sandboxdemo") {
  return outcomeOf(call("ModifyHostsCertificate", { ZoneId, Hosts: hosts, ...params }));
}

/** What the list of its site says of a host's certificates. */
async function listed(name: string): Promise<unknown> {
  const Filters = [{ Name: "domain-name", Values: [name] }];
  const reply = z
    .object({ AccelerationDomains: z.array(z.object({ Certificate: z.unknown() })) })
    .parse(await call("DescribeAccelerationDomains", { ZoneId: "zone-sandboxdemo", Filters }));
  return reply.AccelerationDomains[0]?.Certificate;
}

const sslcert = (...ids: readonly string[]) => ({ Mode: "sslcert", ServerCertInfo: ids.map((CertId) => ({ CertId })) });
const clientCas = (...ids: readonly string[]) => ({
  ClientCertInfo: { Switch: "on", CertInfos: ids.map((CertId) => ({ CertId })) },
});

async function upload(params: Readonly<Record<string, unknown>>): Promise<string> {
  const { CertificateId } = z.object({ CertificateId: z.string() }).parse(await call("UploadCertificate", params));
  return CertificateId;
}

/** Id of a certificate that the SSL service holds, valid until `toDay`. */
async function certificate(names: readonly string[], toDay = 90): Promise<string> {
  const order = { names, notBefore: inDays(-30), notAfter: inDays(toDay), key: "EC-P256" } as const;
  const { certificatePem, privateKeyPem } = await account.authority.issue(order);
  return upload({ CertificatePublicKey: certificatePem, CertificatePrivateKey: privateKeyPem });
}

const ca = (pem: string) => upload({ CertificatePublicKey: pem, CertificateType: "CA" });

describe("zone and hosts", () => {
  it("refuses a zone or a host that is not there, and then changes nothing", async () => {
    expect(await modify([www], { Mode: "disable" }, "zone-elsewhere")).toBe("ResourceUnavailable.ZoneNotFound");
    expect(await modify([www, "no.example.com"], { Mode: "disable" })).toBe("ResourceUnavailable.HostNotFound");
    expect(host(www).mode).toBe("sslcert");
  });

  it("changes several hosts at once, or none", async () => {
    const forBoth = await certificate([www, shop]);
    expect(await modify([www, shop], sslcert(forBoth))).toBe("done");
    expect([host(www), host(shop)].map(({ certificateIds }) => certificateIds)).toEqual([[forBoth], [forBoth]]);
    const forOne = await certificate([www]);
    expect(await modify([www, shop], sslcert(forOne))).toBe("InvalidParameter.CertNotMatchDomain");
    expect(host(www).certificateIds).toEqual([forBoth]);
  });
});

describe("the server certificate", () => {
  it("stays as it is without a mode", async () => {
    const before = { ...host(www) };
    expect(await modify([www], sslcert())).toBe("InvalidParameter.InvalidCertInfo");
    expect(await modify([www], { ServerCertInfo: [{ CertId: "whatever" }] })).toBe("done");
    expect(host(www)).toEqual(before);
  });

  it("goes with disable, and is not looked at in other modes than sslcert", async () => {
    expect(await modify([www], { ...sslcert("unknown1"), Mode: "disable" })).toBe("done");
    expect(host(www)).toMatchObject({ mode: "disable", certificateIds: [] });
    expect(servedBy(host(www), account)).toEqual([]);
  });

  it("is served once it is set, after some time", async () => {
    const id = await certificate(["*.example.com"]);
    expect(deploymentOf(host(shop), account)).toBe("deployed");
    expect(await modify([shop], sslcert(id))).toBe("done");
    expect(deploymentOf(host(shop), account)).toBe("processing");
    time += 60_000;
    expect(deploymentOf(host(shop), account)).toBe("deployed");
    expect(servedBy(host(shop), account).map((served) => served.id)).toEqual([id]);
  });

  it("must be one that can serve the host", async () => {
    expect(await modify([shop], sslcert("unknown1"))).toBe("FailedOperation.CertificateNotFound");
    expect(await modify([shop], sslcert(await ca(account.authority.rootPem)))).toBe(
      "InvalidParameter.InvalidHttpsCertInfo",
    );
    expect(await modify([shop], sslcert(await certificate(["*.shop.example.com"])))).toBe(
      "InvalidParameter.CertNotMatchDomain",
    );
    expect(await modify([shop], sslcert(await certificate([shop], 0.5)))).toBe("InvalidParameter.CertToExpire");
    const short = await certificate([shop], 2);
    time += 3 * 24 * 3600 * 1000;
    expect(await modify([shop], sslcert(short))).toBe("FailedOperation.CertificateHasExpired");
    expect(host(shop).mode).toBe("disable");
  });

  it("must have a key that is long enough", async () => {
    expect(await modify([shop], sslcert(await weakCertificate()))).toBe("InvalidParameter.CertTooShortKeySize");
  });

  it("must have been issued", async () => {
    const applied = await call("ApplyCertificate", { DvAuthMethod: "DNS", DomainName: shop });
    expect(await modify([shop], sslcert(String(applied.CertificateId)))).toBe("InvalidParameter.InvalidCertInfo");
  });
});

describe("the free certificate", () => {
  it("is a real one of the authority, a different one for each host", async () => {
    expect(await modify([www, shop], { Mode: "eofreecert" })).toBe("done");
    const [first, second] = [host(www), host(shop)].map((changed) => servedBy(changed, account)[0]);
    const leaf = new X509Certificate(first?.certificatePem ?? "");
    expect(leaf.subjectAltName).toBe(`DNS:${www}`);
    expect(leaf.verify(new X509Certificate(account.authority.intermediatePem).publicKey)).toBe(true);
    expect(first?.id).not.toBe(second?.id);
  });

  it("is not given to a wildcard host", async () => {
    addHost("*.example.com");
    expect(await modify(["*.example.com"], { Mode: "eofreecert" })).toBe(
      "InvalidParameter.CnameWildHostNotAllowApplyCertificate",
    );
  });

  it("can be deployed by hand only when there is one that is still valid", async () => {
    const manual = () => modify([shop], { Mode: "eofreecert_manual" });
    expect(await manual()).toBe("FailedOperation.CertificateNotFound");
    await modify([shop], { Mode: "eofreecert" });
    const [served] = servedBy(host(shop), account);
    await modify([shop], { Mode: "disable" });
    expect(await manual()).toBe("done");
    expect(servedBy(host(shop), account)).toEqual([served]);
    time += 91 * 24 * 3600 * 1000;
    expect(await manual()).toBe("FailedOperation.CertificateNotFound");
  });
});

describe("visitors' certificates", () => {
  it("come from CAs that the account holds", async () => {
    expect(await modify([www], clientCas())).toBe("InvalidParameterValue.CertificateVerifyClientNeedCert");
    expect(await modify([www], clientCas("unknown1"))).toBe("ResourceUnavailable.CertNotFound");
    expect(await modify([www], clientCas(bound))).toBe("InvalidParameterValue.CertificateVerifyClientMustCa");
    const root = await ca(account.authority.rootPem);
    expect(await modify([www], clientCas(root))).toBe("done");
    expect(host(www)).toMatchObject({ mode: "sslcert", certificateIds: [bound], clientCaIds: [root] });
    expect(await modify([www], { ClientCertInfo: { Switch: "off" } })).toBe("done");
    expect(host(www).clientCaIds).toEqual([]);
  });

  it("need a server certificate of the same kind, now and later", async () => {
    const root = await ca(account.authority.rootPem);
    const refused = "InvalidParameterValue.ServerCertInfoNeedContainRSAorECC";
    expect(await modify([shop], clientCas(root))).toBe(refused);
    expect(await modify([www], clientCas(root))).toBe("done");
    expect(await modify([www], { Mode: "disable" })).toBe(refused);
    expect(await modify([www], { Mode: "disable", ClientCertInfo: { Switch: "off" } })).toBe("done");
  });

  it("must be asked for alike by hosts that are changed together", async () => {
    const root = await ca(account.authority.rootPem);
    await modify([www], clientCas(root));
    const both = await certificate([www, shop]);
    expect(await modify([www, shop], sslcert(both))).toBe("OperationDenied.HostsClientCertificateInconsistency");
    expect(await modify([www, shop], { ...sslcert(both), ...clientCas(root) })).toBe("done");
  });
});

describe("the settings for the origin", () => {
  const upstream = (settings: Readonly<Record<string, unknown>>) => ({ UpstreamCertInfo: settings });
  const references = (ids: readonly string[]) => ids.map((CertId) => ({ CertId }));
  const shown = (Switch: string, ...ids: string[]) =>
    upstream({ UpstreamMutualTLS: { Switch, CertInfos: references(ids) } });
  const checked = (VerificationMode: string, ...ids: string[]) =>
    upstream({ UpstreamCertificateVerify: { VerificationMode, CustomCACerts: references(ids) } });

  it("let other accounts only show it a certificate", async () => {
    expect(await modify([www], shown("on"))).toBe("InvalidParameterValue.CertificateVerifyUpstreamClientNeedCert");
    expect(await modify([www], shown("on", bound))).toBe("OperationDenied.NotInUpstreamMTLSWhiteList");
    expect(await modify([www], shown("off"))).toBe("OperationDenied.NotInUpstreamMTLSWhiteList");
  });

  it("let any account check its certificate, and stay where the call does not name them", async () => {
    const root = await ca(account.authority.rootPem);
    expect(await modify([www], checked("custom_ca", root))).toBe("done");
    expect(await modify([www], upstream({}))).toBe("done");
    expect(host(www).originCaIds).toEqual([root]);
    expect(await listed(www)).toMatchObject({
      UpstreamCertInfo: {
        UpstreamCertificateVerify: { VerificationMode: "custom_ca", CustomCACerts: [{ CertId: root }] },
      },
    });
    expect(await modify([www, shop], sslcert(await certificate([www, shop])))).toBe(
      "OperationDenied.HostsUpstreamCertificateVerifyInconsistency",
    );
    expect(await modify([www], checked("disable"))).toBe("done");
    expect(host(www).originCaIds).toEqual([]);
  });

  it("need a CA that can be used for the check", async () => {
    const needed = "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCA";
    expect(await modify([www], checked("custom_ca"))).toBe(`${needed}NeedCert`);
    expect(await modify([www], checked("custom_ca", bound))).toBe(`${needed}MustCA`);
    expect(await modify([www], checked("custom_ca", "00000000"))).toBe("ResourceUnavailable.CertNotFound");
  });
});

/** A certificate of the kind that no authority issues any more: RSA with 1024 bits. */
async function weakCertificate(): Promise<string> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 1024 };
  const keys = await webcrypto.subtle.generateKey({ ...algorithm, publicExponent: new Uint8Array([1, 0, 1]) }, true, [
    "sign",
    "verify",
  ]);
  const weak = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${shop}`,
    notBefore: inDays(-1),
    notAfter: inDays(30),
    keys,
    signingAlgorithm: algorithm,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return upload({
    CertificatePublicKey: weak.toString("pem"),
    CertificatePrivateKey: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  });
}
