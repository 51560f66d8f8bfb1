import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, bareEnvironment, startAssistant } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { listen } from "../support/ports.js";

/** The whole server, an https endpoint of a name that only the proxy knows, and what the environment says of both. */

const host = "ssl.cloud.test";
let sandbox: Sandbox;
let proxy: string;
let ca: string;
/** Where the endpoint listens itself; its certificate has the name localhost, too. */
let tlsPort: number;
const tunnelled: string[] = [];
const closing: (() => void)[] = [];

function started(server: Server): Promise<number> {
  closing.push(() => server.close());
  return listen(server);
}

/** Ends with either end, and takes no error amiss. */
function joined(one: Socket, other: Socket): void {
  one.on("error", () => other.destroy()).pipe(other);
  other.on("error", () => one.destroy()).pipe(one);
}

beforeAll(async () => {
  sandbox = await startSandbox();
  const day = 24 * 3600_000;
  const { certificatePem: cert, privateKeyPem: key } = await sandbox.account.authority.issue({
    names: [host, "localhost"],
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    key: "EC-P256",
  });
  const behind = Number(new URL(sandbox.endpoints["tencent-ssl"]).port);
  const tls = createTlsServer({ cert, key }, (socket) => joined(socket, connect(behind, "127.0.0.1")));
  tls.on("tlsClientError", () => {});
  tlsPort = await started(tls);
  const tunnel = createServer().on("connect", ({ url = "", headers }, client: Socket) => {
    tunnelled.push(`${url} ${headers["proxy-authorization"] ?? ""}`);
    client.write("HTTP/1.1 200 OK\r\n\r\n");
    joined(client, connect(tlsPort, "127.0.0.1"));
  });
  proxy = `http://user:proxypassword@127.0.0.1:${await started(tunnel)}`;
  ca = join(bareEnvironment.HOME ?? "", "root.pem");
  writeFileSync(ca, sandbox.account.authority.rootPem);
});
afterAll(async () => {
  for (const close of closing) close();
  await sandbox.close();
});

async function withServer<Result>(
  env: Record<string, string>,
  use: (assistant: Assistant) => Promise<Result>,
  at: string = host,
) {
  const args = ["--services", "tencent-ssl", "--endpoint", `tencent-ssl=https://${at}/`, "--timeout", "6"];
  const assistant = await startAssistant(args, { env: { ...sandbox.env, ...env } });
  try {
    return await use(assistant);
  } finally {
    await assistant.close();
  }
}

describe("a cloud behind a proxy", () => {
  it("is reached through HTTPS_PROXY, its certificate checked against NODE_EXTRA_CA_CERTS", async () => {
    const env = { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: ca };
    expect(await withServer(env, (server) => server.result("DescribeCertificates"))).toHaveProperty("TotalCount");
    const credentials = Buffer.from("user:proxypassword").toString("base64");
    expect(tunnelled.at(-1)).toBe(`${host}:443 Basic ${credentials}`);
  });

  it.each([{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }])(
    "is not spoken to when nobody vouches for its certificate: %j",
    async (more) => {
      const before = sandbox.requests.length;
      const text = await withServer({ HTTPS_PROXY: proxy, ...more }, (server) =>
        server.failure("DescribeCertificates"),
      );
      expect(text).toMatch(/never sent/);
      expect(text).toMatch(/NODE_EXTRA_CA_CERTS/);
      expect(text).not.toContain("proxypassword");
      expect(sandbox.requests).toHaveLength(before);
    },
  );

  it("is not asked for through the proxy where NO_PROXY names it", async () => {
    const [env, before] = [{ HTTPS_PROXY: proxy, NO_PROXY: ".cloud.test" }, tunnelled.length];
    expect(await withServer(env, (server) => server.failure("DescribeCertificates"))).toMatch(/never sent/);
    expect(tunnelled).toHaveLength(before);
  });
});

describe("a cloud whose certificate a private authority issued", () => {
  const fails = (env: Record<string, string>, name = "localhost") =>
    withServer(env, (server) => server.failure("DescribeCertificates"), `${name}:${tlsPort}`);

  it("is trusted where NODE_EXTRA_CA_CERTS names that authority", async () => {
    const list = await withServer(
      { NODE_EXTRA_CA_CERTS: ca },
      (server) => server.result("DescribeCertificates"),
      `localhost:${tlsPort}`,
    );
    expect(list).toHaveProperty("TotalCount");
  });

  it.each([{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }])("is not trusted otherwise: %j", async (env) => {
    const before = sandbox.requests.length;
    const text = await fails(env);
    expect(text).toMatch(/^The connection to Tencent Cloud SSL failed: .*certificate.* The request was never sent\.\n/);
    expect(text).toMatch(/\nNext: .*where a certificate is not trusted, NODE_EXTRA_CA_CERTS; then call again\./);
    expect(sandbox.requests).toHaveLength(before);
  });

  it.each([{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }])("is not taken for another host's: %j", async (env) => {
    const before = sandbox.requests.length;
    const text = await fails({ NODE_EXTRA_CA_CERTS: ca, ...env }, "127.0.0.1");
    expect(text).toMatch(/failed: the certificate shown is for another host\. The request was never sent\./);
    expect(sandbox.requests).toHaveLength(before);
  });
});

it("an endpoint on this computer is never reached through a proxy", async () => {
  const args = ["--services", "tencent-ssl", "--endpoint", `tencent-ssl=${sandbox.endpoints["tencent-ssl"]}`];
  const before = tunnelled.length;
  const assistant = await startAssistant(args, { env: { ...sandbox.env, HTTPS_PROXY: proxy, NO_PROXY: "" } });
  expect(await assistant.result("DescribeCertificates")).toHaveProperty("TotalCount");
  await assistant.close();
  expect(tunnelled).toHaveLength(before);
});

it("the proxy's password is in nothing that is said of a proxy, and is not looked for in what others say", async () => {
  const [raw, inAddress] = ["p@ss/proxyword", "p%40ss%2Fproxyword"];
  const forms = [raw, inAddress, Buffer.from(`user:${raw}`).toString("base64")];
  const certificates = [...sandbox.account.ssl.certificates.values()];
  for (const [index, certificate] of certificates.entries()) certificate.alias = forms[index] ?? "";
  const args = ["--services", "tencent-ssl", "--endpoint", `tencent-ssl=${sandbox.endpoints["tencent-ssl"]}`];
  const env = { ...sandbox.env, HTTPS_PROXY: `http://user:${inAddress}@127.0.0.1:9` };
  const assistant = await startAssistant(args, { env });
  // A mask would tell whoever planted a guess that it was right.
  const reply = JSON.stringify(await assistant.result("DescribeCertificates", { Limit: 100 }));
  for (const form of forms) expect(reply).toContain(form);
  await assistant.close();
  for (const certificate of certificates) certificate.alias = "";

  const unreachable = await startAssistant(["--services", "tencent-ssl"], { env });
  await unreachable.failure("DescribeCertificates");
  await unreachable.call("check_setup");
  const everything = JSON.stringify(unreachable.received) + unreachable.stderr();
  await unreachable.close();
  const { out } = await runCommand(["doctor", ...args], env);
  for (const form of forms) expect(everything + out).not.toContain(form);
});

it.each(["ftp://user:proxypassword@proxy:21", "http://user:proxypassword%zz@proxy:21"])(
  "a proxy whose address is none is refused at the start, without a word of its password",
  async (address) => {
    const { code, err } = await runCommand([], { ...sandbox.env, HTTPS_PROXY: address });
    expect(code).toBe(2);
    expect(err).toMatch(/HTTPS_PROXY is not the address of a proxy/);
    expect(err).not.toContain("proxypassword");
  },
);
