import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/catalogue/limits.js";
import { openArchive } from "../../../src/secrets/vault/archive.js";
import { UnfitArchive } from "../../../src/secrets/vault/unzip.js";
import { rsaKey } from "../../support/rsa-key.js";
import { sharedMaterial } from "../references/support.js";
import { archiveOf, zipped } from "./support.js";

const made = sharedMaterial();
const { leaf, intermediate, root, key } = made;
const all = { key, leaf, chain: intermediate, fullchain: leaf + intermediate };

describe("openArchive", () => {
  it("finds leaf, chain, full chain and key", () => expect(openArchive(archiveOf(made))).toEqual(all));

  it.each([
    ["only files at the top", { "www.pem": leaf + intermediate, "www.key": key }],
    ["other names and folders", { "a/b/c/x.CRT": leaf + intermediate, "KEYS/x.Key": key }],
    ["leaf and chain in two files", { "1_root_bundle.crt": intermediate, "2_www.crt": leaf, "3_www.key": key }],
    ["everything in one file", { "all.pem": leaf + intermediate + key }],
    ["names that are paths", { "../../etc/www.pem": leaf + intermediate, "/root/www.key": key }],
    [
      "a key that belongs to something else",
      { "www.pem": leaf + intermediate, "www.key": key, "other.key": otherKey() },
    ],
  ])("with %s", (_, files) => expect(openArchive(zipped(files))).toEqual(all));

  it("follows the issuers where there is no bundle", () => {
    expect(openArchive(zipped({ "root.crt": root, "ca.crt": intermediate, "www.crt": leaf, "www.key": key }))).toEqual({
      ...all,
      chain: intermediate + root,
      fullchain: leaf + intermediate + root,
    });
  });

  it("goes without a key, without a chain, and without anything", () => {
    expect(openArchive(zipped({ "www.crt": leaf }))).toEqual({ leaf, fullchain: leaf });
    expect(openArchive(zipped({ "www.key": key }))).toEqual({ key });
    expect(openArchive(zipped({ "readme.txt": "x", "www.crt": "damaged" }))).toEqual({});
  });
});

describe("an archive that is none, or means harm", () => {
  const { zippedBytes, fileBytes, files } = limits.archive;
  const zeros = new Uint8Array(fileBytes);
  const incompressible = () => Buffer.from(Array.from({ length: zippedBytes }, (_, at) => (at * 7919 * at) >> 3));

  it.each([
    ["no ZIP", () => Buffer.from("hello").toString("base64"), "not a ZIP"],
    ["nothing", () => "", "not a ZIP"],
    ["a ZIP that is cut off", () => archiveOf(made).slice(0, 400), "not a ZIP"],
    ["one large file", () => zipped({ "bomb.pem": new Uint8Array(fileBytes + 1) }), "more than is plausible"],
    ["many middling files", () => zipped(numbered(9, zeros)), "more than is plausible"],
    ["too many files", () => zipped(numbered(files + 1, new Uint8Array(1))), "more than 200 files"],
    ["a large archive", () => zippedFlat(incompressible()), "larger than 256 KiB"],
  ])("%s", (_, archive, why) => {
    expect(() => openArchive(archive())).toThrow(UnfitArchive);
    expect(() => openArchive(archive())).toThrow(why);
  });

  it("declares less than it unpacks to, and is not opened", () => {
    const zip = Buffer.from(zipped({ "bomb.pem": new Uint8Array(200 * fileBytes) }), "base64");
    const central = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    zip.writeUInt32LE(100, central + 24);
    expect(() => openArchive(zip.toString("base64"))).toThrow("not a ZIP that can be read");
  });

  it("nests an archive, which is not opened", () => {
    expect(openArchive(zipped({ "inner.zip": Buffer.from(archiveOf(made), "base64") }))).toEqual({});
  });

  function zippedFlat(data: Uint8Array): string {
    return Buffer.from(zipSync({ "x.pem": [data, { level: 0 }] })).toString("base64");
  }
});

function numbered(count: number, data: Uint8Array): Record<string, Uint8Array> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.pem`, data]));
}

function otherKey(): string {
  return rsaKey().export({ type: "pkcs8", format: "pem" }).toString();
}
