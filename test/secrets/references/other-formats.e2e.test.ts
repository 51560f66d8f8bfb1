import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Assistant, startAssistant } from "../../support/assistant.js";
import { ofRows, rows } from "../../support/width.js";
import { madeMaterial, openssl, write } from "./support.js";

/**
 * Files that people have and that are no PEM: each is called what it is, with a command that works on it today. From public
 * reports: PFX as Windows writes it, openssl/installer#23, seb-oss/openbanking#33, openssl/openssl#14790; an OpenSSH key,
 * openssl/openssl#13947; Kubernetes, kubernetes/ingress-nginx#4636, kubernetes/website#32869 and #41785,
 * cert-manager/cert-manager#2264; UTF-16, openssl/openssl#19494.
 */
const { leaf, key, directory } = madeMaterial();
const run = (...args: readonly string[]) => openssl(directory, args);
const shell = (command: string) => execFileSync("bash", ["-c", command], { cwd: directory, stdio: "pipe" });
const there = (command: string) => spawnSync("bash", ["-c", `command -v ${command}`]).status === 0;

const pkcs12 = ["pkcs12", "-export", "-in", "leaf.crt", "-inkey", "leaf.key", "-passout", "pass:secret1"];
run(...pkcs12, "-out", "new.pfx");
run(...pkcs12, "-legacy", "-out", "old.pfx");
run("crl2pkcs7", "-nocrl", "-certfile", "leaf.crt", "-out", "chain.p7b");
run("crl2pkcs7", "-nocrl", "-certfile", "leaf.crt", "-outform", "der", "-out", "binary.p7b");
write(directory, "certnew.p7b", readFileSync(join(directory, "chain.p7b"), "utf8").replaceAll("PKCS7", "CERTIFICATE"));
write(directory, "store.jks", Buffer.from("feedfeed0000000200000000", "hex"));
if (there("age"))
  shell("age-keygen -o id.txt; age -e -i id.txt -o site.age leaf.crt; age -e -a -i id.txt -o armored.age leaf.crt");
const gpg = "gpg --homedir gnupg --batch --yes --pinentry-mode loopback --passphrase secret1";
// It asks its agent for everything, also where no key is kept.
const hasGpg = there("gpg") && there("gpg-agent");
if (hasGpg) shell(`mkdir -m 700 gnupg; ${gpg} -c -o site.gpg leaf.crt; ${gpg} -a -c -o armored.gpg leaf.crt`);
write(directory, "site.key.json", JSON.stringify(createPrivateKey(key).export({ format: "jwk" })));
const data = (text: string) => Buffer.from(text).toString("base64");
write(directory, "pfx.b64", readFileSync(join(directory, "new.pfx")).toString("base64"));
// As long as real ones.
write(directory, "jks.b64", readFileSync(join(directory, "store.jks")).toString("base64").padEnd(64, "A"));
write(
  directory,
  "www_nginx.zip",
  Buffer.from(zipSync({ "nginx/www.crt": Buffer.from(leaf), "nginx/www.key": Buffer.from(key) })),
);
shell("tar -czf site.tar.gz leaf.crt; tar -cf site.tar leaf.crt");
for (const program of ["gzip", "bzip2", "xz", "zstd"]) {
  if (there(program)) shell(`${program} -c leaf.crt > leaf.crt.${program}`);
}
// As kubectl get secret -o json and -o yaml print them, the latter also of several: the kind comes after the data, which
// fill pages with a usual chain.
const members = { "tls.crt": data(leaf.repeat(4)), "tls.key": data(key) };
const secret = { apiVersion: "v1", data: members, kind: "Secret", metadata: { name: "www-tls", namespace: "default" } };
write(directory, "secret.json", JSON.stringify(secret, null, 4));
write(directory, "compact.json", JSON.stringify(secret));
write(directory, "list.json", JSON.stringify({ apiVersion: "v1", items: [secret], kind: "List" }));
write(directory, "jsonpath.json", JSON.stringify(members));
write(directory, "data.yaml", `tls.crt: ${members["tls.crt"]}\ntls.key: ${members["tls.key"]}\n`);
const lines = (indent: string) =>
  `${indent}data:\n${Object.entries(members)
    .map(([name, value]) => `${indent}  ${name}: ${value}\n`)
    .join("")}${indent}kind: Secret\n${indent}metadata:\n${indent}  name: www-tls\n${indent}type: kubernetes.io/tls\n`;
write(directory, "secret.yaml", `apiVersion: v1\n${lines("")}`);
write(directory, "secrets.yaml", `apiVersion: v1\nitems:\n- apiVersion: v1\n${lines("  ")}kind: List\nmetadata: {}\n`);

interface Format {
  readonly file: string;
  readonly name: string;
  /** What the advice begins with. */
  readonly advice: string;
  /** The command of the advice with what it asks for given; the result is the certificate's file. */
  readonly command?: (advice: string) => string;
}

const commandIn = (advice: string) => /(openssl pkcs12 .*?)\. It asks/.exec(advice)?.[1] ?? "";
const withPasswords = (advice: string, file: string) =>
  `${commandIn(advice).replace("FILE", file)} -passin pass:secret1 -passout pass:secret1`;

const decryption = (advice: string) => /Convert it: (.*)\. Then name/.exec(advice)?.[1] ?? "";

const kubernetesFiles = [
  ...["secret.yaml", "secrets.yaml", "data.yaml"],
  ...(there("jq") ? ["secret.json", "compact.json", "list.json", "jsonpath.json"] : []),
];

const formats: readonly Format[] = [
  {
    file: "new.pfx",
    name: "PKCS#12",
    advice: "openssl pkcs12 -in",
    command: (advice) => withPasswords(advice, "new.pfx"),
  },
  {
    file: "old.pfx",
    name: "obsolete",
    advice: "openssl pkcs12 -legacy",
    command: (advice) => withPasswords(advice, "old.pfx"),
  },
  {
    file: "chain.p7b",
    name: "PKCS#7",
    advice: "openssl pkcs7",
    command: () => "openssl pkcs7 -print_certs -in chain.p7b -out site.pem",
  },
  {
    file: "binary.p7b",
    name: "PKCS#7",
    advice: "-inform der",
    command: () => "openssl pkcs7 -inform der -print_certs -in binary.p7b -out site.pem",
  },
  {
    file: "certnew.p7b",
    name: "PKCS#7",
    advice: "openssl pkcs7",
    command: () => "openssl pkcs7 -print_certs -in certnew.p7b -out site.pem",
  },
  { file: "store.jks", name: "Java keystore", advice: "keytool -importkeystore" },
  ...kubernetesFiles.map((file) => ({
    file,
    name: "Kubernetes Secret",
    advice: "base64 -d",
    command: (advice: string) =>
      (/((?:sed|jq) .*) > site\.crt/.exec(advice)?.[1] ?? "").replace("FILE", file).concat(" > site.pem"),
  })),
  // kubernetes/ingress-nginx, Azure and CI services: binary files as base64 in a variable or a secret.
  {
    file: "pfx.b64",
    name: "PKCS#12 (PFX), in base64",
    advice: "base64 -d FILE > decoded",
    command: (advice) => `base64 -d pfx.b64 > decoded && ${withPasswords(advice, "decoded")}`,
  },
  { file: "jks.b64", name: "Java keystore, in base64", advice: "keytool -importkeystore -srckeystore decoded" },
  ...(there("age") ? ["site.age", "armored.age"] : []).map((file) => ({
    file,
    name: "encrypted with age",
    advice: "age --decrypt",
    command: (advice: string) => decryption(advice).replace("YOUR-IDENTITY", "id.txt").replace("FILE", file),
  })),
  ...(hasGpg ? ["site.gpg", "armored.gpg"] : []).map((file) => ({
    file,
    name: "encrypted with OpenPGP",
    advice: "gpg --output",
    command: (advice: string) => decryption(advice).replace("gpg", gpg).replace("FILE", file),
  })),
  {
    file: "www_nginx.zip",
    name: "compressed archive",
    advice: "unzip FILE -d site",
    ...(there("unzip") && {
      command: () => "unzip -qo www_nginx.zip -d site && cp site/nginx/www.crt site.pem",
    }),
  },
  {
    file: "site.tar.gz",
    name: "compressed archive",
    advice: "tar -xf FILE",
    command: () => "rm leaf.crt && tar -xf site.tar.gz && cp leaf.crt site.pem",
  },
  {
    file: "site.tar",
    name: "a tar archive",
    advice: "tar -xf FILE",
    command: () => "rm leaf.crt && tar -xf site.tar && cp leaf.crt site.pem",
  },
  ...["gzip", "bzip2", "xz", "zstd"].filter(there).map((program) => ({
    file: `leaf.crt.${program}`,
    name: `compressed with ${program}`,
    advice: `${program} -dc FILE > site.pem. Then name site.pem`,
    command: () => `${program} -dc leaf.crt.${program} > site.pem`,
  })),
];

describe("a file that is no PEM", () => {
  let assistant: Assistant;
  beforeAll(async () => {
    assistant = await startAssistant(["--sandbox", "--files", directory]);
  });
  afterAll(async () => {
    await assistant.close();
    if (hasGpg) shell("gpgconf --homedir gnupg --kill gpg-agent");
  });

  it.each(rows(formats, 6))(
    "$file is called $name, and the command that is advised works",
    ofRows,
    async ({ file, name, advice, command }) => {
      const refused = await assistant.failure("inspect_certificate", { certificate: `file:${file}` });
      expect(refused).toContain(name);
      expect(refused).toContain(advice);
      const conversion = command?.(refused);
      if (conversion === undefined) return;
      shell(conversion);
      const { certificate } = await assistant.result("inspect_certificate", { certificate: "file:site.pem" });
      expect(certificate).toMatchObject({ names: ["www.example.com"] });
    },
  );

  it("with a key that SSH made is called that, and the command that is advised works where there is an ssh-keygen", async () => {
    write(
      directory,
      "ssh.key",
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${data("openssh-key-v1\0 and more")}\n-----END OPENSSH PRIVATE KEY-----\n`,
    );
    const tools = there("ssh-keygen");
    if (tools) shell('rm -f ssh.key && ssh-keygen -q -t rsa -b 2048 -N "" -f ssh.key');
    const args = { certificate: "file:leaf.crt", private_key: "file:ssh.key" };
    const refused = await assistant.failure("inspect_certificate", args);
    expect(refused).toContain("an OpenSSH private key");
    const command = /: (cp FILE .*? -f site\.key)/.exec(refused)?.[1] ?? "";
    expect(command).toContain("ssh-keygen -p");
    if (!tools) return;
    shell(command.replace("FILE", "ssh.key"));
    const { key_fits } = await assistant.result("inspect_certificate", { ...args, private_key: "file:site.key" });
    expect(key_fits).toBe(false);
  });

  it("with a key as a JSON Web Key is called that, and the command that is advised works", async () => {
    const args = { certificate: "file:leaf.crt", private_key: "file:site.key.json" };
    const refused = await assistant.failure("inspect_certificate", args);
    expect(refused).toMatch(/a JSON Web Key.*privkey\.pem/s);
    const command = /Convert it: (node .* > site\.key)\. Then/.exec(refused)?.[1] ?? "";
    shell(command.replace("FILE", "site.key.json"));
    const { key_fits } = await assistant.result("inspect_certificate", { ...args, private_key: "file:site.key" });
    expect(key_fits).toBe(true);
  });

  it.each([
    ["UTF-16 with a mark", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(leaf, "utf16le")])],
    ["UTF-16, big end first", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(leaf, "utf16le")]).swap16()],
    ["UTF-16 without a mark", Buffer.from(leaf, "utf16le")],
    ["base64 of PEM", Buffer.from(data(leaf))],
    ["base64 of DER", Buffer.from(leaf.replace(/-----.*-----/g, ""))],
    ["OpenSSL's kind with trust settings", run("x509", "-in", "leaf.crt", "-trustout", "-addtrust", "serverAuth")],
  ])("is read where that is safe: %s", async (_, bytes) => {
    write(directory, "odd.crt", bytes);
    const { certificate } = await assistant.result("inspect_certificate", { certificate: "file:odd.crt" });
    expect(certificate).toMatchObject({ names: ["www.example.com"] });
  });
});
