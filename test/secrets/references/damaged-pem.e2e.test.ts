import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Assistant, startAssistant } from "../../support/assistant.js";
import { madeMaterial, write } from "./support.js";

/**
 * A block of PEM that a chat program, a web page, an editor or a person damaged never vanishes: what is left would pass for
 * the whole file. From public reports: characters and lines, certimate-go/certimate#376, Mbed-TLS/mbedtls#226,
 * eclipse-kura/kura#3468, certbot/certbot#6321; dashes, aws/s2n-tls#776 and #4787; a lost first line,
 * openwisp/django-x509#12; text copied out of an editor, mbillow/localthings#291.
 */
const { leaf, intermediate, key, directory } = madeMaterial();

/** The text with something put into a line, both from 1, or in place of as many characters. */
function changed(text: string, line: number, character: number, by: string, instead = 0): string {
  const lines = text.split("\n");
  const old = lines[line - 1] ?? "";
  lines[line - 1] = old.slice(0, character - 1) + by + old.slice(character - 1 + instead);
  return lines.join("\n");
}

const lines = leaf.trimEnd().split("\n").length;
const numbered = (leaf + intermediate)
  .split("\n")
  .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
  .join("\n");

const der = (pem: string) => new X509Certificate(pem).raw;

const certificates: readonly (readonly [what: string, text: string | Uint8Array, says: string])[] = [
  [
    "a zero-width space in the leaf",
    changed(leaf, 3, 11, "\u200b") + intermediate,
    "block 1 (line 1) is damaged: line 3, character 11 is U+200B",
  ],
  [
    "a zero-width space in the intermediate",
    leaf + changed(intermediate, 3, 11, "\u200b"),
    `block 2 (line ${lines + 1}) is damaged: line ${lines + 3}, character 11 is U+200B`,
  ],
  [
    "an ellipsis in place of characters",
    leaf + changed(intermediate, 4, 5, "...", 3),
    `line ${lines + 4}, character 5 is "."`,
  ],
  ["an ellipsis in one character", changed(leaf, 4, 5, "…", 3), "line 4, character 5 is U+2026"],
  ["a no-break space that is no white space of base64", changed(leaf, 2, 1, "\u2060"), "line 2, character 1 is U+2060"],
  ["a quoted mail", leaf.replace(/^(?!-)/gm, "> ") + intermediate, 'line 2, character 1 is ">"'],
  [
    "a lost END line",
    leaf.replace("-----END CERTIFICATE-----\n", "") + intermediate,
    `block 1 (line 1) is damaged: its END line is missing before line ${lines}`,
  ],
  ["a lost BEGIN line", leaf.replace("-----BEGIN CERTIFICATE-----\n", "") + intermediate, "has no BEGIN line"],
  ["a text that was cut off", leaf + intermediate.slice(0, 300), "its END line is missing"],
  ["four dashes", leaf.replace("-----BEGIN", "----BEGIN") + intermediate, "line 1 is meant as a BEGIN or END line"],
  [
    "long dashes of a word processor",
    leaf.replaceAll("-----", "—————") + intermediate,
    "line 1 is meant as a BEGIN or END line",
  ],
  [
    "blanks inside the dashes",
    leaf.replace("-----BEGIN CERTIFICATE-----", "----- BEGIN CERTIFICATE -----") + intermediate,
    "line 1 is meant",
  ],
  [
    "another END",
    leaf.replace("END CERTIFICATE", "END PUBLIC KEY") + intermediate,
    "it begins as CERTIFICATE and line",
  ],
  ["a lost line", leaf.split("\n").toSpliced(3, 1).join("\n"), "48 bytes at its end are missing"],
  ["a lost character", changed(leaf, 3, 5, "", 1), "1 byte at its end is missing"],
  ["numbered lines", numbered, "its lines begin with numbers"],
  // Where both lines of a block are changed, neither is left to miss the other.
  ...[
    ["a no-break space of a web page", "-----BEGIN\u00a0CERTIFICATE-----"],
    ["a zero-width space", "-----BEGIN\u200b CERTIFICATE-----"],
    ["an underscore of a variable's name", "-----BEGIN_CERTIFICATE-----"],
    ["a Cyrillic letter", "-----BEGIN \u0421ERTIFICATE-----"],
    ["a translated label", "-----BEGIN 证书-----"],
    ["full-width dashes", "\uff0d\uff0d\uff0d\uff0d\uff0dBEGIN CERTIFICATE\uff0d\uff0d\uff0d\uff0d\uff0d"],
    ["dashes that became equals signs", "=====BEGIN CERTIFICATE====="],
    ["no dashes", "BEGIN CERTIFICATE"],
    ["no BEGIN line, and no END line", ""],
  ].map(
    ([what = "", begin = ""]) =>
      [
        `${what} in the lines around the intermediate`,
        leaf +
          intermediate
            .replace("-----BEGIN CERTIFICATE-----", begin)
            .replace("-----END CERTIFICATE-----", begin.replace("BEGIN", "END")),
        `line ${lines + 2} starts a block (CERTIFICATE) that has no BEGIN line`,
      ] as const,
  ),
  [
    "lower case",
    (leaf + intermediate).toLowerCase(),
    "line 1 is meant as a BEGIN or END line but malformed: it needs capital",
  ],
  [
    "an intermediate in DER, as its CA's address gives it",
    Buffer.concat([Buffer.from(leaf), der(intermediate)]),
    "is binary",
  ],
  [
    "a leaf in DER before it",
    Buffer.concat([der(leaf), Buffer.from(intermediate)]),
    "after block 1, in DER, follows what is not",
  ],
  ["DER that was cut off", der(leaf).subarray(0, -1), "block 1 is damaged: 1 byte at its end is missing"],
];

describe("a damaged file", () => {
  let assistant: Assistant;
  beforeAll(async () => {
    assistant = await startAssistant(["--sandbox", "--files", directory]);
  });
  afterAll(() => assistant.close());

  it.each(certificates)("with %s is called that, and nothing goes on without the block", async (_, text, says) => {
    write(directory, "damaged.crt", text);
    write(directory, "good.key", key);
    for (const [tool, args] of [
      ["inspect_certificate", { certificate: "file:damaged.crt", private_key: "file:good.key" }],
      ["UploadCertificate", { CertificatePublicKey: "file:damaged.crt", CertificatePrivateKey: "file:good.key" }],
    ] as const) {
      const refused = await assistant.failure(tool, args);
      expect(refused).toContain(says);
      expect(refused).toContain("Nothing was changed.");
      expect(refused).not.toContain("does not belong");
    }
  });

  it("of a key is called that, and none of it is repeated", async () => {
    write(directory, "good.crt", leaf + intermediate);
    write(directory, "damaged.key", changed(key, 2, 11, "\u200b"));
    const args = { certificate: "file:good.crt", private_key: "file:damaged.key" };
    const refused = await assistant.failure("inspect_certificate", args);
    expect(refused).toContain("private_key: block 1 (line 1) is damaged: line 2, character 11 is U+200B");
    expect(refused).not.toContain(key.split("\n")[1]?.slice(0, 10));
  });
});
