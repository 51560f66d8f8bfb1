import { describe, expect, it } from "vitest";
import { tencentEdgeone, tencentSsl } from "../../../src/catalogue/services.js";
import { neededSoon } from "../../../src/tools/delete-unused/needed.js";
import type { ListedCertificate } from "../../../src/tools/inventory/certificates.js";
import { domainRow } from "../../../src/tools/inventory/domain-rows.js";
import type { ListedDomain } from "../../../src/tools/inventory/listing.js";
import { type LookUpFitness, listedFitness } from "../../../src/tools/inventory/takeover.js";

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
const needed = async (
  own: readonly ListedCertificate[],
  others: readonly ListedCertificate[],
  { isLookedUp = false, lookUp = async () => "fit" }: { isLookedUp?: boolean; lookUp?: LookUpFitness } = {},
) => {
  const inUse = { domains: [hostWith(...own)], certificates: isLookedUp ? own : [] };
  const stored = {
    stored: [...own, ...others],
    isInQuestion: (each: ListedCertificate) => others.includes(each),
    lookUp,
  };
  return [...(await neededSoon(inUse, stored, now)).values()].map(String);
};

describe("of the certificates that nothing uses, what replaces one in use is needed", () => {
  const old = [stored("rsa-old", rsa, 20), stored("ec-old", ec, 21)];
  const next = [stored("rsa-new", rsa, 80), stored("ec-new", ec, 90), stored("rsa-newer", rsa, 85)];

  it.each([false, true])(
    "for each kind of key of a host that has two; its own uses looked up: %s",
    async (isLookedUp) =>
      expect(await needed(old, next, { isLookedUp })).toEqual([
        expect.stringMatching(/^rsa-newer \(.*\) can replace rsa-old \(/),
        expect.stringMatching(/^ec-new \(.*\) can replace ec-old \(/),
      ]),
  );

  it("where one of the two ends soon and the other does not", async () => {
    const own = [stored("rsa-old", rsa, 20), stored("ec-old", ec, 200)];
    expect(await needed(own, next)).toEqual([expect.stringContaining("rsa-newer")]);
  });

  it("of each kind where no store shows the kind that ends", async () => {
    expect(await needed([stored("a-old", undefined, 20), stored("b-old", undefined, 21)], next)).toHaveLength(2);
  });

  it("with all the names that the old one has, also where another one lasts longer", async () => {
    const own = [stored("old", ec, 20, [name, "example.com"])];
    const all = [stored("wide", ec, 60, [name, "example.com"]), stored("narrow", ec, 80)];
    expect(await needed(own, all)).toHaveLength(2);
  });

  it("but not what is not valid when the old one ends, or what visitors would refuse, however long they last", async () => {
    const own = [stored("old", rsa, 20)];
    const good = stored("good", rsa, 80);
    const future = { ...stored("future", rsa, 200), starts: inDays(21) };
    const endless = { ...stored("endless", rsa, 3_000), starts: inDays(-1) };
    const [weak, untrusted] = [stored("weak", "RSA 1024", 300), stored("private", rsa, 300)];
    const asked: string[] = [];
    const lookUp: LookUpFitness = async (each) => {
      asked.push(each.id);
      return listedFitness(each) ?? (each.id === "private" ? "refused" : "fit");
    };
    const all = [good, future, endless, weak, untrusted];
    expect(await needed(own, all, { lookUp })).toEqual([expect.stringMatching(/^good \(.*\) can replace old \(/)]);
    // A read for each, so none is asked for that nothing depends on.
    expect(new Set(asked)).toEqual(new Set(["private", "good", "old"]));
    expect(domainRow(hostWith(...own), [...own, good, future, endless, weak], now).covered_next_by).toBe("good");
    expect(domainRow(hostWith(...own), [...own, future, endless, weak], now).covered_next_by).toBeUndefined();
  });

  it("and all of them where nothing shows which one visitors accept", async () => {
    const all = [stored("short", rsa, 60), stored("long", rsa, 90), stored("fit", rsa, 70)];
    const lookUp: LookUpFitness = async ({ id }) => (id === "fit" ? "fit" : undefined);
    const found = (await needed([stored("old", rsa, 20)], all, { lookUp })).join();
    expect(found).toMatch(/long .*fit /);
    expect(found).not.toContain("short");
  });

  it("and one that is refused if there is no other, which is said: clients of a private CA may accept it", async () => {
    const all = [stored("short", rsa, 60), stored("long", rsa, 90)];
    expect(await needed([stored("old", rsa, 20)], all, { lookUp: async () => "refused" })).toEqual([
      expect.stringMatching(/^long \(.*\) is all there is to replace old .*, though browsers would refuse it\.$/),
    ]);
  });

  it.each<[string, Awaited<ReturnType<LookUpFitness>>]>([
    ["browsers refuse", "refused"],
    ["nothing shows to be accepted", undefined],
  ])("and beside one that visitors accept the longest one where the old one is one that %s", async (_, fitness) => {
    const own = { ...stored("private-old", rsa, 20), starts: inDays(-300) };
    const all = [stored("private-new", rsa, 300), stored("private-ec", ec, 310), stored("public", rsa, 80)];
    const lookUp: LookUpFitness = async ({ id }) =>
      id === "public" ? "fit" : id === "private-old" ? fitness : "refused";
    for (const isLookedUp of [false, true]) {
      expect((await needed([own], all, { isLookedUp, lookUp })).sort()).toEqual([
        expect.stringMatching(/^private-ec \(.*\) can replace private-old \(/),
        expect.stringMatching(/^private-new \(.*\) can replace private-old \(/),
        expect.stringMatching(/^public \(.*\) can replace private-old \(/),
      ]);
    }
  });

  it("though not because the old one has ended by now: what it was before that counts", async () => {
    const lookUp: LookUpFitness = async ({ id, ends = "" }, moment) =>
      id === "private" || Date.parse(ends) <= moment.getTime() ? "refused" : "fit";
    const all = [stored("private", rsa, 300), stored("public", rsa, 80)];
    expect(await needed([stored("old", rsa, -2)], all, { lookUp })).toEqual([expect.stringMatching(/^public /)]);
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
