import { expect, it } from "vitest";
import { isSameLeaf, type LeafFingerprints } from "../../src/certificates/fingerprint.js";

const [sha256, sha1] = ["a".repeat(64), "1".repeat(40)];
const [otherSha256, otherSha1] = ["b".repeat(64), "2".repeat(40)];

it.each<[string, LeafFingerprints, LeafFingerprints]>([
  ["both by SHA-256", { sha256 }, { sha256 }],
  ["both by SHA-1, as two stores show it", { sha256: sha1 }, { sha256: sha1 }],
  ["one by SHA-1, the other by both", { sha256: sha1 }, { sha256, sha1 }],
  ["one by a SHA-1 that it names twice, the other by both", { sha256: sha1, sha1 }, { sha256, sha1 }],
  ["no HTTPS", { sha256: "none" }, { sha256: "none" }],
])("a leaf is the same, known %s", (_how, one, other) => {
  expect(isSameLeaf(one, other)).toBe(true);
  expect(isSameLeaf(other, one)).toBe(true);
});

it.each<[string, LeafFingerprints, LeafFingerprints]>([
  ["by SHA-256", { sha256 }, { sha256: otherSha256 }],
  ["by SHA-1", { sha256: sha1 }, { sha256: otherSha256, sha1: otherSha1 }],
  ["by SHA-256, whatever the SHA-1", { sha256, sha1 }, { sha256: otherSha256, sha1 }],
  ["because nothing of one is known to the other", { sha256 }, { sha256: sha1 }],
  ["because one is no HTTPS", { sha256: "none" }, { sha256: sha1 }],
  ["because no SHA-1 was recorded", { sha256, sha1: "" }, { sha256: sha1 }],
])("leaves differ %s", (_how, one, other) => {
  expect(isSameLeaf(one, other)).toBe(false);
  expect(isSameLeaf(other, one)).toBe(false);
});
