import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { toolOf } from "../../src/mcp/tools.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { checkServedCertificate } from "../../src/tools/check-served-certificate.js";
import { type Assistant, approvesByToken, pointedAt, startAssistant } from "../support/assistant.js";
import { wide } from "../support/width.js";
import { presented, type Running, Servers } from "../tls-check/servers.js";
import { domain, material, sha1, sha256 } from "../tls-check/support.js";

/** check_served_certificate through the front door, against TLS servers of this process. */

const tool = "check_served_certificate";
const { root, upper, middle } = material;
const folder = mkdtempSync(join(tmpdir(), "cc-served-"));
const rootFile = join(folder, "root.pem");
const trustsRoot = { NODE_EXTRA_CA_CERTS: rootFile };
const current = presented(material.now, middle, upper);
writeFileSync(rootFile, root.pem);
writeFileSync(join(folder, "site.pem"), current.cert + current.key, { mode: 0o600 });

const servers = new Servers();
const edgeFlags = (...running: Running[]) =>
  running.flatMap(({ target }) => ["--edge", `${target.address}:${target.port}`]);

describe("with a cloud at hand", () => {
  let sandbox: Sandbox;
  let assistant: Assistant;
  let addresses: string[];
  beforeAll(async () => {
    sandbox = await startSandbox();
    const { args, env } = pointedAt(sandbox, []);
    const running = [
      await servers.tls([current, presented(material.rsa, middle, upper)]),
      await servers.tls([current, presented(material.rsa, middle, upper)]),
      await servers.tls(presented(material.before, middle, upper)),
    ];
    addresses = running.map(({ target }) => `127.0.0.1:${target.port}`);
    const flags = [...args, ...edgeFlags(...running), ...approvesByToken, "--files", folder];
    assistant = await startAssistant(flags, { env: { ...env, ...trustsRoot }, hostApproves: true });
  });
  afterAll(async () => {
    await assistant.close();
    await sandbox.close();
    await servers.close();
  });

  const certificateOf = (key: string, party: { readonly pem: string }) => ({
    key,
    sha256: sha256(party),
    names: [domain],
    issuer: "CN=Issuing CA",
    chain: [`CN=${domain}`, "CN=Issuing CA", "CN=Policy CA"],
    chain_order: "right",
    trusted: true,
  });

  it("tells what is served, addresses that serve the same together", async () => {
    const { domains } = await assistant.result(tool, { domains: [domain] });
    expect(domains).toMatchObject([
      {
        domain,
        served: [
          {
            addresses: addresses.slice(0, 2),
            certificates: [certificateOf("EC prime256v1", material.now), certificateOf("RSA 2048", material.rsa)],
          },
          {
            addresses: addresses.slice(2),
            certificates: [{ ...certificateOf("EC prime256v1", material.before), days_left: 10 }],
          },
        ],
      },
    ]);
    expect(JSON.stringify(domains)).not.toMatch(/"status"|"as_expected"|"problem"|"distrust"/);
  });

  it("compares with what should be served, named in any of the ways", wide, async () => {
    const uploaded = await assistant.result("UploadCertificate", {
      CertificatePublicKey: `file:${join(folder, "site.pem")}`,
      CertificatePrivateKey: `file:${join(folder, "site.pem")}`,
    });
    const before = sandbox.requests.length;
    const ways = [
      { fingerprint: sha1(material.now).toUpperCase() },
      { certificate_id: uploaded.CertificateId },
      { certificate: material.now.pem },
      { certificate: `file:${join(folder, "site.pem")}` },
    ];
    for (const expected of ways) {
      const { domains } = await assistant.result(tool, { domains: [domain], ...expected });
      expect(domains).toMatchObject([
        {
          domain,
          status: "propagating",
          served: [{ certificates: [{ as_expected: true }, { as_expected: false }] }, {}],
        },
      ]);
    }
    expect(sandbox.requests.slice(before).map(({ operation }) => operation)).toEqual(["DescribeCertificateDetail"]);
  });

  it("looks at one address alone", async () => {
    const [address = ""] = addresses;
    const { domains } = await assistant.result(tool, { domains: [domain], fingerprint: sha256(material.now), address });
    // It serves an RSA certificate beside the one that is meant.
    const certificates = [
      { as_expected: true },
      { as_expected: false, clients: ["TLS 1.2", "RSA only, TLS 1.2", "RSA only, TLS 1.3"] },
    ];
    expect(domains).toMatchObject([{ status: "some clients", served: [{ addresses: [address], certificates }] }]);
  });

  it("keeps the domains in their order, and says which one is not covered", wide, async () => {
    const names = ["a.example.com", domain, "b.example.com", "c.example.com", "d.example.com", "e.example.com"];
    const { domains } = await assistant.result(tool, { domains: names, fingerprint: sha256(material.before) });
    expect(domains).toMatchObject(names.map((name) => ({ domain: name, status: "propagating" })));
    expect(domains).toMatchObject([
      { served: [{ certificates: [{ trusted: false, distrust: "it does not cover a.example.com" }, {}] }, {}] },
      {},
      {},
      {},
      {},
      {},
    ]);
  });

  it.each([
    [{ domains: [domain, "*.example.com"] }, /stands for many names.*Name a host/s],
    [{ domains: ["https://www.example.com/"] }, /domains\.0: .* is no domain name/],
    [{ domains: [] }, /domains/],
    [{ domains: [domain], fingerprint: "abc" }, /neither a SHA-256 nor a SHA-1/],
    [{ domains: [domain], certificate: "no PEM" }, /certificate/],
    [{ domains: [domain], fingerprint: "ab".repeat(20), certificate_id: "abcd1234" }, /one of fingerprint/],
    [{ domains: [domain], certificate_id: "zzzz9999" }, /CertificateNotFound|NotFound|not/],
    [{ domains: [domain], address: "8.8.8.8" }, /not one of the addresses that stand in/],
  ])("refuses %j", async (args, why) => {
    expect(await assistant.failure(tool, args)).toMatch(why);
  });
});

describe("without a cloud", () => {
  let assistant: Assistant | undefined;
  afterEach(async () => {
    await assistant?.close();
    await servers.close();
  });

  it("does not trust a root that it was not given", wide, async () => {
    const running = await servers.tls(current);
    assistant = await startAssistant(edgeFlags(running));
    const { domains } = await assistant.result(tool, { domains: [domain], fingerprint: sha256(material.now) });
    expect(domains).toMatchObject([
      {
        status: "serving",
        served: [{ certificates: [{ trusted: false, distrust: expect.stringMatching(/CN=Root$/) }] }],
      },
    ]);
  });

  it("connects to no private address", async () => {
    assistant = await startAssistant([]);
    const { domains } = await assistant.result(tool, { domains: [domain], address: "127.0.0.1" });
    expect(domains).toMatchObject([
      {
        served: [],
        not_reached: [expect.stringMatching(/^127\.0\.0\.1:.*Not connected to: it is a loopback address/)],
      },
    ]);
  });

  it("looks a name up as this machine does", async () => {
    assistant = await startAssistant([]);
    // What is answered differs: c-ares and some systems know the name as a loopback address, others know no such name.
    const { domains } = await assistant.result(tool, { domains: ["www.localhost"] });
    expect(JSON.stringify(domains)).toMatch(/127\.0\.0\.1:443|does not exist in DNS|EAI_AGAIN/);
  });

  it("keeps to the domains that the operator named", async () => {
    const running = await servers.tls(current);
    assistant = await startAssistant([...edgeFlags(running), "--edge-domains", "*.example.net"]);
    expect(await assistant.failure(tool, { domains: [domain] })).toMatch(
      /not among the domains that may be checked here/,
    );
    expect(running.connections()).toBe(0);
  });

  it("ends when the call is taken back", async () => {
    const controller = new AbortController();
    const closed: Promise<unknown>[] = [];
    const running = await servers.tcp((socket) => {
      // Unread bytes would hold back the end of the connection.
      socket.resume();
      closed.push(new Promise((resolve) => socket.once("close", resolve)));
      controller.abort();
    });
    assistant = await startAssistant(edgeFlags(running));
    const call = assistant.client.callTool({ name: tool, arguments: { domains: [domain] } }, undefined, {
      signal: controller.signal,
    });
    await expect(call).rejects.toThrow();
    await Promise.all(closed);
    expect(running.connections()).toBe(1);
  });
});

it("costs at most 330 tokens in o200k", () => {
  const { name, description, inputSchema, outputSchema } = toolOf(checkServedCertificate);
  expect(encode(JSON.stringify({ name, description, inputSchema, outputSchema })).length).toBeLessThanOrEqual(330);
});
