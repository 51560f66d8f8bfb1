import { Authority, encrypted, publicExtensions, traditional, usage } from "./authority.js";
import { Openssl, type Pair } from "./openssl.js";

export type Material = Awaited<ReturnType<typeof makeMaterial>>;

const password = "correct horse";
const hundred = Array.from({ length: 100 }, (_, index) => `host-${index}.example.com`);

/** A domain that the sandbox has at each cloud: CDN, VOD and Live. */
export const domains = {
  cdn: "img.example.com",
  below: ".cdn.example.com",
  vod: "vod.example.com",
  live: "play.example.com",
};
const everywhere = [domains.cdn, domains.vod, domains.live, "*.cdn.example.com"];

/** Certificates and keys of every kind that the table needs. */
export async function makeMaterial(now: Date) {
  const authority = new Authority(now);
  const years = { from: authority.inDays(-400), to: authority.inDays(4000) };
  const ca = (name: string, more: Partial<Parameters<Authority["issue"]>[0]> = {}) =>
    authority.issue({ name, ca: true, ...years, ...more });

  const root = await ca("Root", { kind: "RSA-2048" });
  const oldRoot = await ca("Old Root", { kind: "RSA-2048", hash: "SHA-1" });
  const crossed = await ca("Root", { keys: root, by: oldRoot });
  const middle = await ca("Issuing CA", { by: root });
  const upper = await ca("Policy CA", { by: root, kind: "EC-P384" });
  const lower = await ca("Lower CA", { by: upper, hash: "SHA-384" });
  const stale = await ca("Stale CA", { by: root, to: authority.inDays(-1) });
  const ending = await ca("Ending CA", { by: root, to: authority.inDays(20) });
  const weakCa = await ca("Weak CA", { by: root, kind: "RSA-1024", hash: "SHA-1" });
  const impostor = await ca("Issuing CA");

  const leaf = (more: Partial<Parameters<Authority["issue"]>[0]> = {}) =>
    authority.issue({ name: domains.cdn, names: everywhere, by: middle, ...more });
  const [plain, other, rsa] = await Promise.all([leaf(), leaf(), leaf({ kind: "RSA-2048" })]);

  return {
    authority,
    password,
    ca: { root, oldRoot, crossed, middle, upper, lower, stale, ending, weak: weakCa, impostor },
    leaf,
    plain,
    other,
    rsa,
    small: await leaf({ kind: "RSA-1024" }),
    named: {
      wildcard: await leaf({ name: "*.example.com", names: ["*.example.com", "example.com"] }),
      idn: await leaf({ name: "xn--fsqu00a.example.com", names: ["xn--fsqu00a.example.com", ...everywhere] }),
      hundred: await leaf({ names: [...hundred, ...everywhere] }),
      address: await leaf({ names: [...everywhere, "192.0.2.7", "2001:db8::7"] }),
      commonNameOnly: await leaf({ names: [] }),
      elsewhere: await leaf({ name: "www.example.net", names: ["www.example.net"] }),
    },
    dated: {
      expired: await leaf({ from: authority.inDays(-90), to: authority.inDays(-1) }),
      future: await leaf({ from: authority.inDays(2) }),
      ending: await leaf({ to: authority.inDays(3) }),
      week: await leaf({ to: authority.inDays(7) }),
    },
    used: {
      client: await leaf({ usages: [usage.clientAuth] }),
      both: await leaf({ usages: [usage.clientAuth, usage.serverAuth] }),
      unlimited: await leaf({ usages: [] }),
    },
    under: {
      lower: await leaf({ by: lower }),
      root: await leaf({ by: root }),
      stale: await leaf({ by: stale }),
      ending: await leaf({ by: ending }),
      weak: await leaf({ by: weakCa }),
      itself: await authority.issue({ name: domains.cdn, names: everywhere }),
      public: await leaf({ more: publicExtensions() }),
    },
    keys: {
      encrypted: encrypted(plain, password),
      traditional: traditional(plain),
      pkcs1: traditional(rsa),
    },
    ...(Openssl.present ? fromOpenssl(rsa.key) : undefined),
  };
}

/** What WebCrypto does not make. */
function fromOpenssl(rsaKey: string) {
  const openssl = new Openssl();
  try {
    openssl.write("rsa.key", rsaKey);
    const locked = ["-aes256", "-passout", `pass:${password}`];
    openssl.run("rsa", "-in", "rsa.key", "-traditional", ...locked, "-out", "locked.key");
    const legacy = ["-provider", "legacy", "-provider", "default", "-passout", `pass:${password}`];
    openssl.run("pkcs8", "-topk8", "-in", "rsa.key", "-v2", "rc2", ...legacy, "-out", "rc2.key");
    kinds ??= kindsFrom(openssl);
    return {
      openssl: { lockedTraditional: openssl.read("locked.key"), lockedWithRc2: openssl.read("rc2.key"), ...kinds },
    };
  } finally {
    openssl.close();
  }
}

/** Made once for all files of tests: it takes a second. */
let kinds: ReturnType<typeof kindsFrom> | undefined;

/** Certificates with kinds of keys and signatures that few have. */
function kindsFrom(openssl: Openssl) {
  const ec = (curve: string) => ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`];
  openssl.run("ecparam", "-name", "prime256v1", "-genkey", "-out", "with-parameters.key");
  const request = ["-x509", "-new", "-key", "with-parameters.key", "-subj", "/CN=a.example.com", "-days", "90"];
  openssl.run("req", ...request, "-out", "p.crt");
  return {
    withParameters: { certificate: openssl.read("p.crt"), key: openssl.read("with-parameters.key") },
    p192: openssl.selfSigned("p192.example.com", ec("prime192v1")),
    p224: openssl.selfSigned("p224.example.com", ec("secp224r1")),
    p521: openssl.selfSigned("p521.example.com", ec("secp521r1")),
    ed25519: openssl.selfSigned("ed.example.com", ["-algorithm", "ED25519"]),
    md5: openssl.selfSigned("md5.example.com", ["-algorithm", "RSA"], ["-md5"]),
    pss: openssl.selfSigned("pss.example.com", ["-algorithm", "RSA"], ["-sigopt", "rsa_padding_mode:pss"]),
    sm2: Openssl.knowsSm2 ? openssl.sm2Pairs(domains.live) : undefined,
  };
}

export type { Pair };
