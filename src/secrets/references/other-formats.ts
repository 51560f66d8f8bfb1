import { constants, gunzipSync } from "node:zlib";
import { decodeText } from "../../lib/decode-text.js";
import { unlessThrown } from "../../lib/failure.js";
import { base64In } from "./blocks-in-file.js";
import type { Block } from "./pem.js";
import type { OtherFormat } from "./refuse.js";

/** The commands as they are, and in a sentence that ends with what comes after them. */
function convertedBy(kind: OtherFormat["kind"], name: string, commands: readonly string[], after: string): OtherFormat {
  return { kind, name, commands, conversion: `Convert it: ${commands.join(", then ")}${after}` };
}

/** Spelled out, because a pass phrase that is written into the reference itself stands in the conversation. */
const toPem =
  "; then name site.pem, and for the key file:site.pem;password=file:PATH or file:site.pem;password=env:NAME, where a person put that pass phrase: never write it there itself.";
const intoPem = `, which asks for the import password and a new pass phrase${toPem}`;

const pkcs12 = convertedBy("PKCS#12", "PKCS#12 (PFX)", ["openssl pkcs12 -in FILE -out site.pem"], intoPem);

/** OpenSSL 3 opens files from older Windows versions and OpenSSL 1 only with its legacy provider. */
const oldPkcs12 = convertedBy(
  "old PKCS#12",
  "PKCS#12 (PFX) with an obsolete encryption",
  ["openssl pkcs12 -legacy -in FILE -out site.pem"],
  intoPem,
);

const pkcs7 = convertedBy(
  "PKCS#7",
  "PKCS#7",
  ["openssl pkcs7 -print_certs -in FILE -out chain.pem"],
  " (with -inform der where it is binary).",
);

/** OpenSSL's reader of PKCS#7 does not take this label of the same content. */
const cms = convertedBy(
  "PKCS#7",
  "PKCS#7 (CMS)",
  ["sed 's/ CMS-/ PKCS7-/' FILE | openssl pkcs7 -print_certs -out chain.pem"],
  ".",
);

const ofOpenssh = 'cp FILE site.key && ssh-keygen -p -N "" -m PKCS8 -f site.key';
const openssh: OtherFormat = {
  kind: "OpenSSH key",
  name: "an OpenSSH private key",
  commands: [ofOpenssh],
  conversion: `Convert a copy of it: ${ofOpenssh}, then name site.key. Keys for SSH are rarely meant for TLS.`,
};

const keystore = convertedBy(
  "Java keystore",
  "a Java keystore",
  [
    "keytool -importkeystore -srckeystore FILE -destkeystore site.p12 -deststoretype PKCS12",
    "openssl pkcs12 -in site.p12 -out site.pem",
  ],
  toPem,
);

const putty = convertedBy(
  "PuTTY key",
  "a PuTTY private key",
  ["puttygen FILE -O private-openssh -o site.key", "ssh-keygen -p -m PKCS8 -f site.key"],
  ".",
);

const kubernetesSecret = (partOf: (part: string) => string): OtherFormat => ({
  kind: "Kubernetes Secret",
  name: "a Kubernetes Secret",
  commands: [`${partOf("tls.crt")} > site.crt`, `${partOf("tls.key")} > site.key`],
  conversion: `Take its parts out: ${partOf("tls.crt")} > site.crt, and the same with tls.key > site.key, then name these.`,
});
const secretInYaml = kubernetesSecret(
  (part) => `sed -nE 's/^ *"?${part.replace(".", "\\.")}"?: *"?([A-Za-z0-9+/=]+).*/\\1/p' FILE | base64 -d`,
);
/** On one line or on many, whole or only its data, as of kubectl get -o jsonpath='{.data}'. */
const secretInJson = kubernetesSecret((part) => `jq -r '.. | .["${part}"]? // empty' FILE | base64 -d`);

const sealedSecret: OtherFormat = {
  kind: "SealedSecret",
  name: "a Kubernetes SealedSecret",
  commands: ["kubectl get secret NAME -o yaml > secret.yaml"],
  conversion:
    "Only its cluster decrypts it: take the Secret from there with kubectl get secret NAME -o yaml > secret.yaml, then name that.",
};

const partOfStore = (part: string, file: string) =>
  `jq -r '.. | objects | select(.domain?.main == "DOMAIN") | .${part}' FILE | base64 -d > ${file}`;
const acmeJson: OtherFormat = {
  kind: "acme.json",
  name: "Traefik's acme.json",
  commands: [partOfStore("certificate", "site.crt"), partOfStore("key", "site.key")],
  conversion: `Take its parts out: ${partOfStore("certificate", "site.crt")}, and the same with .key > site.key, then name these.`,
};

/** OpenSSL 3 tells the two apart by itself. */
const microsoft = convertedBy(
  "Microsoft key",
  "a Microsoft private key (PVK or MSBLOB)",
  ["openssl pkey -in FILE -out site.key"],
  ", then name site.key (with OpenSSL 1 add -inform PVK or -inform MSBLOB).",
);

/** The encryption key of an SM2 pair as a CA delivers it. No common program opens it. */
const sm2EnvelopedKey: OtherFormat = {
  kind: "SM2 enveloped key",
  name: "an SM2 enveloped key (GM/T 0009)",
  commands: [],
  conversion:
    "It has no password: it is encrypted for the signing key of the same pair. Have the CA's tool, or the program that made the signing key, decrypt it with that key, then name the resulting private key.",
};

/** What a program encrypted as a whole, with the command that decrypts it. */
const encrypted = (kind: OtherFormat["kind"], command: string, more = ""): OtherFormat => ({
  kind,
  name: `encrypted with ${kind}`,
  commands: [command],
  conversion: `Decrypt it: ${command}, then name site.pem.${more}`,
});
const openPgp = encrypted("OpenPGP", "gpg --output site.pem --decrypt FILE");
const age = encrypted("age", "age --decrypt --identity YOUR-IDENTITY --output site.pem FILE");
const sops = encrypted(
  "SOPS",
  "sops decrypt FILE > site.pem",
  ` For one member of a YAML or JSON file, add --extract '["NAME"]'.`,
);
const ansibleVault = encrypted("Ansible Vault", "ansible-vault decrypt --output site.pem FILE");
const gitCrypt: OtherFormat = {
  kind: "git-crypt",
  name: "encrypted with git-crypt",
  commands: ["git-crypt unlock"],
  conversion: "Run git-crypt unlock in its repository, then name it again.",
};

const gitLfs: OtherFormat = {
  kind: "Git LFS",
  name: "a Git LFS pointer",
  commands: ["git lfs pull"],
  conversion: "Run git lfs pull in its repository, then name it again.",
};

/** Node is there where this program runs. */
const ofJwk =
  'node -p \'crypto.createPrivateKey({ key: JSON.parse(fs.readFileSync("FILE")), format: "jwk" }).export({ type: "pkcs8", format: "pem" })\' > site.key';
const jwk: OtherFormat = {
  kind: "JWK",
  name: "a JSON Web Key",
  commands: [ofJwk],
  conversion: `Certbot's private_key.json is the key of the ACME account and not of a certificate: that one is privkey.pem. Any other, convert: ${ofJwk}, then name site.key.`,
};

/** RC2 with 40 and 128 bits and RC4 (RFC 7292, appendix C), which OpenSSL 3's default provider lacks. */
const oldEncryptions = ["010c0101", "010c0102", "010c0105", "010c0106"].map((end) =>
  Buffer.from(`2a864886f70d${end}`, "hex"),
);

const archive = (name: string, command: string): OtherFormat => ({
  kind: "archive",
  name,
  commands: [command],
  conversion: `Unpack it: ${command}, then name the files of the certificate and of the key that were in it.`,
});
const compressedTar = archive("a compressed archive", "tar -xf FILE");

const compressed = (program: string, more = ""): OtherFormat => ({
  kind: "compressed file",
  name: `compressed with ${program}`,
  commands: [`${program} -dc FILE > site.pem`],
  conversion: `Decompress it: ${program} -dc FILE > site.pem, then name site.pem.${more}`,
});
const gzip = compressed("gzip");
/** Only of gzip is it known here whether an archive is in it. */
const orTar = " If it is a tar archive, take its files out with tar -xf FILE instead.";

/** By how they begin in hex: the clouds' consoles hand out certificates as ZIP files. */
const packed: readonly (readonly [RegExp, OtherFormat])[] = [
  [/^504b0304/, archive("a compressed archive", "unzip FILE -d site")],
  [/^(377abcaf|526172211a)/, archive("a compressed archive", "7z x FILE")],
  [/^425a683[1-9]/, compressed("bzip2", orTar)],
  [/^fd377a58/, compressed("xz", orTar)],
  [/^28b52ffd/, compressed("zstd", orTar)],
];

function archiveIn(bytes: Buffer): OtherFormat | undefined {
  if (isTar(bytes)) return archive("a tar archive", "tar -xf FILE");
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
function insideBase64({ name, commands, conversion, kind }: OtherFormat): OtherFormat {
  const decode = "base64 -d FILE > decoded";
  return {
    kind,
    name: `${name}, in base64`,
    commands: [decode, ...commands.map((command) => command.replace("FILE", "decoded"))],
    conversion: `Decode it: ${decode}. ${conversion.replaceAll("FILE", "decoded")}`,
  };
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
