import { X509Certificate } from "node:crypto";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { ToolError } from "../../src/lib/tool-error.js";
import { servedAs } from "../../src/tls-check/served.js";
import { clientKinds } from "../../src/tls-check/tls-check.js";
import { closedPort } from "../support/ports.js";
import { presented, Servers } from "./servers.js";
import { asLook, domain, edgeAt, lookAt, material, never, sha1, sha256, tls12, tls13 } from "./support.js";

const { authority, upper, middle } = material;

const servers = new Servers();
afterEach(() => servers.close());

describe("a certificate that a public client trusts", () => {
  it("is told in full, with the chain as it was sent", async () => {
    const running = await servers.tls(presented(material.now, middle, upper));
    const look = await lookAt(running);
    expect(look).toEqual({
      address: `127.0.0.1:${running.target.port}`,
      certificates: [
        {
          algorithm: "ECDSA",
          key: "EC prime256v1",
          strength: 128,
          clients: ["default", "TLS 1.2", "ECDSA only, TLS 1.2", "ECDSA only, TLS 1.3"],
          sha256: sha256(material.now),
          sha1: sha1(material.now),
          names: [domain],
          issuer: "CN=Issuing CA",
          notBefore: authority.inDays(-2).toISOString(),
          notAfter: authority.inDays(90).toISOString(),
          daysLeft: 90,
          encoded: [material.now, middle, upper].map(({ pem }) => new X509Certificate(pem).raw),
          chain: [`CN=${domain}`, "CN=Issuing CA", "CN=Policy CA"],
          chainOrder: "right",
          sent: { intermediates: [expect.any(String), expect.any(String)], flaws: [] },
          trusted: true,
        },
      ],
    });
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("serving");
    expect(servedAs(asLook(look), { sha256: sha256(material.before) })).toBe("other certificate");
  });

  it("is told although another address cannot be described", async () => {
    const [good, odd] = [
      await servers.tls(presented(material.now, middle)),
      await servers.tls(presented(material.rsa, middle)),
    ];
    const defects: unknown[] = [];
    let looks = 0;
    // The clock is read once for the look, and once for each address, where its certificates are described.
    const now = () => {
      looks += 1;
      if (looks <= 2) return new Date();
      throw new TypeError("Cannot read properties of undefined");
    };
    const look = await edgeAt([good, odd], { now, report: (error) => defects.push(error) }).inspect(domain, {
      signal: never,
    });
    expect(look.addresses.map(({ certificates }) => certificates.length).toSorted()).toEqual([0, 1]);
    expect(look.addresses.find(({ certificates }) => certificates.length === 0)).toMatchObject({
      problem: expect.stringContaining("could not be described"),
      unreached: true,
    });
    expect(defects).toEqual([new TypeError("Cannot read properties of undefined")]);
  });

  it("is served for ECDSA and RSA apart", async () => {
    const both = [presented(material.now, middle, upper), presented(material.rsa, middle, upper)];
    const { certificates, problem } = await lookAt(await servers.tls(both));
    expect(certificates.map(({ key, sha256: hash, trusted }) => [key, hash, trusted])).toEqual([
      ["EC prime256v1", sha256(material.now), true],
      ["RSA 2048", sha256(material.rsa), true],
    ]);
    expect(problem).toBeUndefined();
  });

  it("is seen over TLS 1.3 too, with the order of the chain", async () => {
    const both = [presented(material.now, middle, upper), presented(material.rsa, middle, upper)];
    const { certificates } = await lookAt(await servers.tls(both, tls13));
    expect(certificates).toMatchObject([
      { key: "EC prime256v1", sha256: sha256(material.now), trusted: true, chainOrder: "right" },
      { key: "RSA 2048", sha256: sha256(material.rsa), trusted: true, chainOrder: "right" },
    ]);
    expect(certificates[0]?.chain).toEqual([`CN=${domain}`, "CN=Issuing CA", "CN=Policy CA"]);
  });

  it("may be of an RSA authority and ECDSA itself, over TLS 1.3", async () => {
    const rsaRoot = await authority.issue({ name: "RSA Root", ca: true, kind: "RSA-2048" });
    const underRsa = await authority.issue({ name: domain, by: rsaRoot });
    const running = await servers.tls(presented(underRsa, rsaRoot), tls13);
    expect(await lookAt(running, { roots: [rsaRoot.pem] })).toMatchObject({
      certificates: [{ key: "EC prime256v1", trusted: true }],
    });
  });

  it("is trusted in the wrong order, too, but that is told", async () => {
    const { certificates } = await lookAt(await servers.tls(presented(material.now, upper, middle), tls12));
    expect(certificates).toMatchObject([
      { chain: [`CN=${domain}`, "CN=Policy CA", "CN=Issuing CA"], chainOrder: "wrong", trusted: true },
    ]);
  });
});

describe("an address that answers for one kind of certificate only", () => {
  it("does not pass for one that has no other", async () => {
    const behind = await servers.tls(presented(material.now, middle, upper));
    let connections = 0;
    const running = await servers.tcp((socket) => {
      connections += 1;
      if (connections > 1) socket.resetAndDestroy();
      else socket.pipe(connect({ host: behind.target.address, port: behind.target.port })).pipe(socket);
    });
    const look = await lookAt(running);
    expect(look).toMatchObject({
      certificates: [{ key: "EC prime256v1", sha256: sha256(material.now) }],
      problem: expect.stringMatching(/^What these clients get could not be seen: RSA only, TLS 1.2; default; /),
    });
    expect(servedAs(asLook(look), { sha256: sha256(material.now) })).toBe("some clients");
  });
});

describe("several addresses", () => {
  it("are looked at side by side and told apart", async () => {
    const current = await servers.tls(presented(material.now, middle, upper));
    const behind = await servers.tls(presented(material.before, middle, upper));
    const gone = { target: { address: "127.0.0.1", port: closedPort } };
    const look = await edgeAt([current, behind, gone]).inspect(domain, { signal: never });
    expect(look.addresses.map(({ certificates }) => certificates.map(({ sha256: hash }) => hash))).toEqual([
      [sha256(material.now)],
      [sha256(material.before)],
      [],
    ]);
    expect(servedAs(look, { sha256: sha256(material.now) })).toBe("propagating");
  });

  it("may be many, without a warning of Node.js", async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on("warning", warned);
    const running = await servers.tls(presented(material.now, middle, upper));
    const look = await edgeAt(Array.from({ length: 16 }, () => running)).inspect(domain, {
      signal: new AbortController().signal,
    });
    await new Promise(setImmediate);
    process.off("warning", warned);
    expect(warnings).toEqual([]);
    expect(look.addresses).toHaveLength(16);
    expect(running.connections()).toBe(16 * clientKinds.length);
  });

  it("are narrowed to the one that the caller names", async () => {
    const [one, other] = [await servers.tcp(() => {}), await servers.tls(presented(material.now, middle, upper))];
    const address = `127.0.0.1:${other.target.port}`;
    const { addresses } = await edgeAt([one, other]).inspect(domain, { signal: never, address });
    expect(addresses.map((look) => look.address)).toEqual([address]);
    expect(one.connections()).toBe(0);
  });

  it("never lead past those that stand in", async () => {
    const running = await servers.tcp(() => {});
    const look = edgeAt([running]).inspect(domain, { signal: never, address: "8.8.8.8" });
    await expect(look).rejects.toMatchObject({
      details: {
        kind: "input",
        happened: expect.stringMatching(/8\.8\.8\.8 is not one of the addresses that stand in/),
      },
    });
    expect(running.connections()).toBe(0);
  });
});

describe("a look that is taken back", () => {
  it("ends in the middle, and leaves no connection", async () => {
    const controller = new AbortController();
    const closed: Promise<void>[] = [];
    const running = await servers.tcp((socket) => {
      // Unread bytes would hold back the end of the connection.
      socket.resume();
      closed.push(new Promise((resolve) => socket.once("close", () => resolve())));
      controller.abort();
    });
    const look = edgeAt([running]).inspect(domain, { signal: controller.signal });
    await expect(look).rejects.toMatchObject({ details: { kind: "cancelled", changed: "no" } });
    await Promise.all(closed);
    expect(running.connections()).toBe(1);
  });

  it("does not begin", async () => {
    const running = await servers.tcp(() => {});
    const look = edgeAt([running]).inspect(domain, { signal: AbortSignal.abort() });
    await expect(look).rejects.toMatchObject({ details: { kind: "cancelled" } });
    expect(running.connections()).toBe(0);
  });
});

describe("what the operator allows", () => {
  it.each([
    ["*.example.com", true],
    ["WWW.example.*", true],
    ["example.com", false],
    ["www.example.co", false],
  ])("by %s: %s", async (pattern, allowed) => {
    const running = await servers.tls(presented(material.now, middle, upper));
    const look = edgeAt([running], { domains: ["other.test", pattern] }).inspect(domain, { signal: never });
    const outcome = await look.then(
      () => "looked at",
      ({ details }: ToolError) => details.kind,
    );
    expect(outcome).toBe(allowed ? "looked at" : "refused");
    expect(running.connections() > 0).toBe(allowed);
  });
});
