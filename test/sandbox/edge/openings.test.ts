import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSandbox, startSandbox } from "../../../src/sandbox/server.js";
import { hasOpenssl } from "../support.js";
import { EdgeFixture } from "./fixture.js";

let fixture: EdgeFixture;
let port: number;
beforeAll(async () => {
  fixture = await EdgeFixture.open();
  port = fixture.sandbox.edge.addresses[0]?.port ?? 0;
});
afterAll(() => fixture.sandbox.close());

const name = "www.example.com";

describe("a visitor with another program", () => {
  it.runIf(hasOpenssl)("meets the same with openssl, who trusts the chain by /ca.pem", async () => {
    const ca = join(mkdtempSync(join(tmpdir(), "edge-")), "ca.pem");
    writeFileSync(ca, await (await fetch(`${fixture.sandbox.control}/ca.pem`)).text());
    const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", ca, "-verify_return_error"];
    const client = (servername: string) => {
      const run = promisify(execFile)("openssl", [...args, "-verify_hostname", servername, "-servername", servername]);
      run.child.stdin?.end();
      return run;
    };
    const { stdout } = await client(name);
    expect(stdout).toContain("Verification: OK");
    const leaf = execFileFor(["x509", "-noout", "-fingerprint", "-sha1"], stdout);
    expect(await leaf).toContain(fixture.seeded("storefront").fingerprint);
    await expect(client("nobody.example.org")).rejects.toThrow("unrecognized name");
  });

  it("gets an answer to HTTP", async () => {
    const { rootPem } = fixture.sandbox.edge;
    const asked = request({ host: "127.0.0.1", port, servername: name, ca: rootPem, agent: false }).end();
    const [response] = await once(asked, "response");
    expect([response.statusCode, await text(response)]).toEqual([200, "sandbox edge\n"]);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("meets it anew when it comes back with a session of %s", async (version) => {
    const { rootPem: ca } = fixture.sandbox.edge;
    const versions = { minVersion: version, maxVersion: version };
    const open = (session?: Buffer) =>
      connect({ host: "127.0.0.1", port, servername: name, ca, ...versions, ...(session && { session }) });
    const first = open();
    const [session] = await once(first, "session");
    first.destroy();
    const second = open(session);
    await once(second, "secureConnect");
    expect(second.isSessionReused()).toBe(false);
    second.destroy();
  });
});

describe("what the sandbox tells of its edge", () => {
  it("names each domain and what each address serves for it, and no key", async () => {
    const next = await fixture.issue(["img.example.com"]);
    await fixture.alibabaUpload("Cdn", "img.example.com", next);
    fixture.step();
    const state = await (await fetch(`${fixture.sandbox.control}/state`)).text();
    expect(state).not.toContain("PRIVATE KEY");
    const old = fixture.seeded("storefront").fingerprint;
    const told = (...served: string[][]) =>
      Object.fromEntries(fixture.sandbox.edge.addresses.map((at, place) => [`127.0.0.1:${at.port}`, served[place]]));
    const { edge } = JSON.parse(state);
    expect(edge).toContainEqual({ name: "img.example.com", served: told([next.fingerprint], [old], [old]) });
    expect(edge).toContainEqual({ name: "*.cdn.example.com", served: told([], [], []) });
    expect(edge.map((domain: { name: string }) => domain.name)).toEqual([
      "www.example.com",
      "shop.example.com",
      "img.example.com",
      "*.cdn.example.com",
      "app.example.com",
      "vod.example.com",
      "play.example.com",
      "static.example.com",
    ]);
  });

  it("stands in the line that it prints when it runs by itself", async () => {
    const stop = new AbortController();
    const out = new PassThrough();
    const ended = runSandbox({}, out, stop.signal).finally(() => out.end());
    const [line] = await once(out, "data");
    const { edge, control } = JSON.parse(String(line));
    expect(edge).toHaveLength(3);
    const [address, at] = edge[0].split(":");
    expect(address).toBe("127.0.0.1");
    const ca = await (await fetch(`${control}/ca.pem`)).text();
    const visitor = connect({ host: address, port: Number(at), servername: name, ca });
    await once(visitor, "secureConnect");
    expect(visitor.authorized).toBe(true);
    visitor.destroy();
    stop.abort();
    await ended;
  });
});

describe("closing", () => {
  it("waits for no visitor, whether in the middle of a handshake or after it", async () => {
    const sandbox = await startSandbox();
    const [first] = sandbox.edge.addresses;
    const at = { host: "127.0.0.1", port: first?.port ?? 0 };
    const silent = connectPlain(at);
    const settled = connect({ ...at, servername: name, ca: sandbox.edge.rootPem });
    await Promise.all([once(silent, "connect"), once(settled, "secureConnect")]);
    const gone = Promise.all([once(silent, "close"), once(settled, "close")]);
    silent.on("error", () => {});
    settled.on("error", () => {});
    await sandbox.close();
    await expect(gone).resolves.toHaveLength(2);
  });
});

async function execFileFor(args: readonly string[], input: string): Promise<string> {
  const run = promisify(execFile)("openssl", args);
  run.child.stdin?.end(input);
  return (await run).stdout;
}
