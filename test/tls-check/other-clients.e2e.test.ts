import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, saysYes, startAssistant } from "../support/assistant.js";
import { referring, report } from "../support/company.js";
import { wide } from "../support/width.js";
import { Rollout } from "../tools/deployment/rollout-fixture.js";
import { type Presented, presented, Servers } from "./servers.js";
import { domain, material, sha256 } from "./support.js";

/** "serving" is what every client gets; who gets another certificate is named. */

const folder = mkdtempSync(join(tmpdir(), "cc-18-"));
writeFileSync(join(folder, "root.pem"), material.root.pem);
const { upper, middle } = material;
const ecdsa = presented(material.now, middle, upper);
const oldEcdsa = presented(material.before, middle, upper);
const rsa = presented(material.rsa, middle, upper);

const checked = z.object({
  domains: z.array(
    z.object({
      status: z.string(),
      served: z.array(
        z.object({
          problem: z.string().optional(),
          certificates: z.array(z.object({ sha256: z.string(), clients: z.array(z.string()).optional() })),
        }),
      ),
    }),
  ),
});

describe("at an edge with certificates of two algorithms", () => {
  const servers = new Servers();
  let assistant: Assistant | undefined;
  afterEach(async () => {
    await assistant?.close();
    await servers.close();
  });

  async function check(expected: { readonly pem: string }, what: readonly Presented[], more: object = {}) {
    const { target } = await servers.tls(what, more);
    assistant = await startAssistant(["--edge", `${target.address}:${target.port}`], {
      env: { NODE_EXTRA_CA_CERTS: join(folder, "root.pem") },
    });
    const args = { domains: [domain], fingerprint: sha256(expected) };
    const [found] = checked.parse(await assistant.result("check_served_certificate", args)).domains;
    const clients = found?.served.flatMap(({ certificates }) => certificates.map((it) => [it.sha256, it.clients]));
    return { status: found?.status, clients: Object.fromEntries(clients ?? []) };
  }

  it("the new RSA certificate is not serving while the old ECDSA one is what ordinary clients get", async () => {
    const { status, clients } = await check(material.rsa, [rsa, oldEcdsa]);
    expect(status).toBe("some clients");
    expect(clients[sha256(material.before)]).toContain("default");
    expect(clients[sha256(material.rsa)]).toEqual(expect.arrayContaining(["RSA only, TLS 1.2", "RSA only, TLS 1.3"]));
  });

  it("the new ECDSA certificate is not serving while clients of RSA alone get the old RSA one", wide, async () => {
    const { status, clients } = await check(material.now, [rsa, ecdsa]);
    expect(status).toBe("some clients");
    expect(clients[sha256(material.now)]).toContain("default");
    expect(clients[sha256(material.rsa)]).toEqual(expect.arrayContaining(["RSA only, TLS 1.2", "RSA only, TLS 1.3"]));
  });

  it.each([["TLSv1.2"], ["TLSv1.3"]] as const)("in %s alone", wide, async (version) => {
    const { status } = await check(material.rsa, [rsa, oldEcdsa], { minVersion: version, maxVersion: version });
    expect(status).toBe("some clients");
  });

  it("one certificate for all is serving, whatever its algorithm", wide, async () => {
    expect((await check(material.rsa, [rsa])).status).toBe("serving");
  });
});

describe("an edge that gives clients of TLS 1.3 another certificate", () => {
  const servers = new Servers();
  afterEach(() => servers.close());

  it("is not serving the one that TLS 1.2 shows", wide, async () => {
    const [new12, old13] = [
      await servers.tls(ecdsa, { maxVersion: "TLSv1.2" }),
      await servers.tls(oldEcdsa, { minVersion: "TLSv1.3" }),
    ];
    // A hello that offers TLS 1.3 names it in an extension: 0x002b, and 0x0304 in its list.
    const supported = Buffer.from("0304", "hex");
    const front = await servers.split((hello) =>
      hello.includes(Buffer.from("002b", "hex")) && hello.includes(supported) ? old13.target : new12.target,
    );
    const assistant = await startAssistant(["--edge", `${front.target.address}:${front.target.port}`], {
      env: { NODE_EXTRA_CA_CERTS: join(folder, "root.pem") },
    });
    const args = { domains: [domain], fingerprint: sha256(material.now) };
    const [found] = checked.parse(await assistant.result("check_served_certificate", args)).domains;
    await assistant.close();
    expect(found?.status).toBe("some clients");
    const old = found?.served[0]?.certificates.find((it) => it.sha256 === sha256(material.before));
    expect(old?.clients).toContain("default");
  });
});

describe("a deployment where an RSA certificate lives beside", () => {
  let rollout: Rollout;
  beforeEach(async () => {
    rollout = await Rollout.open();
  });
  afterEach(() => rollout.close());

  /** Two certificates on one host, as EdgeOne takes them. */
  async function bothOn(host: string, ids: readonly string[]) {
    const zone = rollout.company.sandbox.account.zones.get("zone-sandboxdemo");
    Object.assign(zone?.hosts.get(host) ?? {}, { mode: "sslcert", certificateIds: ids, changedAt: new Date() });
    await rollout.company.served(host);
    rollout.arrive();
  }

  it("stays accepted, and says which clients get which", wide, async () => {
    const { authority, ssl } = rollout.company.sandbox.account;
    const files = await rollout.company.issue("fresh");
    const assistant = await rollout.start(["--allow-purchases"], { person: saysYes });
    const pair = await authority.issue({
      names: ["www.example.com"],
      key: "RSA-2048",
      notBefore: new Date(Date.now() - 3600_000),
      notAfter: new Date(Date.now() + 86_400_000 * 30),
    });
    const [chain, key] = [join(rollout.company.home, "rsa.crt"), join(rollout.company.home, "rsa.key")];
    writeFileSync(chain, pair.certificatePem);
    writeFileSync(key, pair.privateKeyPem, { mode: 0o600 });
    const upload = { CertificatePublicKey: `file:${chain}`, CertificatePrivateKey: `file:${key}` };
    const { CertificateId: rsaId } = await assistant.result("UploadCertificate", upload);
    const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }];
    const args = { ...referring(files), targets, wait_seconds: 0 };
    const told = report.parse(await assistant.result("deploy_certificate", args));
    rollout.arrive();
    const mine = [...ssl.certificates.values()].find(({ id }) => id === told.certificate_id);
    await bothOn("www.example.com", [mine?.id ?? "", String(rsaId)]);
    const wait = { what: "deployment", id: told.job, timeout_seconds: 1 };
    const found = z.object({
      state: z.string(),
      details: z.object({ targets: z.array(z.object({ state: z.string(), says: z.string() })) }),
    });
    const { state, details } = found.parse(await assistant.result("wait_for", wait));
    expect(state).toBe("still running");
    expect(details.targets[0]).toMatchObject({
      state: "accepted",
      says: expect.stringMatching(/some clients get another certificate: www\.example\.com, .*RSA only/),
    });
  });
});
