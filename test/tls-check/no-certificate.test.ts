import { afterAll, describe, expect, it } from "vitest";
import { servedAs } from "../../src/tls-check/served.js";
import { closedPort } from "../support/ports.js";
import { presented, Servers } from "./servers.js";
import { asLook, lookAt, material, sha256 } from "./support.js";

const { upper, middle } = material;

/** In milliseconds: a busy computer connects and reads within it. */
const patience = 1_000;

const servers = new Servers();
afterAll(() => servers.close());

describe.concurrent("an address without a certificate for the name", () => {
  const alert = (number: number) => Buffer.from([21, 3, 3, 0, 2, 2, number]);
  const what = presented(material.now, middle, upper);

  it.each([
    ["TLSv1", "TLS 1.0"],
    ["TLSv1.1", "TLS 1.1"],
  ] as const)("speaks %s only", async (version, name) => {
    const options = { minVersion: version, maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" };
    const look = await lookAt(await servers.tls(what, options));
    expect(look).toMatchObject({
      certificates: [],
      problem: `It speaks only ${name}, which clients refuse today.`,
    });
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("no TLS");
  });

  it("has none for this name, and says so", async () => {
    const look = await lookAt(await servers.tcp((socket) => socket.once("data", () => socket.end(alert(112)))));
    expect(look.problem).toMatch(/has no certificate for this name \(unrecognized_name\)/);
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("no TLS");
  });

  it("wants a version that nobody speaks", async () => {
    const look = await lookAt(await servers.tcp((socket) => socket.once("data", () => socket.end(alert(70)))));
    expect(look.problem).toBe("It speaks neither TLS 1.2 nor TLS 1.3 (protocol_version).");
  });

  it("has none at all", async () => {
    const look = await lookAt(await servers.tls([]));
    expect(look.problem).toMatch(/has no certificate for this name, or no cipher .*handshake_failure/);
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("no TLS");
  });

  it("closes when the name is not one of its own", async () => {
    const known = (name: string, done: (error: Error | null) => void) => done(new Error(`${name} is not here`));
    const look = await lookAt(await servers.tls(what, { SNICallback: known }));
    expect(look.problem).toMatch(/closes the connection in the middle of the handshake/);
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("no TLS");
  });

  it.each(["as soon as it is made", "once something was said"])("resets the connection %s", async (when) => {
    const running = await servers.tcp((socket) => {
      if (when === "as soon as it is made") socket.resetAndDestroy();
      else socket.once("data", () => socket.resetAndDestroy());
    });
    const look = await lookAt(running);
    expect(look.problem).toMatch(/closes the connection in the middle of the handshake|resets the connection/);
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toMatch(/^no TLS$|^unreachable$/);
  });

  it("refuses the connection", async () => {
    const look = await lookAt({ target: { address: "127.0.0.1", port: closedPort } });
    expect(look).toMatchObject({ problem: "It refuses the connection: nothing listens there.", unreached: true });
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("unreachable");
  });

  it("accepts the connection and says nothing", async () => {
    const running = await servers.tcp(() => {});
    const look = await lookAt(running, { timeout: patience });
    expect(look).toMatchObject({
      problem: "It accepts the connection, and says nothing for 1 s.",
      unreached: true,
    });
    expect(running.connections()).toBe(1);
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("unreachable");
  });

  it("stops in the middle of the handshake", async () => {
    const running = await servers.tcp((socket) => socket.once("data", () => socket.write(Buffer.from([22, 3, 3]))));
    const look = await lookAt(running, { timeout: patience });
    expect(look.problem).toBe("It did not finish the handshake within 1 s.");
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("no TLS");
  });

  it("speaks HTTP", async () => {
    const look = await lookAt(await servers.http());
    expect(look.problem).toBe("It answers with HTTP without TLS.");
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("no TLS");
  });

  it("greets by itself", async () => {
    const look = await lookAt(await servers.tcp((socket) => socket.write("220 mail.example.com ESMTP\r\n")));
    expect(look.problem).toBe("It answers, but not with TLS.");
  });
});
