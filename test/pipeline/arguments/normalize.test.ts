import { describe, expect, it } from "vitest";
import { parseArguments } from "../../../src/pipeline/validate-arguments.js";
import { deployCertificate } from "../../../src/tools/deploy-certificate.js";

const parsed = (args: Record<string, unknown>) => parseArguments(deployCertificate, args);

describe("an id as an argument of our own tools", () => {
  it.each([
    [" fpIhH9PM", "fpIhH9PM"],
    ['"AyqfDJN3"', "AyqfDJN3"],
    ["ID: AyqfDJN3", "AyqfDJN3"],
    ["Certificate ID：`AyqfDJN3` ", "AyqfDJN3"],
    [8089870, "8089870"],
    ["8089870-cn-hangzhou", "8089870-cn-hangzhou"],
  ])("is taken without what stands around it, also as a number: %j", (written, id) => {
    expect(parsed({ certificate_id: written, replaces: written })).toEqual({ certificate_id: id, replaces: id });
    expect(parsed({ targets: [{ zone_id: written }] })).toEqual({ targets: [{ zone_id: id }] });
  });

  it("keeps the name of a certificate as it is", () => {
    expect(parsed({ replaces: "证书 2026, identity" })).toEqual({ replaces: "证书 2026, identity" });
  });

  it.each([
    ["file:wild.crt", "a reference"],
    ["vault:abc", "a reference"],
    ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "PEM"],
  ])("is no reference and no PEM: %j", (written, what) => {
    expect(() => parsed({ certificate_id: written })).toThrow(
      `certificate_id: it is ${what} and no id: pass it as certificate, where a tool takes one`,
    );
  });
});
