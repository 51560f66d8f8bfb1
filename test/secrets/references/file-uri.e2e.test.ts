import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pathOfUri, writtenPath } from "../../../src/lib/paths.js";
import { readReference } from "../../../src/lib/read-secret-reference.js";
import { CertificateAuthority } from "../../../src/sandbox/authority.js";
import { type Assistant, startAssistant } from "../../support/assistant.js";

/** References to files as editors, other MCP servers and models write them. */

const folder = realpathSync(mkdtempSync(join(tmpdir(), "cloudcert-files-")));
/** The name in each certificate, by its file's. */
const domains = {
  "shop.crt": "shop.example.com",
  "my site.crt": "my-site.example.com",
  "证书.crt": "certificate.example.com",
  "50% off.crt": "half-price.example.com",
  "a#b.crt": "hash.example.com",
  "literal%20name.crt": "literal.example.com",
};
let assistant: Assistant;

beforeAll(async () => {
  const now = Date.now();
  const authority = await CertificateAuthority.create(new Date(now));
  for (const [file, domain] of Object.entries(domains)) {
    const { certificatePem } = await authority.issue({
      names: [domain],
      key: "EC-P256",
      notBefore: new Date(now - 86_400_000),
      notAfter: new Date(now + 30 * 86_400_000),
    });
    writeFileSync(join(folder, file), certificatePem);
  }
  assistant = await startAssistant(["--sandbox", "--files", folder], { env: { HOME: folder } });
});
afterAll(() => assistant.close());

const uri = (name: string) => pathToFileURL(join(folder, name)).href;

describe("is read", () => {
  it.each<[string, () => string, keyof typeof domains]>([
    ["a plain path", () => "file:my site.crt", "my site.crt"],
    ["a URI: VS Code, modelcontextprotocol/servers#3174", () => uri("shop.crt"), "shop.crt"],
    ["a blank as %20: aovestdipaperino/tokensave#331", () => uri("my site.crt"), "my site.crt"],
    ["UTF-8 in %: microsoft/markitdown#1738", () => uri("证书.crt"), "证书.crt"],
    ["a % as %25: cyanheads/obsidian-mcp-server#132", () => uri("50% off.crt"), "50% off.crt"],
    ["a # as %23: jeanibarz/knowledge-base-mcp-server#130", () => uri("a#b.crt"), "a#b.crt"],
    ["localhost (RFC 8089)", () => `file://localhost${folder}/shop.crt`, "shop.crt"],
    ["one slash, as Java's File.toURI has it (RFC 8089)", () => `file:${folder}/my%20site.crt`, "my site.crt"],
    ["one slash, and a % that belongs to the name", () => `file:${folder}/literal%20name.crt`, "literal%20name.crt"],
    ["letters that need no % in %", () => `file://${folder}/%73hop.crt`, "shop.crt"],
    ["the home directory", () => "file:~/shop.crt", "shop.crt"],
    ["Markdown's marks around it", () => "`file:shop.crt`", "shop.crt"],
    ["quotation marks around it", () => '"file:shop.crt"', "shop.crt"],
    ["a scheme in capitals (RFC 3986)", () => "FILE:shop.crt", "shop.crt"],
    ["a URI with its scheme in capitals", () => uri("shop.crt").replace("file", "File"), "shop.crt"],
    ["quotation marks in it", () => 'file:"my site.crt"', "my site.crt"],
  ])("%s", async (_source, reference, file) => {
    const { certificate } = await assistant.result("inspect_certificate", { certificate: reference() });
    expect(certificate).toMatchObject({ names: [domains[file]] });
  });
});

describe("is refused with what is wrong", () => {
  it.each([
    ["a file of another machine", () => `file://server${folder}/shop.crt`, "a file of another machine (server)"],
    ["a # that is not %23, which would cut the name", () => `file://${folder}/a#b.crt`, "is %23 or %3F in a URI"],
    ["a % that is not %25", () => `file://${folder}/50% off.crt`, "a % that is not %25"],
    ["a separator in %", () => `file://${folder}%2Fshop.crt`, "a path separator in %"],
    ["a line break in %", () => `file://${folder}/shop.crt%0A`, "what follows file: is not a path"],
    ["two files", () => "file:shop.crt,file:int.crt", "several files are named where one is expected"],
    [
      "what lies outside, however it is written",
      () => "file:///%65tc/passwd",
      "/etc/passwd is outside the directories",
    ],
    ["a way out in %", () => `file://${folder}/%2e%2e/passwd`, "is outside the directories"],
  ])("%s", async (_what, reference, says) => {
    const said = await assistant.failure("inspect_certificate", { certificate: reference() });
    expect(said).toContain(says);
    expect(said).toContain("Nothing was changed.");
  });
});

describe("a directory to write to", () => {
  let reference: unknown;
  beforeAll(async () => {
    mkdirSync(join(folder, "my own keys"));
    const CertificateId = "fpIhH9PM";
    reference = (await assistant.result("DownloadCertificate", { CertificateId })).Content;
  });

  it.each([
    ["a relative path", () => "my own keys"],
    ["a URI, as MCP's roots have it", () => pathToFileURL(join(folder, "my own keys")).href],
    ["a reference's form", () => "file:my own keys"],
    ["the home directory", () => "~/my own keys"],
  ])("is taken as %s", async (what, directory) => {
    const name = what.replaceAll(/\W/g, "-");
    const { files } = await assistant.result("save_to_file", { reference, directory: directory(), name });
    expect(files).toContainEqual({ path: join(folder, "my own keys", `${name}.key`), what: "private key" });
  });

  it.each([
    ["of another machine", `file://server${folder}`, "a file of another machine (server)"],
    ["that lies outside, in %", "file:///%65tc", "/etc is outside the directories"],
  ])("one %s is refused with what is wrong", async (_what, directory, says) => {
    expect(await assistant.failure("save_to_file", { reference, directory, name: "a" })).toContain(says);
  });

  it.each([
    ["quotation marks", (text: string) => `"${text}"`],
    ["Markdown's marks", (text: string) => `\`${text}\``],
    ["blanks", (text: string) => ` ${text} `],
  ])("what is written there may be named with %s around it", async (what, around) => {
    const args = { reference: around(String(reference)), directory: "my own keys", name: what.replaceAll(/\W/g, "-") };
    const { files } = await assistant.result("save_to_file", args);
    expect(files).toContainEqual({
      path: join(folder, "my own keys", `${args.name}.key`),
      what: "private key",
    });
  });
});

describe("a setting", () => {
  it.each([
    ["file:///srv/my%20own%20certs", "/srv/my own certs"],
    ["FILE:///srv/certs", "/srv/certs"],
    ["file:certs", "certs"],
    ["file:~/certs", "/home/me/certs"],
  ])("%s is a path", (text, path) => expect(writtenPath(text, "/home/me")).toBe(path));

  it("that is a secret's reference may be a URI", () => {
    writeFileSync(join(folder, "my secret"), "s3cret\n");
    expect(readReference(uri("my secret"), {})).toBe("s3cret");
  });
});

describe("on Windows", () => {
  // microsoft/ghqr#25, microsoft/markitdown#2208, servo/rust-url#230
  it.each([
    ["file:///C:/Users/me/shop.crt", "C:\\Users\\me\\shop.crt"],
    ["file:///c%3A/Users/me/shop.crt", "c:\\Users\\me\\shop.crt"],
    ["file://C:/Users/me/shop.crt", "C:\\Users\\me\\shop.crt"],
    ["file:/C:/Users/me/shop.crt", "C:\\Users\\me\\shop.crt"],
    ["file://localhost/C:/Users/me/my%20site.crt", "C:\\Users\\me\\my site.crt"],
  ])("%s is a path with a drive", (reference, path) => {
    expect(pathOfUri(reference, true)).toBe(path);
  });

  it.each(["file://server/share/shop.crt", "file:///Users/me/shop.crt", "file:///C:/a%5Cb"])(
    "%s is none",
    (reference) => {
      expect(() => pathOfUri(reference, true)).toThrow();
    },
  );
});
