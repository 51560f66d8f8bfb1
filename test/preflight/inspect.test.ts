import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { uploadCertificate } from "../../src/catalogue/tencent-ssl/upload-certificate.js";
import { isTrusted } from "../../src/certificates/chain.js";
import { normalizeFingerprint } from "../../src/certificates/fingerprint.js";
import { X509 } from "../../src/certificates/x509.js";
import { preflight } from "../../src/preflight/index.js";
import { inspect } from "../../src/preflight/inspect.js";
import { domains, makeMaterial } from "./material.js";

const now = new Date(Math.ceil(Date.now() / 1000) * 1000);
const { plain, other, small, used, under, ca, dated, authority, openssl } = await makeMaterial(now);
const longer = authority.inDays(4000);
const chain = under.public.pem + ca.middle.pem;

describe("inspecting a certificate", () => {
  it("tells all that can be known without a network", () => {
    const input = { certificatePem: chain, privateKeyPem: under.public.key, domains: [domains.cdn, "example.org"] };
    const report = inspect(input, now, [ca.root.pem]);
    const { fingerprint, fingerprint256, serialNumber } = new X509Certificate(under.public.pem);
    expect(report.certificate).toEqual({
      names: ["img.example.com", "vod.example.com", "play.example.com", "*.cdn.example.com"],
      subject: "CN=img.example.com",
      issuer: "CN=Issuing CA",
      serialNumber,
      notBefore: authority.inDays(-2).toISOString(),
      notAfter: authority.inDays(90).toISOString(),
      daysLeft: 90,
      key: { type: "EC", bits: 256, curve: "prime256v1" },
      signatureHash: "SHA-256",
      isCa: false,
      sm2: false,
      sha1: normalizeFingerprint(fingerprint),
      sha256: normalizeFingerprint(fingerprint256),
      certificateTransparency: true,
      ocsp: ["http://ocsp.example.org"],
      caIssuers: ["http://ca.example.org/i.crt"],
    });
    expect(report).toMatchObject({
      chain: {
        certificates: [
          { subject: "CN=img.example.com", issuer: "CN=Issuing CA" },
          { subject: "CN=Issuing CA", issuer: "CN=Root" },
        ],
        complete: "yes",
        rootIncluded: false,
      },
      keyFits: true,
      domains: { covered: [domains.cdn], uncovered: ["example.org"] },
    });
    expect(report.findings).toEqual([
      {
        level: "error",
        parameter: "certificatePem",
        says: expect.stringMatching(/does not cover example\.org; it is for img\.example\.com, vod/),
        next: "Take a certificate that names them, or leave these domains out.",
      },
    ]);
  });

  it.runIf(openssl)("reads what openssl and WebCrypto encode differently", () => {
    const keyOf = (certificatePem: string) => inspect({ certificatePem }, now).certificate?.key;
    expect(keyOf(openssl?.ed25519.certificate ?? "")).toMatchObject({ type: "Ed25519" });
    expect(keyOf(openssl?.p521.certificate ?? "")).toEqual({ type: "EC", bits: 521, curve: "secp521r1" });
    expect(inspect({ certificatePem: openssl?.pss.certificate ?? "" }, now).certificate?.signatureHash).toBe("SHA-256");
  });

  it.each([
    ["the leaf", (leaf: string, issuer: string) => pointMoved(leaf) + issuer, "The certificate"],
    ["an intermediate", (leaf: string, issuer: string) => leaf + pointMoved(issuer), "Certificate 2 of the chain"],
  ])("says that the public key of %s is damaged, and nothing that follows from that", (_, damage, name) => {
    const certificatePem = damage(under.public.pem, ca.middle.pem);
    const { findings } = inspect({ certificatePem, privateKeyPem: under.public.key, domains: [domains.cdn] }, now);
    expect(findings.map(({ says }) => says)).toEqual([
      `${name} is damaged: its public key is not a valid point on its curve.`,
    ]);
  });

  it("tells how far the chain reaches", () => {
    const chainOf = (certificatePem: string) => inspect({ certificatePem }, now).chain;
    expect(chainOf(plain.pem)).toMatchObject({ complete: "no", rootIncluded: false });
    expect(chainOf(plain.pem + ca.impostor.pem)).toMatchObject({ complete: "no" });
    expect(chainOf(chain + ca.root.pem)).toMatchObject({ complete: "yes", rootIncluded: true });
    expect(chainOf(chain + ca.crossed.pem)).toMatchObject({ complete: "unknown", rootIncluded: false });
  });

  it("warns of an RSA key that is longer than the clouds accept, and of none that is not", async () => {
    const said = (certificatePem: string) => JSON.stringify(inspect({ certificatePem }, now).findings);
    // openssl req -x509 -newkey rsa:4224 -nodes -subj /CN=a.example.com -addext subjectAltName=DNS:a.example.com
    //   -days 36500: a key of this length takes seconds to make.
    const long = readFileSync(new URL("../data/rsa-4224.crt", import.meta.url), "utf8");
    expect(said(long)).toContain("RSA 4224, and the clouds accept RSA only up to 4096 bits.");
    const { pem } = await authority.issue({ name: "a.example.com", kind: "RSA-2048" });
    expect(said(pem)).not.toContain("the clouds accept");
  });

  it("says of how long a short-lived one was issued", async () => {
    const { pem } = await authority.issue({ name: "a.example.com", from: now, to: authority.inDays(1) });
    expect(JSON.stringify(inspect({ certificatePem: pem }, now).findings)).toContain("It was issued for only a day:");
  });

  it("counts the days after the end below zero", () => {
    expect(inspect({ certificatePem: dated.expired.pem }, now).certificate?.daysLeft).toBe(-1);
  });

  it("tells that a key does not fit, and of one that cannot be opened only that", () => {
    expect(inspect({ certificatePem: chain, privateKeyPem: other.key }, now, [ca.root.pem])).toMatchObject({
      keyFits: false,
      findings: [
        { level: "error", parameter: "privateKeyPem", says: "The private key does not belong to the certificate." },
      ],
    });
    expect(inspect({ certificatePem: chain, privateKeyPem: "text" }, now)).not.toHaveProperty("keyFits");
  });

  it("has only findings where there is no certificate", () => {
    expect(inspect({ certificatePem: "text" }, now)).toEqual({
      verdict: "Do not serve it: 1 error in findings.",
      findings: [
        {
          level: "error",
          parameter: "certificatePem",
          says: "There is no PEM certificate in the text.",
          next: "Get the certificate from the CA again, as PEM.",
        },
      ],
    });
  });
});

const readX509 = (pem: string) => {
  const x509 = X509.read(pem);
  if (x509 === undefined) throw new Error("the certificate does not parse");
  return x509;
};

describe("the CA at the end of a chain", () => {
  const withRoot = chain + ca.root.pem;
  const saysOf = (certificatePem: string, roots?: readonly string[]) =>
    inspect({ certificatePem }, now, roots).findings.map(({ says, severity }) => [says, severity]);

  it("that browsers do not trust is warned of as an outage, sent or not", () => {
    expect(saysOf(withRoot)).toEqual([
      ["Certificate 3 of the chain is a root that browsers do not trust: every visitor gets a warning.", "outage"],
    ]);
    expect(saysOf(chain)).toEqual([
      [
        'The chain ends at the issuer "CN=Root", which is not a root that browsers trust: every visitor gets a warning.',
        "outage",
      ],
    ]);
    expect(inspect({ certificatePem: chain }, now)).toMatchObject({
      verdict: "Do not serve it: browsers would turn visitors away; 1 warning in findings.",
      chain: { complete: "unknown" },
    });
  });

  it("is fine if the edge's clients trust it, and a root among the sent ones is then superfluous", () => {
    expect(saysOf(chain, [ca.root.pem])).toEqual([]);
    expect(saysOf(under.root.pem, [ca.root.pem])).toEqual([]);
    expect(inspect({ certificatePem: under.root.pem }, now, [ca.root.pem]).chain?.complete).toBe("yes");
    expect(saysOf(withRoot, [ca.root.pem])).toEqual([
      ["Certificate 3 of the chain is the root, which clients already have: leave it out.", undefined],
    ]);
  });

  it("may be cross-signed by a root that nobody trusts any more", () => {
    expect(saysOf(chain + ca.crossed.pem, [ca.root.pem])).toEqual([]);
    expect(saysOf(chain + ca.crossed.pem + ca.oldRoot.pem, [ca.root.pem]).filter(([, severity]) => severity)).toEqual(
      [],
    );
  });

  it("is not mentioned where another warning says why no client gets there", () => {
    for (const pem of [plain.pem, plain.pem + ca.impostor.pem, under.itself.pem, ca.root.pem])
      expect(JSON.stringify(saysOf(pem))).not.toMatch(/root that browsers/);
  });

  it.runIf(openssl?.sm2)("is not known for the SM2 standard, so nothing is said of it", () => {
    const { certificate = "" } = openssl?.sm2?.sign ?? {};
    expect(JSON.stringify(saysOf(certificate + ca.middle.pem + ca.root.pem))).not.toMatch(/root that browsers/);
  });
});

describe("what clients refuse", () => {
  const verdictOn = (certificatePem: string, roots: readonly string[] = [ca.root.pem]) => {
    const { verdict, findings } = inspect({ certificatePem }, now, roots);
    return [verdict.split(":")[0], ...findings.flatMap(({ severity }) => severity ?? "caution")];
  };
  const turnedAway = "Do not serve it";
  const doubted = "It can be served, with doubts";

  it("is not fit to be served, if nothing else is wrong with it", () => {
    const leaves = { itself: under.itself.pem, small: small.pem, client: used.client.pem };
    for (const [name, pem] of Object.entries(leaves))
      expect([name, ...verdictOn(pem + (pem === under.itself.pem ? "" : ca.middle.pem))]).toEqual([
        name,
        turnedAway,
        "outage",
      ]);
    expect(verdictOn(ca.middle.pem)).toEqual([turnedAway, "outage"]);
    expect(verdictOn(ca.middle.pem + plain.pem)).toEqual([turnedAway, "outage", "outage"]);
  });

  it("is a self-signed certificate, unless it is among the roots of the edge's clients", () => {
    expect(verdictOn(under.itself.pem, [under.itself.pem])).toEqual(["It is fit to be served."]);
  });

  it("is a chain that leads through an expired, weak or forged intermediate", () => {
    expect(verdictOn(under.stale.pem + ca.stale.pem)).toEqual([turnedAway, "outage"]);
    expect(verdictOn(under.weak.pem + ca.weak.pem)).toEqual([turnedAway, "outage", "outage"]);
    expect(verdictOn(plain.pem + ca.impostor.pem)).toEqual([turnedAway, "outage"]);
  });

  it("ends with an intermediate that clients need, unless a cross-signed twin of it lasts longer", async () => {
    const inspected = (pem: string, roots: readonly string[] = [ca.root.pem]) => {
      const { chain, findings } = inspect({ certificatePem: pem }, now, roots);
      return { ends: chain?.ends, says: findings.map(({ says, next }) => `${says} ${next}`) };
    };
    const given = under.ending.pem + ca.ending.pem;
    expect(inspected(given)).toEqual({
      ends: authority.inDays(20).toISOString(),
      says: [
        expect.stringMatching(/^Certificate 2 of the chain expires on .*, before the leaf.* Get the CA's current/),
      ],
    });
    const current = await authority.issue({ name: "Ending CA", ca: true, keys: ca.ending, by: ca.root, to: longer });
    expect(inspected(given + current.pem)).toEqual({ ends: undefined, says: [] });
    expect(inspected(chain)).toMatchObject({ ends: undefined });
  });

  describe("with a CA that is cross-signed", () => {
    const said = (above: readonly { readonly pem: string }[], roots: readonly string[] = []) => {
      const { chain, findings } = inspect({ certificatePem: above.map(({ pem }) => pem).join("") }, now, roots);
      return { ends: chain?.ends, dates: findings.map(({ says }) => says).filter((says) => /expire/.test(says)) };
    };
    const long = { ca: true, from: authority.inDays(-400), to: longer };

    it("does not end with the root that signed one twin, if another lasts longer without it", async () => {
      const own = await authority.issue({ name: "New Root", ...long });
      const old = await authority.issue({ name: "Former Root", ...long, to: authority.inDays(20) });
      const crossed = await authority.issue({ name: "New Root", ...long, keys: own, by: old });
      const middle = await authority.issue({ name: "New CA", ...long, by: own });
      const end = await authority.issue({ name: "www.example.com", by: middle });
      expect(said([end, middle, crossed, old, own])).toEqual({ ends: undefined, dates: [] });
      // Clients that have only the former root need what it signed, and not the copy of it that is sent.
      expect(said([end, middle, crossed, old, own], [old.pem])).toEqual({ ends: undefined, dates: [] });
      const ends = authority.inDays(20).toISOString();
      expect(said([end, middle, crossed, old])).toEqual({
        ends,
        dates: [expect.stringMatching(/^Certificate 4 of the chain expires on .*, before the leaf/)],
      });
      const expired = await authority.issue({ name: "Former Root", ...long, keys: old, to: authority.inDays(-1) });
      const { findings } = inspect(
        { certificatePem: [end, middle, crossed, expired, own].map(({ pem }) => pem).join("") },
        now,
      );
      expect(findings.filter(({ says }) => says.startsWith("Certificate 4 of the chain expired"))).toMatchObject([
        { next: expect.stringMatching(/^Leave it out/) },
      ]);
    });

    it("tells each twin's date under its own number", async () => {
      const own = await authority.issue({ name: "New Root", ...long });
      const old = await authority.issue({ name: "Former Root", ...long });
      const twin = (to: Date) => authority.issue({ name: "New Root", ...long, keys: own, by: old, to });
      const middle = await authority.issue({ name: "New CA", ...long, by: own });
      const end = await authority.issue({ name: "www.example.com", by: middle });
      expect(said([end, middle, await twin(authority.inDays(-1)), await twin(authority.inDays(20))])).toEqual({
        ends: authority.inDays(20).toISOString(),
        dates: [
          expect.stringMatching(/^Certificate 3 of the chain expired on/),
          expect.stringMatching(/^Certificate 4 of the chain expires on .*, before the leaf/),
        ],
      });
    });
  });

  it("needs the CA's current chain where the only intermediate has expired: without it there is none", () => {
    const { findings } = inspect({ certificatePem: under.stale.pem + ca.stale.pem }, now, [ca.root.pem]);
    expect(findings.map(({ next }) => next)).toEqual(["Get the current chain from the CA: clients need it."]);
  });

  it("is no such intermediate that clients can do without", async () => {
    const current = await authority.issue({ name: "Stale CA", ca: true, keys: ca.stale, by: ca.root });
    const both = under.stale.pem + ca.stale.pem + current.pem;
    expect(verdictOn(both)).toEqual([doubted, "caution"]);
    expect(verdictOn(under.stale.pem + ca.stale.pem, [current.pem])).toEqual([doubted, "caution"]);
    expect(verdictOn(under.weak.pem + ca.weak.pem, [ca.weak.pem])).toEqual([doubted, "caution", "caution"]);
  });
});

describe("real certificates", () => {
  const roots = rootCertificates.map((pem) => ({ pem, x509: readX509(pem) }));
  it("knows what public roots issued, themselves to begin with", () => {
    for (const { x509 } of roots) expect(isTrusted(x509)).toBe(true);
    expect(isTrusted(readX509(plain.pem))).toBe(false);
  });

  const wellWithin = ({ x509 }: { readonly x509: X509 }) => x509.notBefore < now && x509.notAfter > authority.inDays(8);

  it.each(roots.filter(wellWithin).map(({ pem, x509 }) => [x509.subject.replaceAll("\n", ", "), pem]))(
    "%s raises no alarm as a CA",
    (_, pem) => {
      const params = { CertificatePublicKey: pem, CertificateType: "CA" };
      expect(preflight(uploadCertificate, uploadCertificate.params.parse(params), now)).toEqual([]);
    },
  );
});

/** One bit of the point of its key (P-256) is wrong. */
function pointMoved(pem: string): string {
  const der = Buffer.from(new X509Certificate(pem).raw);
  const curve = Buffer.from("06082a8648ce3d03010703420004", "hex");
  const at = der.indexOf(curve) + curve.length + 20;
  der.writeUInt8(der.readUInt8(at) ^ 1, at);
  return `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}(?!$)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

it("a server's certificate that is uploaded as a CA's: the advice is the type that is meant", () => {
  const params = { CertificatePublicKey: chain, CertificateType: "CA" };
  const [found] = preflight(uploadCertificate, params, now);
  expect(found?.next).toMatch(/^Leave CertificateType out, or pass SVR/);
});
