/** What a person who knows certificates says of a file: it is fit, it is to be doubted, or it is not to be served. */
export interface CorpusRow {
  readonly about: string;
  /** The file given as the certificate. */
  readonly file: string;
  /** The file given as its key, with `;password=` where it needs one. */
  readonly key?: string;
  readonly domains?: readonly string[];
  readonly verdict: "fit" | "warning" | "refused";
  /** What has to be said; nothing for what is fit. */
  readonly says?: RegExp;
  /** What to do, where more than one thing could be meant. */
  readonly next?: RegExp;
  /** The only findings that there may be, by the number; one where nothing is said. */
  readonly findings?: number;
  /** Members of the reply that have to be right. */
  readonly tells?: Readonly<Record<string, unknown>>;
  /** What has to be there for it. */
  readonly needs?: "keytool" | "SM2";
}

type More = Omit<CorpusRow, "about" | "file" | "verdict" | "says">;
const good = (about: string, file: string, more: More = {}): CorpusRow => ({ about, file, verdict: "fit", ...more });
const doubt = (about: string, file: string, says: RegExp, more: More = {}): CorpusRow => ({
  about,
  file,
  verdict: "warning",
  says,
  ...more,
});
const refused = (about: string, file: string, says: RegExp, more: More = {}): CorpusRow => ({
  about,
  file,
  verdict: "refused",
  says,
  ...more,
});

const subjects: readonly CorpusRow[] = [
  good("Let's Encrypt's classic profile", "classic.crt", { tells: { subject: "CN=shop.example.com" } }),
  // https://github.com/certd/certd/issues/417, https://github.com/kjur/jsrsasign/issues/367
  good("the tlsserver profile, without a subject", "tlsserver.crt", { tells: { subject: "none" } }),
  // https://github.com/ZoeyVid/NPMplus/issues/2558
  doubt("the shortlived profile, six days", "shortlived.crt", /expires on .*, in less than 7 days/, {
    next: /issued for only 7 days: renew and deploy it each time before it expires/,
  }),
  // https://github.com/Infisical/infisical/issues/6899
  doubt("no subject and names that are not critical", "soft-names.crt", /subject is empty .* not critical.* Apple's/),
  // https://github.com/oven-sh/bun/pull/38532
  doubt("an issuer without a name, which is the root", "nameless-issuer.crt", /a root that browsers do not trust/, {
    tells: { issuer: "none" },
  }),
  doubt(
    "neither subject nor issuer",
    "nameless-both.crt",
    /intermediate certificate is missing: .* issuer, which has no/,
  ),
  good("an organization's, with Chinese in the subject", "ev.crt"),
  good("a server that is named like its authority", "namesake.crt"),
];

const covering: readonly CorpusRow[] = [
  good("addresses", "address.crt", { domains: ["192.0.2.7", "2001:db8::7", "shop.example.com"] }),
  doubt(
    "an address as a DNS name",
    "address-as-dns.crt",
    /192\.0\.2\.7 covers nothing: it is an address written as a DNS/,
  ),
  refused("an address as a DNS name, asked for", "address-as-dns.crt", /does not cover 192\.0\.2\.7/, {
    domains: ["192.0.2.7"],
    findings: 2,
  }),
  good("a wildcard", "wildcard.crt", { domains: ["a.example.com", "example.com"] }),
  refused("a wildcard, two levels below", "wildcard.crt", /does not cover a\.b\.example\.com/, {
    domains: ["a.b.example.com"],
  }),
  doubt("a wildcard of two levels", "wildcard-twice.crt", /\*\.\*\.example\.com covers nothing: clients accept \*/),
  doubt("a wildcard within a label", "wildcard-within.crt", /w\*\.example\.com covers nothing: clients accept \*/),
  doubt(
    "a wildcard alone",
    "wildcard-alone.crt",
    /\* covers nothing: clients accept no \* alone, only one before a domain/,
  ),
  doubt(
    "no name that clients look for",
    "uri-alone.crt",
    /subject alternative name has neither a DNS name nor an IP address/,
  ),
  doubt("a name in UTF-8", "utf8.crt", /covers nothing: it is written in UTF-8.*xn--bcher-kva\.example\.com/),
  refused("a name in UTF-8, asked for", "utf8.crt", /does not cover xn--bcher-kva/, {
    domains: ["bücher.example.com"],
    findings: 2,
  }),
  good("an A-label, asked for in its own script", "a-label.crt", { domains: ["bücher.example.com"] }),
  good("capitals", "capitals.crt", { domains: ["shop.example.com"] }),
  doubt("a dot at the end", "dot.crt", /covers nothing: clients accept no final dot/),
  doubt("an address on the web", "url.crt", /covers nothing: it is not a valid host name/),
  good("underscores", "underscore.crt"),
  doubt("a label of 64 letters", "long-label.crt", /covers nothing: it is not a valid host name/),
  doubt("254 letters", "long.crt", /covers nothing: it is longer than 253/),
  good("a hundred names", "hundred.crt", { domains: ["host-99.example.com"] }),
  doubt("a common name alone", "common-name.crt", /no subject alternative name/),
  doubt("a common name alone, in UTF-8", "common-name-utf8.crt", /covers nothing: it is written in UTF-8/, {
    findings: 2,
  }),
];

const dates: readonly CorpusRow[] = [
  refused("expired", "expired.crt", /^The certificate expired on /),
  doubt("not yet valid", "future.crt", /is not valid before/, { next: /Wait/ }),
  doubt("ends tomorrow", "tomorrow.crt", /in less than 2 days/),
  // https://github.com/chris2511/xca/issues/80, https://github.com/pyca/cryptography/issues/3194
  doubt("9999-12-31", "endless.crt", /has no expiry \(notAfter is 9999-12-31\)/, {
    findings: 2,
    tells: { not_after: "9999-12-31T23:59:59.000Z" },
  }),
  // https://github.com/PeculiarVentures/x509/issues/36, https://github.com/xrootd/xrootd/issues/1969
  doubt("ten years", "decade.crt", /is valid for 3651 days/),
  good("398 days, the most before 2026", "year.crt"),
  doubt("an intermediate that has expired", "stale-issuer.crt", /^Certificate 2 of the chain expired/),
];

const kind = (key: string, says: RegExp) => doubt(`a key of ${key}`, `key-${key}.crt`, says, { key: `${key}.key` });
const keys: readonly CorpusRow[] = [
  good("RSA 2048", "key-rsa.crt", { key: "rsa.key" }),
  good("P-384", "key-secp384r1.crt", { key: "secp384r1.key" }),
  // https://github.com/pi-hole/FTL/pull/1583, https://github.com/brave/brave-browser/issues/13184
  kind("secp521r1", /EC P-521 \(secp521r1\), which Chrome/),
  kind("secp256k1", /EC secp256k1, which browsers do not accept/),
  kind("brainpoolP256r1", /EC brainpoolP256r1, which browsers do not accept/),
  kind("secp224r1", /EC secp224r1; RSA needs 2048/),
  kind("explicit", /explicit parameters in place of a curve's name/),
  kind("ed25519", /key of Ed25519, which browsers/),
  kind("ed448", /key of Ed448, which browsers/),
  kind("rsa1024", /RSA 1024;/),
  kind("rsa-pss", /key of RSA-PSS 2048, which browsers/),
  doubt("a key of dsa", "key-dsa.crt", /DSA 1024;/),
  doubt("a key of SM2", "key-sm2.crt", /key of SM2, which only clients of the Chinese standard/, {
    needs: "SM2",
  }),
  doubt("signed with SHA-1", "sha1.crt", /^The certificate is signed with SHA-1/, { findings: 2 }),
  doubt("signed with MD5", "md5.crt", /^The certificate is signed with MD5/, { findings: 2 }),
  doubt("signed with RSA-PSS, under an old root", "pss-signed.crt", /is a root that browsers do not trust/),
  // https://github.com/golang/go/issues/67620
  doubt("a negative serial number", "serial-negative.crt", /serial number is negative/),
  doubt("zero as the serial number", "serial-zero.crt", /serial number is zero/),
  good("a serial number of 20 bytes", "serial-twenty.crt"),
  doubt("a serial number of 21 bytes", "serial-long.crt", /serial number is longer than 20 bytes/),
  refused("the key of another", "classic.crt", /does not belong to the certificate/, { key: "other.key" }),
  good("its key, in PKCS#8", "classic.crt", { key: "leaf.key" }),
  good("its key, in SEC 1", "classic.crt", { key: "sec1.key" }),
  good("its key, after its parameters", "classic.crt", { key: "parameters.key" }),
  good("its key and chain in one file", "all.pem", { key: "all.pem" }),
  good("its key, encrypted", "classic.crt", { key: "encrypted.key;password=file:password.txt" }),
  good("its key, encrypted the old way", "classic.crt", { key: "encrypted-sec1.key;password=file:password.txt" }),
  refused("its key, encrypted, without the password", "classic.crt", /is encrypted and no password was named/, {
    key: "encrypted.key",
  }),
  refused("its key as SSH keeps it", "classic.crt", /an OpenSSH private key/, { key: "openssh.key" }),
  refused("its key as PuTTY keeps it", "classic.crt", /a PuTTY private key/, { key: "site.ppk" }),
  refused("a certificate as the key", "classic.crt", /holds no private key, but CERTIFICATE/, { key: "classic.crt" }),
];

const extensions: readonly CorpusRow[] = [
  good("no key usage", "no-key-usage.crt"),
  doubt("a key that only enciphers", "enciphers.crt", /key usage \(keyEncipherment\) lacks digitalSignature/),
  doubt("must-staple", "must-staple.crt", /demands a stapled OCSP response/),
  refused("a precertificate", "precertificate.crt", /is a precertificate/),
  doubt(
    "a critical extension of one's own",
    "unknown-critical.crt",
    /critical extension that clients do not know \(1\.2\.3\.4\)/,
  ),
  doubt("a client's certificate", "client.crt", /lacks serverAuth/),
  doubt("what `openssl req -x509` makes", "req-default.crt", /first certificate is a root certificate/),
  doubt("signed by its own key", "self-signed.crt", /signed by its own key/),
];

const chains: readonly CorpusRow[] = [
  doubt("the leaf alone, its bundle in another file", "classic-leaf.crt", /intermediate certificate is missing/, {
    next: /in one file: cat site\.crt ca-bundle\.crt/,
  }),
  doubt("the leaf alone, which says where its issuer is", "with-place.crt", /is missing/, {
    next: /it is at http:\/\/ca\.example\.org\/int\.crt/,
  }),
  good("two intermediates", "two-levels.crt"),
  doubt("shuffled", "shuffled.crt", /out of order: it should be 1, 3, 2/, { next: /order 1, 3, 2/ }),
  doubt("reversed", "reversed.crt", /leaf is not first: certificate 3/, { next: /order 3, 2, 1/, findings: 2 }),
  refused("reversed, with its key", "reversed.crt", /belongs to certificate 3 of the chain/, {
    key: "leaf.key",
    findings: 3,
  }),
  doubt("with the root", "with-root.crt", /Certificate 3 of the chain is the root/),
  good("each certificate twice", "twice.crt"),
  doubt("with a certificate of another authority", "with-alien.crt", /Certificate 3 of the chain is not part/, {
    next: /Leave it out/,
  }),
  doubt("two leaves", "two-leaves.crt", /Certificate 2 .* not part of the leaf's chain: it is another server's/),
  doubt("the root in place of the intermediate", "without-middle.crt", /intermediate certificate is missing/, {
    findings: 2,
  }),
  doubt("the authority's bundle without the leaf", "bundle.crt", /first certificate is a CA certificate/, {
    findings: 2,
  }),
  doubt("an intermediate of the same name", "same-name.crt", /Certificate 2 of the chain is not part/, { findings: 2 }),
  // DST Root CA X3, 2021: https://github.com/certbot/certbot/issues/8577
  doubt("an expired cross-signed root behind it", "expired-cross.crt", /^Certificate 3 of the chain expired/, {
    next: /Leave it out/,
  }),
];

const read = (about: string, file: string) => good(about, file, { key: "leaf.key" });
const alone = (about: string, file: string) =>
  doubt(about, file, /intermediate certificate is missing/, { key: "leaf.key" });
const encodings: readonly CorpusRow[] = [
  alone("DER", "der.cer"),
  read("UTF-16, little end first", "utf16le.crt"),
  read("UTF-16, big end first", "utf16be.crt"),
  read("a byte order mark", "bom.crt"),
  read("line ends of Windows", "crlf.crt"),
  read("line ends of old Macs", "cr.crt"),
  read("two files put together without a line end between them", "glued.crt"),
  read("base64 of PEM", "base64.txt"),
  alone("base64 of DER", "base64-der.txt"),
  read("line ends as \\n", "escaped.txt"),
  read("indented, out of YAML", "indented.yaml"),
  read("the label X509 CERTIFICATE", "x509-label.crt"),
  alone("TRUSTED CERTIFICATE", "trusted.crt"),
  alone("OpenSSL's text before it", "dump.crt"),
  read("Bag Attributes", "bag.crt"),
  refused("a zero-width space within", "zero-width.crt", /line 2, character 11 is U\+200B/),
  refused("no END line", "no-end.crt", /END line is missing/),
  refused("nothing", "empty.crt", /holds no certificate, but nothing|is empty/),
  refused("a page on the web", "page.html", /a web page, as of an error or a login/),
  refused("a signing request", "request.csr", /holds no certificate, but CERTIFICATE REQUEST/),
  refused("a private key", "leaf.key", /holds no certificate, but PRIVATE KEY/),
  refused("a public key", "public.pem", /holds no certificate, but PUBLIC KEY/),
  refused("a revocation list", "list.crl", /holds no certificate/),
];

const archives: readonly CorpusRow[] = [
  refused("PKCS#12 with AES", "aes.pfx", /PKCS#12 \(PFX\), .*openssl pkcs12 -in/s),
  refused("PKCS#12 with RC2", "rc2.pfx", /obsolete.*openssl pkcs12 -legacy/s),
  refused("PKCS#12 with 3DES", "3des.pfx", /PKCS#12 \(PFX\), .*openssl pkcs12 -in/s),
  refused("PKCS#7", "chain.p7b", /PKCS#7.*openssl pkcs7 -print_certs/s),
  refused("PKCS#7, binary", "binary.p7b", /PKCS#7.*-inform der/s),
  refused("PKCS#7 that says CERTIFICATE", "certnew.p7b", /PKCS#7/),
  refused("a Kubernetes Secret", "secret.yaml", /Kubernetes Secret.*base64 -d/s),
  refused("a Java keystore", "store.jks", /a Java keystore.*keytool -importkeystore/s, { needs: "keytool" }),
  refused("a Java keystore of today", "java.p12", /PKCS#12 \(PFX\)/, { needs: "keytool" }),
];

export const rows: readonly CorpusRow[] = [
  ...subjects,
  ...covering,
  ...dates,
  ...keys,
  ...extensions,
  ...chains,
  ...encodings,
  ...archives,
];
