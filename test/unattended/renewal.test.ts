import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unsent } from "../../src/lib/tool-error.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { endsLater } from "../../src/tools/inventory/takeover.js";
import { deploymentsOf } from "../../src/unattended/renewal/deployments.js";
import { findFilePairs } from "../../src/unattended/renewal/file-pairs.js";
import type { PlaceInUse, StoredSuccessor } from "../../src/unattended/renewal/inventory.js";
import { dueAt } from "../../src/unattended/renewal/inventory.js";
import { repeat } from "../../src/unattended/renewal/renew-command.js";
import { successorsAmong } from "../../src/unattended/renewal/successor.js";
import { Authority, encrypted, type Party } from "../preflight/authority.js";
import { references } from "../secrets/references/support.js";

const DAY = 24 * 3600_000;
const at = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * DAY).toISOString();
const time = (days: number) => Date.parse(at(days));

describe("a certificate is due", () => {
  it.each([
    ["in the last third of 90 days", 90, 60],
    ["in the last third of 47 days", 47, 47 - 47 / 3],
    ["in the last half of 6 days", 6, 3],
  ])("%s", (_, days, due) => expect(dueAt({ starts: at(0), ends: at(days) })).toBe(time(due)));

  it("30 days before its end if its start is unknown, or when the operator says", () => {
    expect(dueAt({ ends: at(90) })).toBe(time(60));
    expect(dueAt({ starts: at(0), ends: at(90) }, 10 * DAY)).toBe(time(80));
  });
});

describe("the end of a successor", () => {
  it.each([
    ["is later", at(3), at(2), true],
    ["is the same", at(2), at(2), false],
    ["is on a day that may be the same", "2026-01-03", at(1), false],
    ["is on a later day in every zone", "2026-01-06", at(1), true],
  ])("%s", (_, one, other, later) => expect(endsLater({ ends: one }, { ends: other })).toBe(later));
});

const place = (given: Partial<PlaceInUse> = {}): PlaceInUse => ({
  service: "alibaba-cdn",
  domain: "img.example.com",
  held: { ends: at(10), names: ["img.example.com"] },
  several: false,
  ...given,
});
const stored = (id: string, given: Partial<StoredSuccessor> = {}): StoredSuccessor => ({
  id,
  service: "tencent-ssl",
  cloud: "tencent",
  names: ["img.example.com"],
  starts: at(0),
  ends: at(90),
  group: "issued",
  ...given,
});
const cas = { service: "alibaba-cas", cloud: "alibaba" };
const chosen = (of: PlaceInUse, ...from: readonly StoredSuccessor[]) =>
  successorsAmong([], from, time(5))(of).successors[0]?.label;

describe("the successor of a certificate", () => {
  it("covers the domain, is issued and valid by now, and ends later", () => {
    expect(chosen(place(), stored("good"))).toBe("good");
    expect(chosen(place(), stored("other", { names: ["www.example.com"] }))).toBeUndefined();
    expect(chosen(place(), stored("early", { starts: at(6) }))).toBeUndefined();
    expect(chosen(place(), stored("short", { ends: at(10) }))).toBeUndefined();
    expect(chosen(place(), stored("revoked", { group: "closed" }))).toBeUndefined();
  });

  it("is not taken from the store of another cloud, except from Tencent Cloud, which gives its keys", () => {
    expect(chosen(place(), stored("cas", cas))).toBe("cas");
    expect(chosen(place({ service: "huawei-live" }), stored("cas", cas))).toBeUndefined();
    expect(chosen(place({ service: "huawei-live" }), stored("ssl"))).toBe("ssl");
  });

  it("covers what the old one covered before it ends last, and its key stays where it is", () => {
    const old = place({ held: { ends: at(10), names: ["img.example.com", "www.example.com"] } });
    const both = stored("both", { names: ["*.example.com"], ends: at(60) });
    expect(chosen(old, stored("one"), both)).toBe("both");
    expect(chosen(place(), stored("moved"), stored("stays", { ...cas, ends: at(60) }))).toBe("stays");
  });

  it("is what visitors accept, before all that they refuse", () => {
    const refused = stored("refused", { ends: at(5_000), fitness: "refused", names: ["*.example.com"] });
    const old = place({ held: { ends: at(10), names: ["img.example.com", "www.example.com"] } });
    expect(chosen(old, refused, stored("one"))).toBe("one");
    expect(chosen(old, refused)).toBe("refused");
  });

  it("is no copy of what was rolled back there, which is said", () => {
    const at = { service: "alibaba-cdn", domain: "img.example.com", sha256: "aa", job: "0a1b2c3d" };
    const found = (...from: readonly StoredSuccessor[]) => successorsAmong([], from, time(5), [at])(place());
    expect(found(stored("copy", { ...cas, copy_of: "aa" }))).toEqual({ successors: [], rolledBack: at });
    expect(found(stored("other", { ...cas, copy_of: "bb" })).successors).toHaveLength(1);
  });

  it("has the same kind of key where a place has two", () => {
    const two = place({ several: true, held: { ends: at(10), kind: "EC" } });
    expect(chosen(two, stored("rsa", { kind: "RSA" }))).toBeUndefined();
    expect(chosen(two, stored("rsa", { kind: "RSA" }), stored("ec", { kind: "EC" }))).toBe("ec");
  });
});

describe("the calls of a renewal", () => {
  const renewable = (...places: readonly PlaceInUse[]) =>
    places.flatMap((each) => {
      const [successor] = successorsAmong([], [stored("next", { names: ["*.example.com"] })], time(5))(each).successors;
      return successor === undefined ? [] : [{ place: each, successor }];
    });
  const edge = place({ service: "tencent-edgeone", zone_id: "zone-1", domain: "www.example.com" });

  it("are one for each successor, apart from the places that its key has to be moved for", () => {
    const calls = deploymentsOf(renewable(edge, place(), place({ domain: "a.example.com" })), []);
    expect(calls.map(({ args }) => args)).toEqual([
      {
        certificate_id: "next",
        targets: [{ service: "tencent-edgeone", zone_id: "zone-1", domains: ["www.example.com"] }],
        on_failure: "continue",
      },
      {
        certificate_id: "next",
        targets: [{ service: "alibaba-cdn", domains: ["img.example.com", "a.example.com"] }],
        on_failure: "continue",
      },
    ]);
  });

  it("go on with the targets of a job that was left unfinished, and take at most 50 at once", () => {
    const targets = [{ service: "alibaba-cdn", domains: ["img.example.com", "done.example.com"] }];
    const job = { id: "0000abcd", sha256: "", certificate_id: "next", targets };
    const [first, second] = deploymentsOf(renewable(place(), place({ domain: "a.example.com" })), [job]);
    expect(first).toMatchObject({ resumes: job, args: { targets } });
    expect(second?.args.targets).toEqual([{ service: "alibaba-cdn", domains: ["a.example.com"] }]);
    // The same host in another site is another place.
    const elsewhere = { ...job, targets: [{ service: "tencent-edgeone", zone_id: "zone-2", domains: [edge.domain] }] };
    expect(deploymentsOf(renewable(edge), [elsewhere])).toMatchObject([{ args: { targets: [{ zone_id: "zone-1" }] } }]);
    const many = Array.from({ length: 120 }, (_, index) => place({ domain: `d${index}.example.com` }));
    expect(deploymentsOf(renewable(...many), []).map(({ places }) => places.length)).toEqual([50, 50, 20]);
  });
});

describe("the files that tools renew", () => {
  it("are matched by content, whatever their names, and a chain is preferred to its leaf", async () => {
    const root = mkdtempSync(join(tmpdir(), "cloudcert-files-"));
    const authority = await CertificateAuthority.create(new Date());
    const issue = (name: string) =>
      authority.issue({
        names: [name],
        key: "EC-P256",
        notBefore: new Date(Date.now() - DAY),
        notAfter: new Date(Date.now() + 90 * DAY),
      });
    const write = (path: string, text: string) => {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), text, { mode: 0o600 });
    };
    const [certbot, lego, acme, stray] = await Promise.all(
      ["c", "l", "a", "s"].map((one) => issue(`${one}.example.com`)),
    );
    if (!certbot || !lego || !acme || !stray) throw new Error("not issued");
    const leafOf = (pem: string) => `${pem.split("-----END CERTIFICATE-----")[0]}-----END CERTIFICATE-----\n`;
    write("archive/c/fullchain1.pem", certbot.certificatePem);
    write("archive/c/cert1.pem", leafOf(certbot.certificatePem));
    write("archive/c/privkey1.pem", certbot.privateKeyPem);
    mkdirSync(join(root, "live/c"), { recursive: true });
    for (const part of ["fullchain", "cert", "privkey"]) {
      symlinkSync(`../../archive/c/${part}1.pem`, join(root, `live/c/${part}.pem`));
    }
    write("lego/l.crt", lego.certificatePem);
    write("lego/l.key", lego.privateKeyPem);
    write("a_ecc/fullchain.cer", acme.certificatePem);
    write("a_ecc/a.cer", leafOf(acme.certificatePem));
    write("a_ecc/a.key", acme.privateKeyPem);
    // A tool that has written one of the two so far.
    write("half/fullchain.pem", stray.certificatePem);
    write("half/privkey.pem", lego.privateKeyPem);
    const { pairs, problems } = await findFilePairs(references({ directories: [root] }), new Date());
    expect(problems).toEqual([]);
    const paths = pairs.map(({ certificate, privateKey }) =>
      [certificate, privateKey].map((path) => path.slice(root.length + 1)),
    );
    expect(paths.sort()).toEqual([
      ["a_ecc/fullchain.cer", "a_ecc/a.key"],
      ["lego/l.crt", "lego/l.key"],
      ["live/c/fullchain.pem", "live/c/privkey.pem"],
    ]);
    expect(JSON.stringify(pairs)).not.toContain("PRIVATE KEY");
  });
});

describe("a chain in files", () => {
  it("lasts as long as the operator's clients follow it: what is above their root does not count", async () => {
    const authority = new Authority(new Date(Math.ceil(Date.now() / 1_000) * 1_000));
    const former = await authority.issue({ name: "Former Root", ca: true, to: authority.inDays(20) });
    const own = await authority.issue({ name: "Own Root", ca: true });
    const crossed = await authority.issue({
      name: "Own Root",
      ca: true,
      keys: own,
      by: former,
      to: authority.inDays(20),
    });
    const leaf = await authority.issue({ name: "www.example.com", by: own });
    const root = mkdtempSync(join(tmpdir(), "chain-"));
    writeFileSync(join(root, "fullchain.pem"), leaf.pem + crossed.pem, { mode: 0o600 });
    writeFileSync(join(root, "privkey.pem"), leaf.key, { mode: 0o600 });
    const ends = async (roots?: readonly string[]) =>
      (await findFilePairs(references({ directories: [root] }), new Date(), roots)).pairs.map((pair) => pair.ends);
    expect(await ends()).toEqual([authority.inDays(20).toISOString()]);
    expect(await ends([own.pem])).toEqual([authority.inDays(90).toISOString()]);
  });
});

describe("a certificate and its key in files", () => {
  const authority = new Authority(new Date(Math.ceil(Date.now() / 1_000) * 1_000));
  const own = authority.issue({ name: "Own Root", ca: true });
  const leaf = own.then((by) => authority.issue({ name: "www.example.com", by }));
  type File = string | Uint8Array;
  const found = async (files: Readonly<Record<string, File>>, links: Readonly<Record<string, string>> = {}) => {
    const root = mkdtempSync(join(tmpdir(), "pairs-"));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), content, { mode: 0o600 });
    }
    for (const [path, to] of Object.entries(links)) symlinkSync(to, join(root, path));
    const { pem } = await own;
    const { pairs, problems, unusable } = await findFilePairs(references({ directories: [root] }), new Date(), [pem]);
    expect(problems).toEqual([]);
    return {
      pairs: pairs.map(({ certificate, fitness }) => [certificate.slice(root.length + 1), fitness]),
      told: unusable.map(({ says, leaf: of }) => `${of?.names ?? "?"}: ${says.replaceAll(`${root}/`, "")}`),
    };
  };
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");
  const der = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");

  it.each<[string, (one: Party) => readonly [File, File]]>([
    ["with a byte order mark", ({ pem, key }) => [`\ufeff${pem}`, `\ufeff${key}`]],
    ["in UTF-16", ({ pem, key }) => [utf16(pem), utf16(key)]],
    ["in DER", ({ pem, key }) => [der(pem), der(key)]],
    ["with backslash-n for line breaks", ({ pem, key }) => [pem.replaceAll("\n", "\\n"), key.replaceAll("\n", "\\n")]],
    ["in base64 once more", ({ pem, key }) => [btoa(pem), btoa(key)]],
    ["in one file", ({ pem, key }) => [`${key}${pem}`, "a note"]],
  ])("are read as a reference reads them: %s", async (_, filesOf) => {
    const [pem, key] = filesOf(await leaf);
    expect(await found({ "site.crt": pem, "site.key": key })).toEqual({ pairs: [["site.crt", "fit"]], told: [] });
  });

  it.each<[string, (one: Party) => Promise<readonly [File, File]> | readonly [File, File], readonly RegExp[]]>([
    [
      "an encrypted key",
      (one) => [one.pem, encrypted(one, "secret")],
      [
        /^\?: site.key: the private key is encrypted/,
        /^www.example.com: site.crt: no private key that could be read belongs to it\. site.key: .* is encrypted/,
      ],
    ],
    [
      "the key of another",
      async ({ pem }) => [pem, (await authority.issue({ name: "other" })).key],
      [/^www.example.com: site.crt: no private key that could be read belongs to it\.$/],
    ],
    [
      "a damaged block",
      ({ pem, key }) => [`${pem}-----BEGIN CERTIFICATE-----\n?`, key],
      [/^www.example.com: site.crt: block 2 .* is damaged/],
    ],
    [
      "a damaged leaf before its issuer",
      async ({ pem, key }) => [`${pem.replace(/M/, "!")}${(await own).pem}`, key],
      [/^\?: site.crt: block 1 .* is damaged/],
    ],
    [
      "the wrong order",
      async ({ pem, key }) => [`${(await own).pem}${pem}`, key],
      [/^www.example.com: site.crt with the key site.key: .* the leaf is not first\.$/],
    ],
    ["PKCS#12", () => [Buffer.from("30050201033000", "hex"), "-"], [/^\?: site.crt: it is PKCS#12/]],
  ])("are told with the reason if they cannot be used: %s", async (_, filesOf, reasons) => {
    const [pem, key] = await filesOf(await leaf);
    const { pairs, told } = await found({ "site.crt": pem, "site.key": key });
    expect(pairs).toEqual([]);
    expect(told.sort()).toEqual([...reasons].map((reason) => expect.stringMatching(reason)));
  });

  it("are not told of where they are something else: a CA's certificates, requests, keys of accounts and of SSH", async () => {
    const bundle = (await own).pem.repeat(2);
    const request = await authority.request("x", ["x.example.com"], await leaf);
    const account = JSON.stringify({ kty: "EC", crv: "P-256", x: "", y: "", d: "" });
    const files = { "ca.pem": bundle, "x.csr": request, "account.json": account, README: "# not a key" };
    expect(await found(files)).toEqual({ pairs: [], told: [] });
  });

  it("are those that visitors accept and that have nothing to spare, of several files with one leaf", async () => {
    const { pem, key } = await leaf;
    const other = await authority.issue({ name: "other.example.com", by: await own });
    const files = { "a.pem": `${pem}${other.pem}`, "fullchain.pem": pem, "privkey.pem": key };
    expect((await found(files)).pairs).toEqual([["fullchain.pem", "fit"]]);
    expect((await found({ ...files, "a.pem": `${pem}${(await own).pem}` })).pairs).toEqual([["fullchain.pem", "fit"]]);
    const x = await authority.issue({ name: "X", ca: true });
    const strange = await authority.issue({
      name: "www.example.com",
      by: await authority.issue({ name: "X", ca: true }),
    });
    const refused = { "o.pem": strange.pem + x.pem, "leaf.pem": strange.pem, "a.pem": strange.pem + x.pem + other.pem };
    expect((await found({ ...refused, "o.key": strange.key })).pairs).toEqual([["o.pem", "refused"]]);
  });

  it("are found behind a link to a directory, and what lies too deep or elsewhere is told", async () => {
    const { pem, key } = await leaf;
    const deep = "1/2/3/4/5/6/7/8";
    const files = { "real/site.crt": pem, "real/site.key": key, [`${deep}/x.crt`]: pem };
    const { pairs, told } = await found(files, { current: "real", out: tmpdir(), "real/loop": ".." });
    expect(pairs).toEqual([["real/site.crt", "fit"]]);
    expect(told).toEqual([
      `?: What is more than 8 directories deep was not looked at: ${deep}.`,
      "?: Links to directories that the operator did not name were not followed: out.",
    ]);
  });
});

describe("a watch", () => {
  it("repeats at its interval, give or take a tenth, after a failure, too, and ends with its signal", async () => {
    const stop = new AbortController();
    const pauses: number[] = [];
    let runs = 0;
    await repeat(
      async () => {
        runs += 1;
        if (runs === 2) throw new Error("a defect");
        return "done";
      },
      {
        interval: 1_000,
        now: () => new Date(0),
        pause: async (ms) => {
          pauses.push(ms);
          if (pauses.length === 3) stop.abort();
        },
        random: () => pauses.length / 2,
        signal: stop.signal,
        log: () => {},
      },
    );
    expect(runs).toBe(3);
    expect(pauses.map(Math.round)).toEqual([900, 1_000, 1_100]);
  });

  it("tries again within minutes what could not be done at all, and says why in a line", async () => {
    const stop = new AbortController();
    const [pauses, lines]: [number[], string[]] = [[], []];
    await repeat(
      async () => {
        if (pauses.length === 0) throw unsent("configuration", "The database cannot be reached.", "Wait.");
        return "done";
      },
      {
        interval: 12 * 3_600_000,
        now: () => new Date(0),
        pause: async (ms) => {
          pauses.push(ms);
          if (pauses.length === 2) stop.abort();
        },
        random: () => 0.5,
        signal: stop.signal,
        log: (line) => lines.push(String(line)),
      },
    );
    expect(pauses).toEqual([300_000, 12 * 3_600_000]);
    expect(lines[0]).toBe("the renewal was not done: The database cannot be reached.");
  });
});
