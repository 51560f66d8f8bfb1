import { type Block, base64In, blockText } from "./blocks.js";
import type { OtherFormat } from "./refuse.js";

/** The commands as they are, and in a sentence that ends with what comes after them. */
function convertedBy(kind: OtherFormat["kind"], name: string, commands: readonly string[], after: string): OtherFormat {
  return { kind, name, commands, conversion: `Convert it: ${commands.join(", then ")}${after}` };
}

const toPem = "; then name site.pem (for the key with ;password= and that pass phrase).";
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

/** In YAML and in JSON, as kubectl writes them. */
const partOfSecret = (part: string, file: string) =>
  `sed -nE 's/^ *"?${part.replace(".", "\\.")}"?: *"?([A-Za-z0-9+/=]+).*/\\1/p' FILE | base64 -d > ${file}`;
const kubernetesSecret: OtherFormat = {
  kind: "Kubernetes Secret",
  name: "a Kubernetes Secret",
  commands: [partOfSecret("tls.crt", "site.crt"), partOfSecret("tls.key", "site.key")],
  conversion: `Take its parts out: ${partOfSecret("tls.crt", "site.crt")}, and the same with tls.key > site.key, then name these.`,
};

/** RC2 with 40 and 128 bits and RC4 (RFC 7292, appendix C), which OpenSSL 3's default provider lacks. */
const oldEncryptions = ["010c0101", "010c0102", "010c0105", "010c0106"].map((end) =>
  Buffer.from(`2a864886f70d${end}`, "hex"),
);

/** What unpacks an archive, by how it begins in hex: the clouds' consoles hand out certificates as ZIP files. */
const unpackers: readonly (readonly [RegExp, string])[] = [
  [/^504b0304/, "unzip FILE -d site"],
  [/^(1f8b|425a68|fd377a58|28b52ffd)/, "tar -xf FILE"],
  [/^(377abcaf|52617221)/, "7z x FILE"],
];

function archiveIn(bytes: Buffer): OtherFormat | undefined {
  const start = bytes.subarray(0, 4).toString("hex");
  const command = unpackers.find(([beginning]) => beginning.test(start))?.[1];
  if (command === undefined) return undefined;
  return {
    kind: "archive",
    name: "a compressed archive",
    commands: [command],
    conversion: `Unpack it: ${command}, then name the files of the certificate and of the key that were in it.`,
  };
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

/** The format of a file without usable content; undefined if it is not recognized. */
export function otherFormat(bytes: Buffer, blocks: readonly Block[]): OtherFormat | undefined {
  const decoded = base64In(blockText(bytes));
  if (decoded === undefined) return formatOf(bytes, blocks);
  const inside = formatOf(decoded, blocks);
  return inside && insideBase64(inside);
}

function formatOf(bytes: Buffer, blocks: readonly Block[]): OtherFormat | undefined {
  const archive = blocks.find(({ label }) => label === "PKCS12");
  if (archive !== undefined) return oldEncryptions.some((id) => archive.der.includes(id)) ? oldPkcs12 : pkcs12;
  if (blocks.some(({ label }) => /^(PKCS7|PKCS #7 SIGNED DATA)$/.test(label))) return pkcs7;
  if (blocks.some(({ label }) => label === "OPENSSH PRIVATE KEY")) return openssh;
  if (/^(feedfeed|cececece)/.test(bytes.subarray(0, 4).toString("hex"))) return keystore;
  const packed = archiveIn(bytes);
  if (packed !== undefined) return packed;
  const start = blockText(bytes.subarray(0, 4096));
  if (start.startsWith("PuTTY-User-Key-File")) return putty;
  return /^\s*"?kind"?: *"?Secret\b/m.test(start) ? kubernetesSecret : undefined;
}
