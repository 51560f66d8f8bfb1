import { type Block, blockText } from "./blocks.js";
import type { OtherFormat } from "./unfit-content.js";

const intoPem = "which asks for the import password and a new pass phrase";
const toPem = "then name site.pem (for the key with ;password= and that pass phrase).";

const ofPkcs12 = "openssl pkcs12 -in FILE -out site.pem";
const pkcs12: OtherFormat = {
  kind: "PKCS#12",
  name: "PKCS#12 (PFX)",
  commands: [ofPkcs12],
  conversion: `Convert it: ${ofPkcs12}, ${intoPem}; ${toPem}`,
};

/** OpenSSL 3 opens files from older Windows versions and OpenSSL 1 only with its legacy provider. */
const ofOldPkcs12 = "openssl pkcs12 -legacy -in FILE -out site.pem";
const oldPkcs12: OtherFormat = {
  kind: "old PKCS#12",
  name: "PKCS#12 (PFX) with an obsolete encryption",
  commands: [ofOldPkcs12],
  conversion: `Convert it: ${ofOldPkcs12}, ${intoPem}; ${toPem}`,
};

const ofPkcs7 = "openssl pkcs7 -print_certs -in FILE -out chain.pem";
const pkcs7: OtherFormat = {
  kind: "PKCS#7",
  name: "PKCS#7",
  commands: [ofPkcs7],
  conversion: `Convert it: ${ofPkcs7} (with -inform der where it is binary).`,
};

const ofOpenssh = 'cp FILE site.key && ssh-keygen -p -N "" -m PKCS8 -f site.key';
const openssh: OtherFormat = {
  kind: "OpenSSH key",
  name: "an OpenSSH private key",
  commands: [ofOpenssh],
  conversion: `Convert a copy of it: ${ofOpenssh}, then name site.key. Keys for SSH are rarely meant for TLS.`,
};

const ofKeystore = [
  "keytool -importkeystore -srckeystore FILE -destkeystore site.p12 -deststoretype PKCS12",
  "openssl pkcs12 -in site.p12 -out site.pem",
];
const keystore: OtherFormat = {
  kind: "Java keystore",
  name: "a Java keystore",
  commands: ofKeystore,
  conversion: `Convert it: ${ofKeystore.join(", then ")}; ${toPem}`,
};

const partOfSecret = (part: string, file: string) => `sed -n 's/^ *${part}: *//p' FILE | base64 -d > ${file}`;
const kubernetesSecret: OtherFormat = {
  kind: "Kubernetes Secret",
  name: "a Kubernetes Secret",
  commands: [partOfSecret("tls.crt", "site.crt"), partOfSecret("tls.key", "site.key")],
  conversion: `Take its parts out: ${partOfSecret("tls.crt", "site.crt")}, and the same with tls.key > site.key, then name these.`,
};

const ofPutty = ["puttygen FILE -O private-openssh -o site.key", "ssh-keygen -p -m PKCS8 -f site.key"];
const putty: OtherFormat = {
  kind: "PuTTY key",
  name: "a PuTTY private key",
  commands: ofPutty,
  conversion: `Convert it: ${ofPutty.join(", then ")}.`,
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
