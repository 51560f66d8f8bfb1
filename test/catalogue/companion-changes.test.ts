import { describe, expect, it } from "vitest";
import { companions } from "../../src/catalogue/companions.js";
import type { CertificateState, CurrentState, EdgeSighting } from "../../src/catalogue/current-state-types.js";
import type { ChangeOperation } from "../../src/catalogue/operation.js";
import { revokeCertificate } from "../../src/catalogue/tencent-ssl/revoke-certificate.js";
import { safe } from "../../src/lib/safe-text.js";

/** What the companions that change something tell a person. */

const changes = companions.flatMap((operation): [string, ChangeOperation][] =>
  operation.effect === "read" ? [] : [[operation.name, operation]],
);

describe.each(changes)("%s", (_, operation) => {
  const params = operation.params.parse(operation.example);

  it("says what will be different, and asks a question that fits", () => {
    const lines = operation.plannedChanges(params);
    expect(lines).not.toEqual([]);
    for (const { then } of lines) expect(String(then)).toMatch(/\S/);
    const question = String(operation.approvalQuestion(params));
    expect(question.length).toBeLessThanOrEqual(200);
    expect(question).toMatch(/^[A-Z][a-z]+ .*\?$/);
  });

  it("has something typed back exactly when it destroys or spends", () => {
    const typed = operation.confirmationText?.(params);
    expect(typed !== undefined).toBe(["destroy", "purchase"].includes(operation.effect));
  });
});

const unused: CertificateState = {
  status: 1,
  remark: undefined,
  projectId: undefined,
  endsAt: undefined,
  appliedAt: undefined,
  isUploaded: false,
  isCa: false,
  isFree: false,
  isFilledIn: true,
  replacedBy: undefined,
  use: { total: 0, resources: [], isWhole: true },
};
const clear: EdgeSighting = { serving: [], clear: 2, unseen: [] };

const stateOf = (certificate: CertificateState | undefined, edges: EdgeSighting | undefined): CurrentState => ({
  redirect: () => undefined,
  now: 0,
  certificate: () => certificate,
  edges: () => edges,
  csr: () => undefined,
  deployment: () => undefined,
  host: () => undefined,
  stored: undefined,
});
const params = { CertificateId: "8xZ3kQ1p" };
const obstacles = (certificate: Partial<CertificateState>, edges = clear) =>
  (revokeCertificate.obstacles?.(params, stateOf({ ...unused, ...certificate }, edges)) ?? []).map(({ says }) =>
    String(says),
  );
const warnings = (certificate: CertificateState | undefined, edges: EdgeSighting | undefined) =>
  (revokeCertificate.warnings?.(params, stateOf(certificate, edges)) ?? [])
    .filter(({ severity }) => severity === "outage")
    .map(({ says }) => String(says));

describe("RevokeCertificate", () => {
  it("is refused while anything uses or serves the certificate", () => {
    expect(obstacles({})).toEqual([]);
    expect(obstacles({ use: { total: 3, resources: [], isWhole: true } })).toEqual([
      expect.stringContaining("is used by 3 cloud resources"),
    ]);
    expect(obstacles({}, { ...clear, serving: ["a.example.com", "b.example.com"] })).toEqual([
      expect.stringContaining("is still served by 2 domains: a.example.com, b.example.com"),
    ]);
  });

  it.each([
    [{ isUploaded: true }, "was uploaded, not ordered here, so Tencent Cloud cannot revoke it"],
    [{ status: 3 }, "is expired, so there is nothing to revoke"],
    [{ status: 5 }, "is paid, documents awaited, so there is nothing to revoke"],
    [{ status: 9 }, "is revoked, or about to be, already"],
    [{ status: 10 }, "is revoked, or about to be, already"],
    [{ status: 12 }, "is revoked, or about to be, already"],
  ])("is refused for %j", (certificate, says) => {
    expect(obstacles(certificate)).toEqual([expect.stringContaining(says)]);
  });

  it("warns of everything that could not be seen", () => {
    expect(warnings(unused, clear)).toEqual([]);
    expect(warnings({ ...unused, use: undefined }, undefined)).toEqual([
      "Whether cloud resources still use it could not be found out.",
      "Whether a domain still serves it could not be looked at.",
    ]);
    const half = { ...unused, use: { total: 0, resources: [], isWhole: false } };
    expect(warnings(half, { ...clear, unseen: [safe`one`, safe`two`] })).toEqual([
      "Not all resources that may use it could be counted.",
      "Not seen: 2 places where it may still be served.",
    ]);
  });
});
