import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { usage } from "../preflight/authority.js";
import { judgeByOtherClock } from "../support/judge-by-other-clock.js";
import { wide } from "../support/width.js";
import { type Presented, presented, Servers } from "./servers.js";
import { domain, lookAt, material, now } from "./support.js";

/** A judge of the tests: dates judged by a clock that is not the machine's, compared with what OpenSSL says of the same moment. */

const { authority, root, upper, middle, foreignRoot } = material;

const servers = new Servers();
const folder = mkdtempSync(join(tmpdir(), "another-clock-"));
afterEach(() => servers.close());
afterAll(() => rmSync(folder, { recursive: true }));

const later = { from: authority.inDays(300), to: authority.inDays(347) };
const years = { ca: true, from: authority.inDays(-400), to: authority.inDays(4000) };
const leaf = (more: Partial<Parameters<typeof authority.issue>[0]> = {}) =>
  authority.issue({ name: domain, by: middle, ...later, ...more });
/** The name of a CA, with a key that is not the CA's. */
const impostor = await authority.issue({ name: middle.name, by: upper, ...years });
const noCa = await authority.issue({ name: "No CA", by: upper, ...years, ca: false });
const shortRoot = await authority.issue({ name: "Short Root", ...years, to: authority.inDays(320) });
const shortMiddle = await authority.issue({ name: "Short CA", by: upper, ...years, to: authority.inDays(320) });
const lateMiddle = await authority.issue({ name: "Late CA", by: upper, ...years, from: authority.inDays(310) });

const chains: readonly (readonly [string, Presented])[] = [
  ["valid later", presented(await leaf(), middle, upper)],
  ["valid later, sent with its root", presented(await leaf(), middle, upper, root)],
  ["valid later, in another order", presented(await leaf(), upper, middle)],
  ["valid now", presented(material.now, middle, upper)],
  ["without its intermediate", presented(await leaf())],
  ["without the upper intermediate", presented(await leaf(), middle)],
  ["under a foreign root", presented(await leaf({ by: foreignRoot }), foreignRoot)],
  ["self-signed", presented(await authority.issue({ name: domain, ...later }))],
  ["signed by an impostor of its issuer", presented(await leaf({ by: impostor }), middle, upper)],
  ["for clients only", presented(await leaf({ usages: [usage.clientAuth] }), middle, upper)],
  ["issued by what is no CA", presented(await leaf({ by: noCa }), noCa, upper)],
  ["under an intermediate that ends meanwhile", presented(await leaf({ by: shortMiddle }), shortMiddle, upper)],
  ["under an intermediate that begins meanwhile", presented(await leaf({ by: lateMiddle }), lateMiddle, upper)],
  ["under a root that ends meanwhile", presented(await leaf({ by: shortRoot }), shortRoot)],
];
const roots = [root.pem, shortRoot.pem];
const judge = judgeByOtherClock(roots);

describe("a clock that is not the machine's decides about dates, and about nothing else", () => {
  it.each(chains)("%s", wide, async (_name, what) => {
    const running = await servers.tls(what);
    const verdicts = await Promise.all(
      [0, 200, 301, 315, 330, 346, 348, 4001, 8000].map(async (days) => {
        const at = new Date(now.getTime() + days * 24 * 3600 * 1000);
        const { certificates } = await lookAt(running, { roots, now: () => at, judge });
        const [seen] = certificates;
        return { days, trusted: seen?.trusted, openssl: opensslTrusts(what, at), distrust: seen?.distrust };
      }),
    );
    for (const { days, trusted, openssl, distrust } of verdicts) {
      expect({ days, trusted, distrust }).toMatchObject({ days, trusted: openssl });
    }
  });

  it("has cases of both kinds", wide, () => {
    const at = new Date(authority.inDays(315));
    const trusted = chains.filter(([, what]) => opensslTrusts(what, at)).map(([name]) => name);
    expect(trusted).toEqual([
      "valid later",
      "valid later, sent with its root",
      "valid later, in another order",
      "under an intermediate that ends meanwhile",
      "under an intermediate that begins meanwhile",
      "under a root that ends meanwhile",
    ]);
  });
});

function opensslTrusts({ cert }: Presented, at: Date): boolean {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const chain = write("chain.pem", cert);
  const seconds = String(Math.floor(at.getTime() / 1000));
  const anchors = write("roots.pem", roots.join(""));
  const given = ["-attime", seconds, "-purpose", "sslserver", "-no-CApath", "-CAfile", anchors];
  const { status } = spawnSync("openssl", ["verify", ...given, "-untrusted", chain, chain], { cwd: folder });
  return status === 0;
}
