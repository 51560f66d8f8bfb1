import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../../src/catalogue/limits.js";
import { openArchive } from "../../../src/secrets/vault/archive.js";
import { UnfitArchive } from "../../../src/secrets/vault/unzip.js";
import { pemOf, ringOf, slowKey } from "../../support/hostile-material.js";
import { type ScriptedCloud, startScriptedCloud, tencent } from "../../support/scripted-cloud.js";
import { wide } from "../../support/width.js";
import { madeMaterial } from "../references/support.js";
import { archiveOf, zipped } from "./support.js";

/** A small archive must not take long: what it holds is counted before any of it is unpacked, parsed or compared. */

const { archive: most } = limits;
const newKey = () => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const keys = (count: number) => Array.from({ length: count }, newKey).join("");
const certificates = (count: number) =>
  ringOf(count, "prime256v1")
    .certificates.map((der) => pemOf(der))
    .join("");

/** A ZIP of entries that share one packed text, or whose text is given. */
function zipOf(count: number, packed: Buffer, size: number): string {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  const entries = Array.from({ length: count }, (_, index) => {
    const name = Buffer.from(`${String(index).padStart(3, "0")}.pem`);
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0);
    head.writeUInt16LE(8, 10);
    head.writeUInt32LE(packed.length, 20);
    head.writeUInt32LE(size, 24);
    head.writeUInt16LE(name.length, 28);
    return Buffer.concat([head, name]);
  });
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length + packed.length, 16);
  return Buffer.concat([local, packed, directory, end]).toString("base64");
}

describe("an archive", () => {
  it.each<[string, () => string, RegExp]>([
    [
      "of 100 certificates and 300 keys that do not belong together",
      () => zipped({ "a.pem": certificates(100), "b.key": keys(300) }),
      /more than 4 private keys/,
    ],
    ["of 21 certificates", () => zipped({ "a.pem": certificates(21) }), /more than 20 certificates/],
    [
      "of five keys in as many files",
      () => zipped(Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`${at}.key`, newKey()]))),
      /more than 4 private keys/,
    ],
    ["whose files lie over each other", () => zipOf(150, Buffer.alloc(4_000), 1_000), /its files overlap/],
    [
      "that unpacks to more than it says",
      () => zipOf(1, Buffer.from("edc101010000008020feaf6e48400a000000ffff", "hex"), 1),
      /not a ZIP that can be read/,
    ],
    [
      "of 201 files",
      () => zipped(Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`${at}.txt`, "x"]))),
      /more than 200 files/,
    ],
  ])("%s is not opened", (_, make, says) => {
    let comparisons = 0;
    const open = () =>
      openArchive(make(), () => {
        comparisons += 1;
        return false;
      });
    expect(open).toThrow(UnfitArchive);
    expect(open).toThrow(says);
    expect(comparisons).toBe(0);
  });

  it("compares each key with each certificate once at the most", () => {
    let comparisons = 0;
    openArchive(zipped({ "a.pem": certificates(most.certificates), "b.key": keys(most.keys) }), () => {
      comparisons += 1;
      return false;
    });
    expect(comparisons).toBeLessThanOrEqual(most.certificates * most.keys);
  });

  it("with a key whose public half takes seconds to work out is opened without it", wide, () => {
    expect(() => createPrivateKey(newKey())).not.toThrow();
    const { leaf, intermediate, key } = madeMaterial();
    const parts = openArchive(zipped({ "a.pem": leaf + intermediate, "a.key": key, "slow.key": slowKey() }));
    expect(parts).toEqual({ leaf, chain: intermediate, fullchain: leaf + intermediate, key });
  });

  it("in an archive is not opened", wide, () => {
    const inner = Buffer.from(archiveOf(madeMaterial()), "base64");
    expect(openArchive(zipped({ "inner.zip": inner, "inner.pem": inner }))).toEqual({});
  });
});

describe("through the front door", () => {
  let cloud: ScriptedCloud;
  beforeAll(async () => {
    cloud = await startScriptedCloud();
  });
  afterAll(() => cloud.close());
  const downloaded = (Content: string, more: Record<string, unknown> = {}) =>
    cloud.hears(tencent({ Content, ContentType: "application/zip", ...more }), "DownloadCertificate", {
      CertificateId: "abcd1234",
    });

  it("a small archive of many keys is held as it is, and the reply says why", wide, async () => {
    const { structure } = await downloaded(zipped({ "a.pem": certificates(100), "b.key": keys(300) }));
    expect(structure.Content).toMatch(/^vault:/);
    expect(JSON.stringify(structure.notes)).toContain("it holds more than 4 private keys");
  });

  it("of sixty archives in one reply eight are held, and the others are told", wide, async () => {
    const archive = zipped({ "a.pem": certificates(3) });
    const Extra = Array.from({ length: 60 }, (_, at) => ({ CertificateId: `a${at}`, Content: archive }));
    const { structure } = await downloaded(archive, { Extra });
    const text = JSON.stringify(structure);
    expect(text.match(/"vault:/g)).toHaveLength(8);
    expect(text).toContain("[not held: a reply holds at most 8 secrets]");
  });
});
