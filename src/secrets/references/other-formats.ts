import { type Block, blockText } from "./blocks.js";

/** A kind of file that is not supported, and the command that converts it. */
export interface OtherFormat {
  readonly name: string;
  readonly conversion: string;
}

const toPem = "then name site.pem (for the key with ;password= and that pass phrase).";

const pkcs12: OtherFormat = {
  name: "PKCS#12 (PFX)",
  conversion: `Convert it: openssl pkcs12 -in FILE -out site.pem, which asks for the import password and a new pass phrase; ${toPem}`,
};

/** OpenSSL 3 opens files from older Windows versions and OpenSSL 1 only with its legacy provider. */
const oldPkcs12: OtherFormat = {
  name: "PKCS#12 (PFX) with an obsolete encryption",
  conversion: `Convert it: openssl pkcs12 -legacy -in FILE -out site.pem, which asks for the import password and a new pass phrase; ${toPem}`,
};

const pkcs7: OtherFormat = {
  name: "PKCS#7",
  conversion: "Convert it: openssl pkcs7 -print_certs -in FILE -out chain.pem (with -inform der where it is binary).",
};

const openssh: OtherFormat = {
  name: "an OpenSSH private key",
  conversion:
    'Convert a copy of it: cp FILE site.key && ssh-keygen -p -N "" -m PKCS8 -f site.key, then name site.key. Keys for SSH are rarely meant for TLS.',
};

const keystore: OtherFormat = {
  name: "a Java keystore",
  conversion: `Convert it: keytool -importkeystore -srckeystore FILE -destkeystore site.p12 -deststoretype PKCS12, then openssl pkcs12 -in site.p12 -out site.pem; ${toPem}`,
};

const kubernetesSecret: OtherFormat = {
  name: "a Kubernetes Secret",
  conversion:
    "Take its parts out: sed -n 's/^ *tls.crt: *//p' FILE | base64 -d > site.crt, and the same with tls.key > site.key, then name these.",
};

const putty: OtherFormat = {
  name: "a PuTTY private key",
  conversion: "Convert it: puttygen FILE -O private-openssh -o site.key, then ssh-keygen -p -m PKCS8 -f site.key.",
};

/** RC2 with 40 and 128 bits and RC4 (RFC 7292, appendix C), which OpenSSL 3's default provider lacks. */
const oldEncryptions = ["010c0101", "010c0102", "010c0105", "010c0106"].map((end) =>
  Buffer.from(`2a864886f70d${end}`, "hex"),
);

/** The format of a file without usable content; undefined if it is not recognized. */
export function otherFormat(bytes: Buffer, blocks: readonly Block[]): OtherFormat | undefined {
  const archive = blocks.find(({ label }) => label === "PKCS12");
  if (archive !== undefined) return oldEncryptions.some((id) => archive.der.includes(id)) ? oldPkcs12 : pkcs12;
  if (blocks.some(({ label }) => /^(PKCS7|PKCS #7 SIGNED DATA)$/.test(label))) return pkcs7;
  if (blocks.some(({ label }) => label === "OPENSSH PRIVATE KEY")) return openssh;
  if (/^(feedfeed|cececece)/.test(bytes.subarray(0, 4).toString("hex"))) return keystore;
  const start = blockText(bytes.subarray(0, 4096));
  if (start.startsWith("PuTTY-User-Key-File")) return putty;
  return /^\s*"?kind"?: *"?Secret\b/m.test(start) ? kubernetesSecret : undefined;
}
