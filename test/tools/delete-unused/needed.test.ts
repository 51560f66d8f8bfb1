import { describe, expect, it } from "vitest";
import { tencentEdgeone, tencentSsl } from "../../../src/catalogue/services.js";
import { neededSoon } from "../../../src/tools/delete-unused/needed.js";
import type { ListedCertificate } from "../../../src/tools/inventory/certificates.js";
import { domainRow } from "../../../src/tools/inventory/domain-rows.js";
import type { ListedDomain } from "../../../src/tools/inventory/listing.js";

const now = new Date("2026-04-01T00:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();
const name = "www.example.com";
const stored = (id: string, key: string | undefined, days: number, domains: readonly string[] = [name]) =>
  ({
    ...{ service: tencentSsl, id, domains, key, ends: inDays(days), daysLeft: days },
    ...{ status: "", group: "issued", source: "uploaded", alias: undefined, isCa: false, renewable: false },
  }) satisfies ListedCertificate;
const [rsa, ec] = ["RSA 2048", "EC prime256v1"];

const hostWith = (...own: readonly ListedCertificate[]): ListedDomain => ({
  domain: name,
  service: tencentEdgeone,
  https: true,
  certificates: own.map(({ id, ends }) => ({ id, ...(ends && { ends }) })),
});
const needed = (own: readonly ListedCertificate[], others: readonly ListedCertificate[], isLookedUp = false) =>
  [
    ...neededSoon(
      { domains: [hostWith(...own)], certificates: isLookedUp ? own : [] },
      [...own, ...others],
      now,
    ).values(),
  ].map(String);

describe("of the certificates that nothing uses, what replaces one in use is needed", () => {
  const old = [stored("rsa-old", rsa, 20), stored("ec-old", ec, 21)];
  const next = [stored("rsa-new", rsa, 80), stored("ec-new", ec, 90), stored("rsa-newer", rsa, 85)];

  it.each([false, true])("for each kind of key of a host that has two; its own uses looked up: %s", (isLookedUp) =>
    expect(needed(old, next, isLookedUp)).toEqual([
      expect.stringMatching(/^rsa-newer \(.*\) can replace rsa-old \(/),
      expect.stringMatching(/^ec-new \(.*\) can replace ec-old \(/),
    ]),
  );

  it("where one of the two ends soon and the other does not", () => {
    const own = [stored("rsa-old", rsa, 20), stored("ec-old", ec, 200)];
    expect(needed(own, next)).toEqual([expect.stringContaining("rsa-newer")]);
  });

  it("of each kind where no store shows the kind that ends", () => {
    expect(needed([stored("a-old", undefined, 20), stored("b-old", undefined, 21)], next)).toHaveLength(2);
  });

  it("with all the names that the old one has, also where another one lasts longer", () => {
    const own = [stored("old", ec, 20, [name, "example.com"])];
    const all = [stored("wide", ec, 60, [name, "example.com"]), stored("narrow", ec, 80)];
    expect(needed(own, all)).toHaveLength(2);
  });

  it("and the host's row names the one for the certificate that ends first", () => {
    const nextOf = (...own: readonly ListedCertificate[]) =>
      domainRow(hostWith(...own), [...own, ...next], now).covered_next_by;
    expect(nextOf(...old)).toBe("rsa-newer");
    expect(nextOf(stored("ec-old", ec, 20))).toBe("ec-new");
    expect(nextOf(stored("rsa-old", rsa, 200), stored("ec-old", ec, 21))).toBe("ec-new");
    expect(domainRow(hostWith(...old), [...old, stored("ec-new", ec, 90)], now).covered_next_by).toBeUndefined();
  });
});
