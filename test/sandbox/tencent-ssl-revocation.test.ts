import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sslCompanionHandlers, sslHandlers } from "../../src/sandbox/tencent-ssl/index.js";
import { setStatus } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import { type StoredSslCertificate, status } from "../../src/sandbox/tencent-ssl/state.js";
import { caller, outcomeOf } from "./support.js";
import { minute, second, TestAccount } from "./tencent-ssl-account.js";

let test: TestAccount;
let call: ReturnType<typeof caller>;

beforeEach(async () => {
  test = await TestAccount.open();
  call = caller([...sslHandlers, ...sslCompanionHandlers], test.account);
});

function certificateFor(name: string): StoredSslCertificate {
  const found = [...test.account.ssl.certificates.values()].find(({ order }) => order?.application?.names[0] === name);
  if (found === undefined) throw new Error(`there is no order for ${name}`);
  return found;
}

const statusOf = async (CertificateId: string) =>
  z.object({ Status: z.number() }).parse(await call("DescribeCertificate", { CertificateId })).Status;
const revoke = (CertificateId: string) => call("RevokeCertificate", { CertificateId, Reason: "key lost" });

describe("a revocation", () => {
  it("takes a DV certificate from being revoked to revoked", async () => {
    const { id } = certificateFor("blog.example.com");
    expect(await revoke(id)).toEqual({ RevokeDomainValidateAuths: null });
    expect(await statusOf(id)).toBe(9);
    test.wait(minute);
    expect(await statusOf(id)).toBe(10);
    expect(await outcomeOf(revoke(id))).toBe("FailedOperation.InvalidCertificateStatusCode");
    expect(await outcomeOf(call("ModifyCertificateResubmit", { CertificateId: id }))).not.toBe("done");
  });

  it("waits for a letter if an organisation was validated", async () => {
    const certificate = certificateFor("secure.example.com");
    setStatus(certificate, status.issued, test.account.clock.now());
    await revoke(certificate.id);
    expect(await statusOf(certificate.id)).toBe(12);
    test.wait(60 * minute);
    expect(await statusOf(certificate.id)).toBe(12);
  });

  it("names the file of a domain that was proven by one", async () => {
    const certificate = certificateFor("blog.example.com");
    const { order } = certificate;
    if (order?.application === undefined) throw new Error("no application");
    const [proof] = order.application.proofs;
    order.application = {
      ...order.application,
      method: "FILE",
      proofs: proof ? [{ ...proof, type: "FILE", path: "/.well-known/pki-validation/" }] : [],
    };
    expect(await revoke(certificate.id)).toMatchObject({
      RevokeDomainValidateAuths: [
        { DomainValidateAuthPath: "/.well-known/pki-validation/", DomainValidateAuthDomain: "blog.example.com" },
      ],
    });
  });

  it("is refused for what is uploaded, unknown, not issued or in use", async () => {
    expect(await outcomeOf(revoke(test.boundId))).toBe("FailedOperation.InvalidCertificateSource");
    expect(await outcomeOf(revoke("nothing1"))).toBe("FailedOperation.CertificateNotFound");
    const open = certificateFor("preview.example.org");
    expect(await outcomeOf(revoke(open.id))).toBe("FailedOperation.InvalidCertificateStatusCode");
    const { id } = certificateFor("blog.example.com");
    test.account.ssl.cdnDomains.push({
      name: "blog.example.com",
      status: "online",
      certificateId: id,
      changedAt: new Date(0),
    });
    expect(await outcomeOf(revoke(id))).toBe("FailedOperation.RevokeResourceFailed");
    expect(await statusOf(id)).toBe(1);
  });
});

describe("the task of a deletion", () => {
  const task = z.object({ TaskId: z.string() });
  const begin = async (CertificateId: string) =>
    task.parse(await call("DeleteCertificate", { CertificateId, IsCheckResource: true })).TaskId;
  const look = (...TaskIds: string[]) => call("DescribeDeleteCertificatesTaskResult", { TaskIds });

  it("says that it runs, and then what became of it", async () => {
    const idle = [...test.account.ssl.certificates.values()].find(({ alias }) => alias === "mail")?.id ?? "";
    const [free, bound] = [await begin(idle), await begin(test.boundId)];
    expect(await look(free)).toMatchObject({ DeleteTaskResult: [{ TaskId: free, CertId: idle, Status: 0 }] });
    test.wait(30 * second);
    await call("DescribeCertificates", {});
    expect(await look(free, bound)).toMatchObject({
      DeleteTaskResult: [
        { TaskId: free, Status: 1, Error: "" },
        { TaskId: bound, Status: 4, Domains: expect.arrayContaining(["static.example.com", "www.example.com"]) },
      ],
    });
    expect(test.account.ssl.certificates.has(idle)).toBe(false);
    expect(test.account.ssl.certificates.has(test.boundId)).toBe(true);
  });

  it("is refused if there is none", async () => {
    expect(await outcomeOf(look("4711"))).toBe("FailedOperation");
  });
});

describe("a list by product", () => {
  const list = (product: string, params: Record<string, unknown>) => call(`DescribeHost${product}InstanceList`, params);

  it("names the holders of a certificate, page by page", async () => {
    const held = { CertificateId: test.boundId, OldCertificateId: test.boundId, IsCache: 0 };
    expect(await list("Cdn", held)).toMatchObject({
      InstanceList: [{ Domain: "static.example.com", CertId: test.boundId }],
      TotalCount: 1,
    });
    expect(await list("Clb", { ...held, Offset: 1, Limit: 5 })).toMatchObject({
      InstanceList: [{ LoadBalancerId: expect.stringMatching(/^lb-/) }],
      TotalCount: 2,
    });
    expect(await list("Cdn", { ...held, Filters: [{ FilterKey: "domainMatch", FilterValue: "0" }] })).toMatchObject({
      InstanceList: null,
      TotalCount: 0,
    });
  });

  it("repeats an old answer for half an hour, unless asked not to", async () => {
    const params = { CertificateId: test.boundId, OldCertificateId: test.boundId };
    const [domain] = test.account.ssl.cdnDomains;
    if (domain === undefined) throw new Error("no CDN domain");
    expect(await list("Cdn", params)).toMatchObject({ TotalCount: 1 });
    domain.certificateId = undefined;
    expect(await list("Cdn", params)).toMatchObject({ TotalCount: 1 });
    expect(await list("Cdn", { ...params, IsCache: 0 })).toMatchObject({ TotalCount: 0 });
    domain.certificateId = test.boundId;
    test.wait(31 * minute);
    expect(await list("Cdn", params)).toMatchObject({ TotalCount: 1 });
  });

  it.each(["ApiGateway", "Cos", "Ddos", "Lighthouse", "Live", "Tke", "Vod", "Waf"])(
    "of %s is empty here, and refuses a certificate that is not there",
    async (product) => {
      expect(await list(product, { CertificateId: test.boundId })).toMatchObject({ InstanceList: null });
      expect(await outcomeOf(list(product, { CertificateId: "nothing1" }))).toBe("FailedOperation.CertificateNotFound");
    },
  );

  it("refuses a certificate that cannot be deployed", async () => {
    const { id } = certificateFor("preview.example.org");
    expect(await outcomeOf(list("Cdn", { CertificateId: id }))).toBe("FailedOperation.CertificateNotAvailable");
  });
});
