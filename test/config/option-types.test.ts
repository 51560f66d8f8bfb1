import { expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";

const keys = ["SECRETKEYabc", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "c2f1c9b0d7a6e5f4c3b2a1908f7e6d5c4"];

it.each([
  ["--tencent-signature", "is not one of "],
  ["--services", "is not one of tencent-ssl"],
  ["--approve", "is not one of "],
  ["--language", "is not one of "],
  ["--timeout", "is not a number above 0"],
])("%s does not repeat a key that was meant for another setting", (flag, says) => {
  for (const key of keys) {
    const read = () => readConfiguration([flag, key], {});
    expect(read).toThrow(`${flag}: the value ${says}`);
    expect(read).not.toThrow(key);
  }
});

it("a pattern that may be a key is not repeated", () => {
  const read = () => readConfiguration(["--deny", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"], {});
  expect(read).toThrow("--deny: a pattern matches no tool");
});

it.each([
  ["--approve", "elicitt", '"elicitt" is not one of'],
  ["--deny", "DescribeCertificatse*", '"DescribeCertificatse*" matches no tool'],
  ["--timeout", "soon", '"soon" is not a number above 0'],
])("%s %s: a mistake is repeated", (flag, value, says) => {
  expect(() => readConfiguration([flag, value], {})).toThrow(says);
});
