import type { SecureVersion } from "node:tls";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { Openssl } from "../preflight/openssl.js";
import { type Assistant, startAssistant } from "../support/assistant.js";
import { pemOf, type Ring, ringOf } from "../support/hostile-material.js";
import { ofRows, rows, wide } from "../support/width.js";
import { Servers } from "./servers.js";
import { lookAt } from "./support.js";

/** What a TLS server sends must not hold up the process: OpenSSL gets no chain that it would follow for seconds. */

const servers = new Servers();
afterEach(() => servers.close());

const shows = ({ certificates, key }: Ring) => ({ cert: certificates.map((der) => pemOf(der)).join(""), key });
const only = (version: SecureVersion) => ({ minVersion: version, maxVersion: version });
const notFollowed = /its chain was not followed/;

const versions: readonly SecureVersion[] = ["TLSv1.2", "TLSv1.3"];

describe.each(rows(versions, 1))("over %s a server that shows", ofRows, (version) => {
  it("11 certificates that issue each other is told, and they are not followed", async () => {
    const look = await lookAt(await servers.tls(shows(ringOf(11, "prime256v1")), only(version)));
    expect(look.certificates).toMatchObject([{ key: "EC prime256v1", trusted: false }]);
    expect(look.certificates[0]?.distrust).toMatch(notFollowed);
    expect(look.certificates[0]?.chain.length).toBeLessThanOrEqual(10);
  });

  it("150 of them is told from the first", async () => {
    const look = await lookAt(await servers.tls(shows(ringOf(150, "secp521r1")), only(version)));
    expect(JSON.stringify(look)).toMatch(/its chain was not followed|TOO_LARGE/);
  });

  it("10 of them is followed", async () => {
    const look = await lookAt(await servers.tls(shows(ringOf(10, "prime256v1")), only(version)));
    expect(look.certificates[0]?.chain).toHaveLength(10);
    expect(look.certificates[0]?.distrust).not.toMatch(notFollowed);
  });

  it("a chain in which a key is on a curve that nobody uses is not followed", async () => {
    const odd = ringOf(5, "sect571r1").certificates.slice(1);
    const { certificates, key } = ringOf(1, "prime256v1");
    const look = await lookAt(
      await servers.tls(shows({ certificates: [...certificates, ...odd], key }), only(version)),
    );
    expect(look.certificates[0]?.distrust).toMatch(notFollowed);
  });

  it("a key of DSA among them is not followed either", async () => {
    const openssl = new Openssl();
    openssl.run("dsaparam", "-genkey", "-out", "dsa.key", "1024");
    openssl.run("req", "-x509", "-new", "-key", "dsa.key", "-subj", "/CN=A", "-days", "90", "-out", "dsa.crt");
    const { certificates, key } = ringOf(1, "prime256v1");
    const cert = certificates.map((der) => pemOf(der)).join("") + openssl.read("dsa.crt");
    openssl.close();
    const look = await lookAt(await servers.tls({ cert, key }, only(version)));
    expect(look.certificates[0]?.distrust).toMatch(notFollowed);
  });
});

describe("a server", () => {
  it("that has nothing but Diffie-Hellman over a prime of its own finds no cipher in common", wide, async () => {
    const openssl = new Openssl();
    const { certificate: cert, key } = openssl.selfSigned("www.example.com", ["-algorithm", "RSA"]);
    openssl.close();
    const ciphers = "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0";
    const running = await servers.tls({ cert, key }, { ...only("TLSv1.2"), ciphers, dhparam: "auto" });
    const look = await lookAt(running);
    expect(look.certificates).toEqual([]);
    expect(look.problem).toMatch(/no cipher in common/);
  });

  it("that sends records of a handshake without an end is left", wide, async () => {
    const running = await servers.tcp((socket) => {
      const record = Buffer.concat([Buffer.from([22, 3, 3, 0, 4]), Buffer.from([0, 0, 0, 0])]);
      const more = () => {
        while (socket.write(record));
      };
      socket.on("drain", more).once("data", more);
    });
    const look = await lookAt(running);
    expect(look.problem).toMatch(/TOO_LARGE/);
  });

  it("that announces a message of 16 MiB is left", async () => {
    const running = await servers.tcp((socket) => {
      socket.once("data", () => socket.write(Buffer.from([22, 3, 3, 0, 4, 11, 0xff, 0xff, 0xff])));
    });
    expect((await lookAt(running)).problem).toMatch(/TOO_LARGE/);
  });
});

describe("through the front door", () => {
  let assistant: Assistant | undefined;
  afterAll(() => assistant?.close());

  it("a server of a hundred certificates is told, and what follows is answered", wide, async () => {
    const { cert, key } = shows(ringOf(100, "secp521r1"));
    const running = await servers.tls({ cert, key }, only("TLSv1.2"));
    const { address, port } = running.target;
    assistant = await startAssistant(["--edge", `${address}:${port}`], { person: null });
    const reply = await assistant.result("check_served_certificate", { domains: ["www.example.com"] });
    expect(JSON.stringify(reply)).toMatch(/its chain was not followed|TOO_LARGE/);
    expect(await assistant.result("list_vault")).toMatchObject({ entries: [] });
  });
});
