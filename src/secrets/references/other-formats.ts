import { constants, gunzipSync } from "node:zlib";
import { decodeText } from "../../lib/decode-text.js";
import { unlessThrown } from "../../lib/failure.js";
import { type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { base64In } from "./blocks-in-file.js";
import { made, madeWithPassPhrase, type OtherFormat, sameFileAgain } from "./conversion.js";
import type { Block } from "./pem.js";

/** OpenSSL 3 opens files from older Windows versions and OpenSSL 1 only with its legacy provider. */
const pkcs12Opened = (name: SafeText, ...options: readonly string[]): OtherFormat => ({
  name,
  commands: [["openssl pkcs12", ...options, "-in FILE -out site.pem"].join(" ")],
  next: madeWithPassPhrase("site.pem", false),
});
const pkcs12 = pkcs12Opened(safe`PKCS#12 (PFX)`);
const oldPkcs12 = pkcs12Opened(safe`PKCS#12 (PFX) with an obsolete encryption`, "-legacy");

const pkcs7: OtherFormat = {
  name: safe`PKCS#7`,
  commands: ["openssl pkcs7 -print_certs -in FILE -out chain.pem"],
  next: made("chain.pem"),
  note: safe`If the file is binary, add -inform der.`,
};

/** OpenSSL's reader of PKCS#7 does not take this label of the same content. */
const cms: OtherFormat = {
  name: safe`PKCS#7 (CMS)`,
  commands: ["sed 's/ CMS-/ PKCS7-/' FILE | openssl pkcs7 -print_certs -out chain.pem"],
  next: made("chain.pem"),
};

const openssh: OtherFormat = {
  name: safe`an OpenSSH private key`,
  commands: ['cp FILE site.key && ssh-keygen -p -N "" -m PKCS8 -f site.key'],
  next: made("site.key"),
  note: safe`Keys for SSH are rarely meant for TLS.`,
  isForElse: true,
};

const putty: OtherFormat = {
  name: safe`a PuTTY private key`,
  commands: ["puttygen FILE -O private-openssh -o site.key", "ssh-keygen -p -m PKCS8 -f site.key"],
  next: made("site.key"),
  note: safe`If it gets a password, that belongs to it.`,
  isForElse: true,
};

const keystore: OtherFormat = {
  name: safe`a Java keystore`,
  commands: [
    "keytool -importkeystore -srckeystore FILE -destkeystore site.p12 -deststoretype PKCS12",
    "openssl pkcs12 -in site.p12 -out site.pem",
  ],
  next: madeWithPassPhrase("site.pem", false),
};

const kubernetesSecret = (partOf: (part: string) => string): OtherFormat => ({
  name: safe`a Kubernetes Secret`,
  commands: [`${partOf("tls.crt")} > site.crt`, `${partOf("tls.key")} > site.key`],
  next: made("site.crt", "site.key"),
});
const secretInYaml = kubernetesSecret(
  (part) => `sed -nE 's/^ *"?${part.replace(".", "\\.")}"?: *"?([A-Za-z0-9+/=]+).*/\\1/p' FILE | base64 -d`,
);
/** On one line or on many, whole or only its data, as of kubectl get -o jsonpath='{.data}'. */
const secretInJson = kubernetesSecret((part) => `jq -r '.. | .["${part}"]? // empty' FILE | base64 -d`);

const sealedSecret: OtherFormat = {
  name: safe`a Kubernetes SealedSecret`,
  commands: ["kubectl get secret NAME -o yaml > secret.yaml"],
  next: made("secret.yaml"),
  note: safe`Only its cluster decrypts it.`,
};

const partOfStore = (part: string, file: string) =>
  `jq -r '.. | objects | select(.domain?.main == "DOMAIN") | .${part}' FILE | base64 -d > ${file}`;
const acmeJson: OtherFormat = {
  name: safe`Traefik's acme.json`,
  commands: [partOfStore("certificate", "site.crt"), partOfStore("key", "site.key")],
  next: made("site.crt", "site.key"),
  note: safe`The domain goes in place of DOMAIN.`,
};

/** OpenSSL 3 tells the two apart by itself. */
const microsoft: OtherFormat = {
  name: safe`a Microsoft private key (PVK or MSBLOB)`,
  commands: ["openssl pkey -in FILE -out site.key"],
  next: made("site.key"),
  note: safe`With OpenSSL 1, add -inform PVK or -inform MSBLOB.`,
};

/** The encryption key of an SM2 pair as a CA delivers it. No common program opens it. */
const sm2EnvelopedKey: OtherFormat = {
  name: safe`an SM2 enveloped key (GM/T 0009)`,
  commands: [],
  next: {
    name: verbatim("Have the CA's tool, or the program that made the signing key, decrypt it, then name the result."),
    upload: safe`Decrypt it with the CA's tool or the program that made the signing key, then upload the result.`,
  },
  note: safe`It has no password: the signing key of the same pair decrypts it.`,
};

/** What a program encrypted as a whole, with the command that decrypts it. */
const encrypted = (program: string, command: string, note?: SafeText): OtherFormat => ({
  name: safe`encrypted with ${verbatim(program)}`,
  commands: [command],
  next: made("site.pem"),
  ...(note && { note }),
});
const openPgp = encrypted("OpenPGP", "gpg --output site.pem --decrypt FILE");
const age = encrypted("age", "age --decrypt --identity YOUR-IDENTITY --output site.pem FILE");
const sops = encrypted(
  "SOPS",
  "sops decrypt FILE > site.pem",
  safe`For one member of a YAML or JSON file, add --extract '["NAME"]'.`,
);
const ansibleVault = encrypted("Ansible Vault", "ansible-vault decrypt --output site.pem FILE");
const gitCrypt: OtherFormat = {
  name: safe`encrypted with ${verbatim("git-crypt")}`,
  commands: ["git-crypt unlock"],
  next: sameFileAgain,
};

const gitLfs: OtherFormat = { name: safe`a Git LFS pointer`, commands: ["git lfs pull"], next: sameFileAgain };

/** Node is there where this program runs. */
const jwk: OtherFormat = {
  name: safe`a JSON Web Key`,
  commands: [
    'node -p \'crypto.createPrivateKey({ key: JSON.parse(fs.readFileSync("FILE")), format: "jwk" }).export({ type: "pkcs8", format: "pem" })\' > site.key',
  ],
  next: made("site.key"),
  note: safe`Certbot's private_key.json is the key of the ACME account and not of a certificate: that one is privkey.pem.`,
  isForElse: true,
};

/** RC2 with 40 and 128 bits and RC4 (RFC 7292, appendix C), which OpenSSL 3's default provider lacks. */
const oldEncryptions = ["010c0101", "010c0102", "010c0105", "010c0106"].map((end) =>
  Buffer.from(`2a864886f70d${end}`, "hex"),
);

const archive = (name: SafeText, command: string): OtherFormat => ({
  name,
  commands: [command],
  next: {
    name: verbatim("Then name the files of the certificate and of the key that were in it."),
    upload: safe`Then upload the files of key and certificate, one after the other.`,
  },
});
const compressedTar = archive(safe`a compressed archive`, "tar -xf FILE");

const compressed = (program: string, note?: SafeText): OtherFormat => ({
  name: safe`compressed with ${verbatim(program)}`,
  commands: [`${program} -dc FILE > site.pem`],
  next: made("site.pem"),
  ...(note && { note }),
});
const gzip = compressed("gzip");
/** Only of gzip is it known here whether an archive is in it. */
const orTar = safe`If it is a tar archive, take its files out with tar -xf instead.`;

/** By how they begin in hex: the clouds' consoles hand out certificates as ZIP files. */
const packed: readonly (readonly [RegExp, OtherFormat])[] = [
  [/^504b0304/, archive(safe`a compressed archive`, "unzip FILE -d site")],
  [/^(377abcaf|526172211a)/, archive(safe`a compressed archive`, "7z x FILE")],
  [/^425a683[1-9]/, compressed("bzip2", orTar)],
  [/^fd377a58/, compressed("xz", orTar)],
  [/^28b52ffd/, compressed("zstd", orTar)],
];

function archiveIn(bytes: Buffer): OtherFormat | undefined {
  if (isTar(bytes)) return archive(safe`a tar archive`, "tar -xf FILE");
  const beginning = beginningOf(bytes);
  if (beginning.startsWith("1f8b")) return isTar(beginningOfGzip(bytes)) ? compressedTar : gzip;
  return packed.find(([pattern]) => pattern.test(beginning))?.[1];
}

/** The mark of POSIX in the header of the first file. */
const isTar = (bytes: Buffer) => bytes.toString("latin1", 257, 262) === "ustar";

/** So much of a compressed file is decompressed to see what is in it, in bytes: at most a thousand times as much. */
const LOOKED_INTO = 2_048;

function beginningOfGzip(bytes: Buffer): Buffer {
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  return unlessThrown(() => gunzipSync(bytes.subarray(0, LOOKED_INTO), options)) ?? Buffer.alloc(0);
}

/** As secrets of CI services and of Kubernetes have binary files. */
function insideBase64(format: OtherFormat): OtherFormat {
  const commands = [
    "base64 -d FILE > decoded",
    ...format.commands.map((command) => command.replace("FILE", "decoded")),
  ];
  return { ...format, name: safe`${format.name}, in base64`, commands };
}

/** A file encrypted with SOPS contains blocks of age or OpenPGP for its recipients: its own pattern comes first. */
const sopsValue = /\bENC\[AES256_GCM,data:/;

const ofLabels: readonly (readonly [RegExp, OtherFormat])[] = [
  [/^(PKCS7|PKCS #7 SIGNED DATA)$/, pkcs7],
  [/^CMS$/, cms],
  [/^OPENSSH PRIVATE KEY$/, openssh],
  [/^SM2 ENVELOPED KEY$/, sm2EnvelopedKey],
  [/^PGP MESSAGE$/, openPgp],
  [/^AGE ENCRYPTED FILE$/, age],
];

/** By how the bytes begin, in hex. Of OpenPGP, the packets of a session key (RFC 4880, section 4.2). */
const ofBytes: readonly (readonly [RegExp, OtherFormat])[] = [
  [/^(feedfeed|cececece)/, keystore],
  [/^00474954435259505400/, gitCrypt],
  [/^(1ef1b5b0|0702000000)/, microsoft],
  [/^(8c0d04|84..03|85....03)/, openPgp],
];

const ofTexts: readonly (readonly [RegExp, OtherFormat])[] = [
  [/^PuTTY-User-Key-File/, putty],
  [/^age-encryption\.org\//, age],
  [/^\$ANSIBLE_VAULT;/, ansibleVault],
  [/^version https:\/\/git-lfs\.github\.com\//, gitLfs],
  [/^\s*\{[^{}]*"kty"\s*:/, jwk],
  [/^\s*\{[\s\S]*"(Certificates"\s*:\s*\[|Account"\s*:\s*\{\s*"Email")/, acmeJson],
  [/^[ \t-]*kind: *"?SealedSecret\b|"kind"\s*:\s*"SealedSecret"/m, sealedSecret],
  [/^\s*[{[][\s\S]*("kind"\s*:\s*"Secret"|"tls\.(crt|key)"\s*:\s*"[A-Za-z0-9+/]{40})/, secretInJson],
  [/^[ \t-]*(kind: *"?Secret\b|"?tls\.(crt|key)"?: *"?[A-Za-z0-9+/]{40})/m, secretInYaml],
];

/** The format of a file without usable content; undefined if it is not recognized. */
export function otherFormat(bytes: Buffer, blocks: readonly Block[]): OtherFormat | undefined {
  return alsoInBase64(bytes, (inside) => formatOf(inside, blocks));
}

/** Like {@link otherFormat}, but by its first bytes alone, which no text has. */
export function binaryFormat(bytes: Buffer): OtherFormat | undefined {
  return alsoInBase64(bytes, formatOfBytes);
}

function alsoInBase64(bytes: Buffer, find: (inside: Buffer) => OtherFormat | undefined): OtherFormat | undefined {
  const decoded = base64In(decodeText(bytes));
  if (decoded === undefined) return find(bytes);
  const inside = find(decoded);
  return inside && insideBase64(inside);
}

function formatOf(bytes: Buffer, blocks: readonly Block[]): OtherFormat | undefined {
  const archive = blocks.find(({ label }) => label === "PKCS12");
  if (archive !== undefined) return oldEncryptions.some((id) => archive.der.includes(id)) ? oldPkcs12 : pkcs12;
  const text = decodeText(bytes);
  if (sopsValue.test(text)) return sops;
  const byLabel = ofLabels.find(([labels]) => blocks.some(({ label }) => labels.test(label)));
  return byLabel?.[1] ?? formatOfBytes(bytes) ?? ofTexts.find(([pattern]) => pattern.test(text))?.[1];
}

function formatOfBytes(bytes: Buffer): OtherFormat | undefined {
  return ofBytes.find(([beginning]) => beginning.test(beginningOf(bytes)))?.[1] ?? archiveIn(bytes);
}

const beginningOf = (bytes: Buffer) => bytes.subarray(0, 16).toString("hex");
