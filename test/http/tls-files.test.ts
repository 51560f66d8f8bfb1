import { once } from "node:events";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TlsFiles } from "../../src/http/tls-files.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { listen, portOf } from "../support/ports.js";

type Pair = { readonly certificatePem: string; readonly privateKeyPem: string };

const folder = mkdtempSync(join(tmpdir(), "cloudcert-tls-"));
const [cert, key] = [join(folder, "chain.pem"), join(folder, "key.pem")];
afterAll(() => rmSync(folder, { recursive: true }));

const now = new Date();
const daysFromNow = (days: number) => new Date(now.getTime() + days * 86_400_000);

let ec: Pair;
let otherEc: Pair;
let rsa: Pair;
let expired: Pair;
let future: Pair;
beforeAll(async () => {
  const authority = await CertificateAuthority.create(now);
  const issue = (kind: "EC-P256" | "RSA-2048", from: number, to: number) =>
    authority.issue({ names: ["mcp.example.com"], key: kind, notBefore: daysFromNow(from), notAfter: daysFromNow(to) });
  ec = await issue("EC-P256", -1, 60);
  otherEc = await issue("EC-P256", -1, 60);
  rsa = await issue("RSA-2048", -1, 60);
  expired = await issue("EC-P256", -60, -1);
  future = await issue("EC-P256", 1, 60);
});

/** Each writing is a new version, however fast one follows the other. */
let written = 1_700_000_000;
function write(path: string, content: string) {
  writeFileSync(path, content);
  written += 1;
  utimesSync(path, written, written);
}

function writePair({ certificatePem, privateKeyPem }: Pair) {
  write(cert, certificatePem);
  write(key, privateKeyPem);
}

const refusals: readonly (readonly [string, () => Pair, string])[] = [
  ["the key is of another kind", () => ({ ...ec, privateKeyPem: rsa.privateKeyPem }), "is not that of the first"],
  ["the key is another of its kind", () => ({ ...ec, privateKeyPem: otherEc.privateKeyPem }), "is not that of"],
  ["the file of the certificate is empty", () => ({ ...ec, certificatePem: "" }), "does not begin with a certificate"],
  ["the file of the key holds none", () => ({ ...ec, privateKeyPem: ec.certificatePem }), "holds no private key"],
  ["the certificate is cut off", () => ({ ...ec, certificatePem: ec.certificatePem.slice(0, 300) }), "does not begin"],
];

describe("the certificate and key of the team's server", () => {
  it.each(refusals)("are refused at the start if %s", (_, pair, says) => {
    writePair(pair());
    expect(() => new TlsFiles(cert, key).read()).toThrow(says);
  });

  it.each([
    ["as a trusted certificate, as OpenSSL writes it", "TRUSTED CERTIFICATE"],
    ["by its old name", "X509 CERTIFICATE"],
  ])("are taken with the certificate %s", (_, label) => {
    writePair({ ...ec, certificatePem: ec.certificatePem.replace(/(BEGIN|END) CERTIFICATE/g, `$1 ${label}`) });
    expect(new TlsFiles(cert, key).read()).toMatchObject({ warning: undefined });
  });

  it("are taken with more certificates than a cloud takes", () => {
    writePair({ ...ec, certificatePem: `${ec.certificatePem}${otherEc.certificatePem.repeat(11)}` });
    expect(new TlsFiles(cert, key).read()).toMatchObject({ warning: undefined });
  });

  it("are taken with a byte order mark, and with the key in front of the chain in one file", () => {
    write(cert, `\ufeff${ec.privateKeyPem}${ec.certificatePem}`);
    writeFileSync(key, Buffer.from(`\ufeff${ec.privateKeyPem}`, "utf16le"));
    expect(new TlsFiles(cert, key).read()).toMatchObject({ warning: undefined });
  });

  it.each([
    ["that has expired", () => expired, "expired on"],
    ["that is not valid yet", () => future, "is not valid before"],
  ])("are taken with a warning for a certificate %s", (_, pair, says) => {
    writePair(pair());
    expect(new TlsFiles(cert, key).read().warning).toMatch(says);
  });
});

describe("while the server runs", () => {
  let server: Server;
  let files: TlsFiles;
  beforeEach(async () => {
    writePair(ec);
    files = new TlsFiles(cert, key);
    server = createServer(files.read());
    await listen(server);
  });
  afterEach(() => server.close());

  /** The key of the certificate that a client gets. */
  async function servedKey(): Promise<"RSA" | "EC"> {
    const socket = connect({ host: "127.0.0.1", port: portOf(server.address()), rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const kind = socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType;
    socket.destroy();
    return kind === "rsa" ? "RSA" : "EC";
  }

  function renew() {
    const told: string[] = [];
    files.renew(server, { report: (error) => told.push(String(error)), warn: (line) => told.push(line) });
    return told;
  }

  it.each(refusals)("it goes on with the pair that it has and says so if %s", async (_, pair, says) => {
    writePair(pair());
    const [told = ""] = renew();
    expect(told).toContain("goes on with the one it has");
    expect(told).toContain(says);
    expect(await servedKey()).toBe("EC");
    expect(renew(), "said once").toEqual([]);
    writePair(pair());
    expect(renew(), "said again of other files").toEqual([told]);
  });

  it("a certificate whose key is written a little later is served once both are there", async () => {
    write(cert, rsa.certificatePem);
    expect(renew()).toHaveLength(1);
    expect(await servedKey()).toBe("EC");
    write(key, rsa.privateKeyPem);
    expect(renew()).toEqual([]);
    expect(await servedKey()).toBe("RSA");
    expect(renew()).toEqual([]);
  });

  it("a file that is missing for a moment changes nothing", async () => {
    rmSync(key);
    expect(renew().join()).toContain("cannot be read (ENOENT)");
    expect(await servedKey()).toBe("EC");
    writePair(rsa);
    expect(renew()).toEqual([]);
    expect(await servedKey()).toBe("RSA");
  });

  it("a new certificate that clients refuse is served with a warning", () => {
    writePair(expired);
    expect(renew().join()).toContain("expired on");
  });
});
