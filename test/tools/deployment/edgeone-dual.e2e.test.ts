import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseSandboxCertificate } from "../../../src/sandbox/certificate.js";
import { addUploaded } from "../../../src/sandbox/tencent-ssl/uploads.js";
import { hasOpenssl, sm2Certificate } from "../../sandbox/support.js";
import { type Assistant, reads, textOf } from "../../support/assistant.js";
import { type CloudProxy, startAlteringProxy } from "../../support/cloud-proxy.js";
import { Company, type Files, referring, report, until } from "../../support/company.js";
import { wide } from "../../support/width.js";

import { commandOf, lineOf } from "../../unattended/support.js";

/**
 * An EdgeOne host with an RSA and an ECC certificate. One call to ModifyHostsCertificate sets all that a host has, so
 * that whoever names one takes the other away: https://github.com/allinssl/allinssl/issues/442 (two workflows fight),
 * https://github.com/certd/certd/issues/546 (both ids in one call). The same where others hold two:
 * https://github.com/0xJacky/nginx-ui/issues/309, https://github.com/0xJacky/nginx-ui/issues/288,
 * https://github.com/apache/apisix/issues/1159.
 */

const host = "www.example.com";
/** A key that may not list the domains of a site: of two certificates, what is left to read shows one. */
const blind = ["--deny", "DescribeAccelerationDomains"];
const unlisted =
  "the list that has all of them was not read (DescribeAccelerationDomains): this server's policy excludes";
const onHost = (domain = host) => ({ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: [domain] });

let company: Company;
let assistant: Assistant;
const running: (Pick<Assistant, "close"> | CloudProxy)[] = [];
let asked: string[] = [];
let answer: "accept" | "decline" = "accept";

// Each test gives the host certificates of its own.
beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
});
afterAll(() => company.close());
beforeEach(() => {
  asked = [];
  answer = "accept";
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
});

/** A server for the tests of a block, none of which asks as much as it puts within a minute. */
function shareServer(): void {
  beforeAll(async () => {
    assistant = await serve();
  });
  afterAll(() => assistant.close());
}

async function start(env: Record<string, string>, ...flags: string[]): Promise<Assistant> {
  const started = await serve(env, ...flags);
  running.push(started);
  return started;
}

function serve(env: Record<string, string> = {}, ...flags: string[]): Promise<Assistant> {
  const person = reads(({ message }) => {
    asked.push(message);
    return answer === "accept" ? { action: "accept", content: { approve: true } } : { action: "decline" };
  });
  return company.assistant(["--approve", "elicit", ...flags], { person, env });
}

async function upload({ chain, key }: Files): Promise<string> {
  const pair = { CertificatePublicKey: `file:${chain}`, CertificatePrivateKey: `file:${key}` };
  const { CertificateId } = await assistant.result("UploadCertificate", pair);
  return z.string().parse(CertificateId);
}

const set = (...ids: string[]) =>
  assistant.result("ModifyHostsCertificate", {
    ZoneId: "zone-sandboxdemo",
    Hosts: [host],
    Mode: "sslcert",
    ServerCertInfo: ids.map((CertId) => ({ CertId })),
  });

const deploy = async (files: Files, wait_seconds = 20, on = assistant) =>
  report.parse(await on.result("deploy_certificate", { ...referring(files), targets: [onHost()], wait_seconds }));

const look = z.object({
  domains: z.array(
    z.object({
      served: z.array(z.object({ certificates: z.array(z.object({ key: z.string(), sha256: z.string() })) })),
    }),
  ),
});

/** What each algorithm gets at the edge, at all addresses alike. */
async function served(): Promise<Record<string, string>> {
  const { domains } = look.parse(await assistant.result("check_served_certificate", { domains: [host] }));
  return Object.fromEntries(
    domains.flatMap(({ served: groups }) =>
      groups.flatMap(({ certificates }) =>
        certificates.map(({ key, sha256 }) => [key.startsWith("EC") ? "ECDSA" : "RSA", sha256]),
      ),
    ),
  );
}
const has = () => company.sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get(host)?.certificateIds;
const line = (text: string) => /^EdgeOne host .*server certificate: .*$/m.exec(text)?.[0];
const turnedAway = /clients that take only (\w+) are turned away/;

/** The host with both, seen so at the edge. */
async function both() {
  const [rsa, ecc] = [await company.issue("rsa", [host], "RSA-2048"), await company.issue("ecc", [host])];
  const ids = [await upload(rsa), await upload(ecc)] as const;
  await set(...ids);
  await settled({ RSA: rsa.sha256, ECDSA: ecc.sha256 });
  return { rsa, ecc, ids };
}

async function settled(expected: Record<string, string>): Promise<void> {
  const told = (leaves: Record<string, string>) => JSON.stringify(Object.entries(leaves).sort());
  await until(async () => told(await served()) === told(expected));
}

describe("a host with both", () => {
  shareServer();

  it("a renewal of one keeps the other, the plan names both, and roll_back puts both back", async () => {
    const { rsa, ecc, ids } = await both();
    const [rsaId, eccId] = ids;
    const next = await company.issue("ecc-next", [host]);
    const told = await deploy(next);
    const id = told.certificate_id ?? "";
    expect(told.targets).toMatchObject([
      { state: "served", says: expect.stringContaining(`beside it, for other clients, ${rsaId} (RSA)`) },
    ]);
    expect(has()).toEqual([id, rsaId]);
    expect(line(asked.at(-1) ?? "")).toMatch(
      new RegExp(
        `certificate ${rsaId} \\(RSA\\) \\(.*\\) and ${eccId} \\(ECDSA\\) \\(.*\\) → ${host}, expires .*, uploaded first \\(ECDSA\\), beside ${rsaId} \\(RSA\\)$`,
      ),
    );
    expect(asked.at(-1)).not.toMatch(/turned away|could not be seen/);
    expect(await served()).toEqual({ RSA: rsa.sha256, ECDSA: next.sha256 });

    const back = report.parse(await assistant.result("roll_back", { job: told.job, wait_seconds: 20 }));
    expect(back.targets).toMatchObject([
      { state: "put back", says: expect.stringMatching(/other clients, \w+ \(RSA\)$/) },
    ]);
    expect(new Set(has())).toEqual(new Set(ids));
    expect(line(asked.at(-1) ?? "")).toContain(`→ certificate ${eccId} (ECDSA), beside ${rsaId} (RSA)`);
    expect(await served()).toEqual({ RSA: rsa.sha256, ECDSA: ecc.sha256 });
    const again = report.parse(await assistant.result("roll_back", { job: told.job }));
    expect(again.targets).toMatchObject([{ state: "unchanged" }]);
  });

  it("two renewals in a row keep each other, though the first has not come to the edge", wide, async () => {
    await both();
    const [rsa2, ecc2] = [await company.issue("rsa2", [host], "RSA-2048"), await company.issue("ecc2", [host])];
    const quick = { targets: [onHost()], wait_seconds: 0 };
    const first = report.parse(await assistant.result("deploy_certificate", { ...referring(ecc2), ...quick }));
    const second = report.parse(await assistant.result("deploy_certificate", { ...referring(rsa2), ...quick }));
    expect(has()).toEqual([second.certificate_id, first.certificate_id]);
    expect(asked.at(-1)).not.toContain("This replaces it");
    await settled({ RSA: rsa2.sha256, ECDSA: ecc2.sha256 });
    // Each is still served: none superseded the other, and the same calls find nothing to do.
    for (const { job } of [first, second]) {
      const seen = await assistant.result("wait_for", { what: "deployment", id: job, timeout_seconds: 20 });
      expect(seen).toMatchObject({ state: "done" });
    }
    const questions = asked.length;
    for (const files of [ecc2, rsa2]) {
      expect((await deploy(files)).targets).toMatchObject([{ state: expect.stringMatching(/served|unchanged/) }]);
    }
    expect(asked).toHaveLength(questions);
  });

  it("where another read lists both of a host, its edge need not be asked either", wide, async () => {
    const { ids } = await both();
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-ssl"], (operation, text) => {
      if (operation !== "DescribeHostTeoInstanceList") return text;
      const reply = JSON.parse(text);
      const rows = reply.Response.InstanceList ?? [];
      reply.Response.InstanceList = rows.flatMap((row: { Host: string }) =>
        row.Host === host ? ids.map((CertId) => ({ ...row, CertId })) : [row],
      );
      return JSON.stringify(reply);
    });
    running.push(proxy);
    const apart = ["--edge-domains", "elsewhere.example"];
    const other = await start({}, `--endpoint=tencent-ssl=${proxy.url}`, ...apart, ...blind);
    const told = await deploy(await company.issue("rsa-next", [host], "RSA-2048"), 20, other);
    expect(has()).toEqual([told.certificate_id, ids[1]]);
  });

  it("no placeholder is shown, to a person or a model", wide, async () => {
    const oldId = company.certificate("storefront");
    await set(oldId);
    asked = [];
    const next = await company.issue("next");
    const targets = [onHost(), { service: "tencent-ssl", old_certificate_id: oldId, resource_types: ["cdn"] }];
    const told = report.parse(await assistant.result("deploy_certificate", { ...referring(next), targets }));
    expect(has()).toEqual([told.certificate_id]);
    const texts = [...asked, JSON.stringify(assistant.received), JSON.stringify(await assistant.result("list_jobs"))];
    for (const text of texts) expect(text).not.toMatch(/UPLOADED|id of the certificate that is uploaded/);
    expect(asked[0]).toContain("ServerCertInfo.0.CertId: the certificate that is uploaded first");
    expect(asked[0]).toMatch(/1 CDN: served with example\.com, \*\.example\.com, expires .*, uploaded first instead/);
    // The id is known to the reply, and nothing masks it.
    expect(told.certificate_id).toMatch(/^\w{8}$/);
  });
});

describe("a person reads whose service ends", () => {
  shareServer();

  it("where ModifyHostsCertificate takes one of two away", wide, async () => {
    const { ids } = await both();
    answer = "decline";
    for (const [id, lost] of [
      [ids[0], "ECDSA"],
      [ids[1], "RSA"],
    ] as const) {
      await expect(set(id)).rejects.toThrow();
      expect(turnedAway.exec(asked.at(-1) ?? "")?.[1]).toBe(lost);
      expect(line(asked.at(-1) ?? "")).toMatch(/\(RSA\).*\(ECDSA\).*→/);
    }
  });

  it("but not where it sets both", wide, async () => {
    const { ids } = await both();
    answer = "decline";
    await expect(set(...ids)).rejects.toThrow();
    expect(asked.at(-1)).not.toMatch(/turned away|could not be seen/);
  });

  it(
    "where the only certificate is of another algorithm: it is replaced, and how to keep it is said",
    wide,
    async () => {
      const rsa = await company.issue("rsa", [host], "RSA-2048");
      const rsaId = await upload(rsa);
      await set(rsaId);
      await settled({ RSA: rsa.sha256 });
      const told = await deploy(await company.issue("ecc", [host]), 0);
      expect(turnedAway.exec(asked.at(-1) ?? "")?.[1]).toBe("RSA");
      expect(asked.at(-1)).toContain("name both ids in ServerCertInfo of ModifyHostsCertificate");
      expect(has()).toEqual([told.certificate_id]);
      await assistant.result("roll_back", { job: told.job, wait_seconds: 0 });
      expect(has()).toEqual([rsaId]);
    },
  );

  it("where the other one is not in the store: it cannot be set again, and roll_back says so", wide, async () => {
    const { ids, rsa } = await both();
    const lists: unknown[] = ["DescribeHostTeoInstanceList", "DescribeCertificates"];
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-ssl"], (operation, text) =>
      lists.includes(operation) ? text.replaceAll(ids[0], ids[1]) : text,
    );
    running.push(proxy);
    // Another machine: what was sent is not in its journal.
    const HOME = mkdtempSync(join(tmpdir(), "cc-other-"));
    const other = await start({ HOME }, `--endpoint=tencent-ssl=${proxy.url}`, ...blind);
    const told = await deploy(await company.issue("ecc-next", [host]), 20, other);
    const leaf = `SHA-256 ${rsa.sha256.slice(0, 16)}…`;
    expect(asked.at(-1)).toMatch(
      /only RSA are turned away: .* is not in Tencent Cloud SSL, so it can neither be kept nor put back/,
    );
    expect(line(asked.at(-1) ?? "")).toContain(`at its edge ${host}, expires`);
    expect(line(asked.at(-1) ?? "")).toContain(`${leaf} (RSA)`);
    expect(has()).toEqual([told.certificate_id]);
    const refused = await other.failure("roll_back", { job: told.job });
    expect(refused).toContain(`beside ${ids[1]} its edge served ${host}`);
    expect(refused).toContain(`${leaf}, which Tencent Cloud SSL does not have`);
  });

  it("and one sentence stands for hosts that are too many to look at", wide, async () => {
    const hosts = company.sandbox.account.zones.get("zone-sandboxdemo")?.hosts;
    const certificateIds = [company.certificate("storefront")];
    const settings = { mode: "sslcert" as const, certificateIds, clientCaIds: [], changedAt: new Date(0) };
    const names = Array.from({ length: 21 }, (_, index) => `h${index}.example.com`);
    for (const name of names) hosts?.set(name, { name, ...settings });
    // So many are more than a form shows.
    const planWith = async (...flags: string[]) => {
      const offering = await company.assistant(["--approve", "token", ...flags]);
      running.push(offering);
      return textOf(
        await offering.call("ModifyHostsCertificate", {
          ZoneId: "zone-sandboxdemo",
          Hosts: names,
          Mode: "sslcert",
          ServerCertInfo: [{ CertId: company.certificate("storefront, next") }],
        }),
      );
    };
    // In the headline, and among the warnings.
    expect((await planWith(...blind)).match(/was not checked: they are too many/g)).toHaveLength(2);
    const before = company.sandbox.requests.length;
    expect(await planWith()).not.toMatch(/too many|not shown here/);
    const reads = company.sandbox.requests.slice(before).map(({ operation }) => operation);
    expect(reads.filter((name) => name === "DescribeAccelerationDomains")).toHaveLength(2);
  });

  it("where nobody can see whether there is another: a wildcard host", async () => {
    const zone = company.sandbox.account.zones.get("zone-sandboxdemo");
    const certificateIds = [company.certificate("storefront")];
    const settings = { mode: "sslcert" as const, certificateIds, clientCaIds: [], changedAt: new Date(0) };
    zone?.hosts.set("*.example.com", { name: "*.example.com", ...settings });
    answer = "decline";
    const next = await company.issue("next");
    const other = await start({}, ...blind);
    await other.failure("deploy_certificate", { ...referring(next), targets: [onHost("*.example.com")] });
    expect(asked.at(-1)).toMatch(
      /certificate of another algorithm \(RSA, ECDSA\) could not be seen: what a wildcard serves/,
    );
    expect(asked.at(-1)).toContain(unlisted);
  });

  it("where the list of a host is not read: that there may be an SM2 certificate", wide, async () => {
    await both();
    answer = "decline";
    const next = await company.issue("next");
    const other = await start({}, ...blind);
    const CertId = company.certificate("storefront, next");
    const args = { ZoneId: "zone-sandboxdemo", Hosts: [host], Mode: "sslcert", ServerCertInfo: [{ CertId }] };
    for (const ask of [
      () => deploy(next, 0, other),
      () => other.result("ModifyHostsCertificate", args),
      () => other.result("turn_off_https", { domains: [host], service: "tencent-edgeone" }),
    ]) {
      await expect(ask()).rejects.toThrow();
      expect(asked.at(-1)).toContain(unlisted);
    }
  });
});

/** The list of a site has all certificates of a host: docs/cloud-behaviour.md 4.2. */
describe("a host whose list shows a certificate that no edge check shows", () => {
  shareServer();

  /** The SSL service of the sandbox takes no SM2 certificate, so it is put there. */
  function storeSm2(domain: string): string {
    const { certificatePem } = sm2Certificate(domain);
    const parsed = parseSandboxCertificate(certificatePem);
    if (parsed === undefined) throw new Error("not a certificate");
    const { account } = company.sandbox;
    const material = { certificatePem, privateKeyPem: undefined, parsed };
    return addUploaded(account, { material, tags: [], projectId: 0, allowDownload: true }).id;
  }

  function give(domain: string, certificateIds: readonly string[]) {
    const settings = { mode: "sslcert" as const, certificateIds, clientCaIds: [], changedAt: new Date(0) };
    company.sandbox.account.zones.get("zone-sandboxdemo")?.hosts.set(domain, { name: domain, ...settings });
    return () => company.sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get(domain)?.certificateIds;
  }

  const sent = () =>
    company.sandbox.requests.filter(({ operation }) => operation === "ModifyHostsCertificate").at(-1)?.params;

  it.runIf(hasOpenssl).each([host, "*.example.com"])(
    "%s keeps it: so the question, the request and the rollback",
    async (domain) => {
      const old = company.certificate("storefront");
      const sm2 = storeSm2(domain);
      const ids = give(domain, [old, sm2]);
      const next = await company.issue("next");
      const job = JSON.stringify({ ...referring(next), targets: [onHost(domain)] });
      const dry = await commandOf(company, ["run", "deploy_certificate", job, "--dry-run"]).ended();
      expect(JSON.stringify(lineOf(dry).plan)).toMatch(
        new RegExp(`uploaded first \\(ECDSA\\), beside ${sm2} \\(SM2\\)`),
      );
      const told = report.parse(
        await assistant.result("deploy_certificate", {
          ...referring(next),
          targets: [onHost(domain)],
          wait_seconds: 0,
        }),
      );
      const question = asked.at(-1) ?? "";
      expect(line(question)).toMatch(
        new RegExp(`certificate ${old} \\(ECDSA\\) .* and ${sm2} \\(SM2\\) .* → .*, beside ${sm2} \\(SM2\\)$`),
      );
      expect(question).not.toMatch(/turned away|could not be seen|not shown here/);
      expect(sent()).toMatchObject({ ServerCertInfo: [{ CertId: told.certificate_id }, { CertId: sm2 }] });
      expect(ids()).toEqual([told.certificate_id, sm2]);
      await assistant.result("roll_back", { job: told.job, wait_seconds: 0 });
      expect(line(asked.at(-1) ?? "")).toContain(`→ certificate ${old} (ECDSA), beside ${sm2} (SM2)`);
      expect(new Set(ids())).toEqual(new Set([old, sm2]));
    },
  );

  it(
    "what somebody set since an earlier deployment is what roll_back puts back, as the plan shows it",
    wide,
    async () => {
      const brief = { targets: [onHost()], wait_seconds: 0 };
      give(host, [company.certificate("storefront")]);
      await assistant.result("deploy_certificate", { ...referring(await company.issue("first", [host])), ...brief });
      const rsaId = await upload(await company.issue("rsa", [host], "RSA-2048"));
      const since = [company.certificate("storefront, next"), rsaId];
      const ids = give(host, since);
      const second = { ...referring(await company.issue("second", [host])), ...brief };
      const { job } = report.parse(await assistant.result("deploy_certificate", second));
      for (const id of since) expect(line(asked.at(-1) ?? "")?.split("→")[0]).toContain(id);
      await assistant.result("roll_back", { job, wait_seconds: 0 });
      expect(new Set(ids())).toEqual(new Set(since));
    },
  );

  it.runIf(hasOpenssl)("a second one of another kind is added to both, and the third stays", wide, async () => {
    const sm2 = storeSm2(host);
    const rsaId = await upload(await company.issue("rsa", [host], "RSA-2048"));
    const ids = give(host, [company.certificate("storefront"), sm2]);
    const next = await company.issue("next");
    const args = { ...referring(next), also_certificate_id: rsaId, targets: [onHost()], wait_seconds: 0 };
    const told = report.parse(await assistant.result("deploy_certificate", args));
    expect(asked.at(-1)).not.toContain("turned away");
    expect(ids()).toEqual([told.certificate_id, rsaId, sm2]);
  });

  it.runIf(hasOpenssl)("a raw call that leaves it out says who is turned away, also for a wildcard", wide, async () => {
    answer = "decline";
    for (const domain of [host, "*.example.com"]) {
      const sm2 = storeSm2(domain);
      const old = company.certificate("storefront");
      give(domain, [old, sm2]);
      const call = (...given: string[]) =>
        assistant.failure("ModifyHostsCertificate", {
          ZoneId: "zone-sandboxdemo",
          Hosts: [domain],
          Mode: "sslcert",
          ServerCertInfo: given.map((CertId) => ({ CertId })),
        });
      const next = company.certificate("storefront, next");
      await call(next);
      expect(turnedAway.exec(asked.at(-1) ?? "")?.[1]).toBe("SM2");
      expect(line(asked.at(-1) ?? "")).toContain(`${sm2} (SM2)`);
      await call(next, sm2);
      expect(asked.at(-1)).not.toMatch(/turned away|could not be seen/);
      // What it has already is not asked for.
      const questions = asked.length;
      expect(await call(sm2, old)).toContain("already");
      expect(asked).toHaveLength(questions);
    }
  });

  /** A server to which the cloud lists all certificates of hosts as not bound. */
  async function startWithUnbound(): Promise<Assistant> {
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-edgeone"], (operation, text) =>
      operation === "DescribeAccelerationDomains" ? text.replaceAll(/"Status":"\w+"/g, '"Status":"issued"') : text,
    );
    running.push(proxy);
    return start({}, `--endpoint=tencent-edgeone=${proxy.url}`);
  }

  it("one that could not be bound is sent again", wide, async () => {
    const id = company.certificate("storefront, next");
    give(host, [id]);
    const other = await startWithUnbound();
    const sentBefore = sent();
    await other.result("deploy_certificate", { certificate_id: id, targets: [onHost()], wait_seconds: 0 });
    expect(sent()).not.toBe(sentBefore);
    expect(sent()).toMatchObject({ ServerCertInfo: [{ CertId: id }] });
  });

  it(
    "where the list was read and does not tell the certificates of a host, the plan names that host",
    wide,
    async () => {
      give(host, [company.certificate("storefront")]);
      const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-edgeone"], (operation, text) => {
        if (operation !== "DescribeAccelerationDomains") return text;
        const reply = JSON.parse(text);
        for (const row of reply.Response.AccelerationDomains) row.Certificate = { Mode: "sslcert", List: null };
        return JSON.stringify(reply);
      });
      running.push(proxy);
      const other = await start({}, `--endpoint=tencent-edgeone=${proxy.url}`);
      const CertId = company.certificate("storefront, next");
      await other.result("deploy_certificate", { certificate_id: CertId, targets: [onHost()], wait_seconds: 0 });
      const told = `EdgeOne host ${host} may have certificates that are not shown here: the list that has all of them (DescribeAccelerationDomains) does not tell: its certificates are not listed.`;
      expect(asked.at(-1)).toContain(told);
      answer = "decline";
      const args = { ZoneId: "zone-sandboxdemo", Hosts: [host], Mode: "sslcert" };
      const before = company.certificate("storefront");
      await other.failure("ModifyHostsCertificate", { ...args, ServerCertInfo: [{ CertId: before }] });
      expect(asked.at(-1)).toContain(told);
    },
  );

  it("so are two that were set together", wide, async () => {
    const { ids } = await both();
    const [also_certificate_id, certificate_id] = ids;
    const other = await startWithUnbound();
    const sentBefore = sent();
    await other.result("deploy_certificate", {
      certificate_id,
      also_certificate_id,
      targets: [onHost()],
      wait_seconds: 0,
    });
    expect(sent()).not.toBe(sentBefore);
    expect(sent()).toMatchObject({ ServerCertInfo: [{ CertId: certificate_id }, { CertId: also_certificate_id }] });
    const now = line(asked.at(-1) ?? "")?.split("→")[0];
    expect(now?.match(/\(EdgeOne lists it as not bound\)/g)).toHaveLength(2);
  });

  it("a certificate that cannot be read is kept and put back by the kind that the list shows", wide, async () => {
    const { ids } = await both();
    const [rsaId, eccId] = ids;
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-ssl"], (operation, text) =>
      operation === "DescribeCertificateDetail" && text.includes(rsaId)
        ? JSON.stringify({ Response: { Error: { Code: "UnauthorizedOperation", Message: "no" }, RequestId: "r" } })
        : text,
    );
    running.push(proxy);
    const other = await start({}, `--endpoint=tencent-ssl=${proxy.url}`);
    const told = await deploy(await company.issue("ecc-next", [host]), 0, other);
    expect(asked.at(-1)).toContain(`beside ${rsaId} (RSA)`);
    expect(has()).toEqual([told.certificate_id, rsaId]);
    await other.result("roll_back", { job: told.job, wait_seconds: 0 });
    expect(asked.at(-1)).not.toContain("turned away");
    expect(line(asked.at(-1) ?? "")).toContain(`→ certificate ${eccId} (ECDSA), beside ${rsaId} (RSA)`);
    expect(has()).toEqual([eccId, rsaId]);
  });
});
