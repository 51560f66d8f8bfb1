import { expect, it } from "vitest";
import { tencentSsl } from "../../../src/catalogue/services.js";
import { mayBeCopy } from "../../../src/tools/deployment/old-certificate.js";
import type { ListedCertificate } from "../../../src/tools/inventory/certificates.js";

const leaf = { names: ["example.com", "*.example.com"], ends: "2026-06-01T00:00:00.000Z" };
const stored: ListedCertificate = {
  ...{ service: tencentSsl, id: "abcd1234", domains: ["*.example.com", "example.com"], key: undefined, status: "" },
  ...{ group: "issued", source: "uploaded", alias: undefined, isCa: false, renewable: false, ends: leaf.ends },
  daysLeft: 60,
};
const likeStored = (changes: Partial<ListedCertificate>) => mayBeCopy({ ...stored, ...changes }, leaf);

it.each<[string, boolean, Partial<ListedCertificate>]>([
  ["one of the same names and end", true, {}],
  ["one whose end is not listed", true, { ends: undefined }],
  ["one that was revoked", true, { group: "closed" }],
  ["an order that failed or was cancelled", false, { group: "closed", ends: undefined }],
  ["an order that waits", false, { group: "pending", ends: undefined }],
  ["one of a CA", false, { isCa: true }],
  ["one with another end", false, { ends: "2026-07-01T00:00:00.000Z" }],
  ["one of fewer names", false, { domains: ["example.com"] }],
])("whether a certificate is worth a read of its fingerprint: %s, %s", (_, is, changes) => {
  expect(likeStored(changes)).toBe(is);
});
