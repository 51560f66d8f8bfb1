import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { expiredCasId } from "../../src/sandbox/seed/alibaba.js";
import { expiredScmId } from "../../src/sandbox/seed/huawei.js";
import { materialOf } from "../../src/sandbox/tencent-ssl/application.js";
import { addCertificate } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import type { Order } from "../../src/sandbox/tencent-ssl/state.js";
import { Authority } from "../preflight/authority.js";
import { type Assistant, approving, declining } from "../support/assistant.js";
import { startAlteringProxy } from "../support/cloud-proxy.js";
import { Company } from "../support/company.js";
import { ofRows, rows, wide } from "../support/width.js";

/** Stored certificates that nothing uses are deleted together; what may be in use stays, and is said. */

const reply = z.object({
  job: z.string().optional(),
  summary: z.string(),
  targets: z.array(z.object({ target: z.string(), state: z.string(), before: z.string().optional() })),
  kept: z.array(z.string()).default([]),
  next: z.string(),
});

let company: Company;
let assistant: Assistant;
const questions: string[] = [];
const ids = new Map<string, string>();
const id = (alias: string) => ids.get(alias) ?? company.certificate(alias);

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  const { account } = company.sandbox;
  const material = account.ssl.certificates.get(company.certificate("mail"))?.material;
  if (material === undefined) throw new Error("the sandbox has no such certificate");
  for (const alias of ["spare", "on a host", "to the origin", "downloaded"]) {
    ids.set(alias, addCertificate(account, { status: 1, material, alias }).id);
  }
  const host = account.zones.get("zone-sandboxdemo")?.hosts.get("shop.example.com");
  Object.assign(host ?? {}, { certificateIds: [id("on a host")], upstreamIds: [id("to the origin")] });
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit"], { person });
  await assistant.result("DownloadCertificate", { CertificateId: id("downloaded") });
  questions.length = 0;
});
afterAll(() => Promise.all([assistant.close(), company.close()]));

const clean = async (args: Record<string, unknown> = {}) =>
  reply.parse(await assistant.result("delete_unused_certificates", args));
/** One more certificate that nothing uses. */
function another(alias: string, order?: Order): string {
  const { account } = company.sandbox;
  const material = account.ssl.certificates.get(id("downloaded"))?.material;
  if (material === undefined) throw new Error("the sandbox has no such certificate");
  return addCertificate(account, { status: 1, material, alias, ...(order && { order }) }).id;
}
/** The ids in the sentences about other clouds. */
const elsewhere = (kept: readonly string[]) =>
  kept
    .filter((reason) => reason.startsWith("Only certificates of Tencent Cloud SSL are deleted here. "))
    .flatMap((reason) => [...reason.matchAll(/([\w-]+) \(/g)].map(([, each]) => each))
    .sort();
const exists = (alias: string) => company.sandbox.account.ssl.certificates.has(id(alias));

describe("delete_unused_certificates", () => {
  it("is not approved by token where the operator wants a person for what cannot be undone", async () => {
    const byToken = await company.assistant(["--approve", "token"], { hostApproves: true, person: null });
    const said = await byToken.failure("delete_unused_certificates", { certificate_ids: [id("spare")] });
    await byToken.close();
    expect(said).toContain("Nothing was sent.");
    expect(exists("spare")).toBe(true);
  });

  it("deletes what nothing uses with one approval that names each, and says what stays and why", async () => {
    const { summary, targets, kept, job } = await clean();
    expect(questions).toHaveLength(1);
    const [question = ""] = questions;
    expect(question).toContain(`To approve, type ${targets.length}.`);
    const names = targets.map(({ target }) => target);
    expect(names.join("\n")).toContain(id("spare"));
    // Expired ones first.
    expect(names[0]).toContain("legacy.example.org");
    for (const name of names) expect(question).toContain(name.split(" ")[1]);
    expect(summary).toBe(`${targets.length} deleted`);
    expect(exists("spare")).toBe(false);
    expect(exists("on a host")).toBe(true);
    expect(exists("to the origin")).toBe(true);
    expect(exists("downloaded")).toBe(true);
    expect(exists("storefront")).toBe(true);
    const reasons = kept.join("\n");
    expect(reasons).toMatch(new RegExp(`In use: .*${id("on a host")}`));
    expect(reasons).toMatch(new RegExp(`In use: .*${id("storefront")}`));
    expect(reasons).toMatch(new RegExp(`Downloaded according to the operation log.*${id("downloaded")}`));
    for (const reason of kept) expect(question).toContain(`Kept, not deleted: ${reason.slice(0, 20)}`);
    // No cloud knows of servers elsewhere, and nobody of another copy of the key.
    expect(question).toMatch(
      new RegExp(`Warning: Uploaded and still valid: .*${id("spare")}.* A server outside the clouds may use it`),
    );
    expect(/Warning: .*/.exec(question)?.[0]).not.toContain("legacy.example.org");
    expect(reasons).toMatch(new RegExp(`In use: .*${id("on a host")} \\(.*\\) by shop\\.example\\.com`));
    const cancelled = [...company.sandbox.account.ssl.certificates.values()].find((each) => each.status === 7)?.id;
    expect(reasons).toMatch(new RegExp(`deleted only if named \\(certificate_ids\\): .*${cancelled}`));
    const ordered = [...company.sandbox.account.ssl.certificates.values()].find(
      (each) => each.order && each.status === 1,
    )?.id;
    // What is issued here and in use elsewhere is named, too.
    expect(reasons).toMatch(new RegExp(`Issued or ordered here: .*${ordered}`));
    // Of the other clouds only what has ended: a valid one may be about to be deployed.
    expect(elsewhere(kept)).toEqual([`${expiredCasId}-cn-hangzhou`, expiredScmId].sort());
    expect(await assistant.failure("roll_back", { job })).toContain("cannot be undone");
  });

  it("names in other clouds what has ended", async () => {
    const { kept, next } = await clean({ expired: true });
    expect(elsewhere(kept)).toEqual([`${expiredCasId}-cn-hangzhou`, expiredScmId].sort());
    expect(next).toBe("Nothing is left to do at Tencent Cloud SSL, beyond what kept says.");
  });

  it("keeps the certificate that is to replace one in use, and warns where it is named", async () => {
    const why = new RegExp(
      `${id("storefront, next")} \\(.*\\) can replace ${id("storefront")} \\(.*\\), which ends on 20`,
    );
    expect(exists("storefront, next")).toBe(true);
    expect((await clean()).kept.join("\n")).toMatch(why);
    const person = declining(questions);
    const other = await company.assistant(["--approve", "elicit"], { person });
    await other.failure("delete_unused_certificates", { certificate_ids: [id("storefront, next")] });
    await other.close();
    expect(questions.at(-1)).toMatch(new RegExp(`^Warning: ${why.source}`, "m"));
    questions.pop();
    expect(exists("storefront, next")).toBe(true);
  });

  it("keeps it beside one that ends later but is not valid by then, or that visitors would refuse", async () => {
    const untrusted = new Authority(new Date());
    const names = ["example.com", "*.example.com"];
    const root = await untrusted.issue({ name: "Private CA", ca: true, to: untrusted.inDays(9_000) });
    for (const [alias, from, to] of [
      ["next year's", 200, 290],
      ["endless", -1, 8_000],
      ["usual length", -1, 390],
    ] as const) {
      const period = { from: untrusted.inDays(from), to: untrusted.inDays(to) };
      const { pem, key } = await untrusted.issue({ name: "example.com", names, by: root, ...period });
      const material = materialOf(pem + root.pem, key);
      ids.set(alias, addCertificate(company.sandbox.account, { status: 1, material, alias }).id);
    }
    const { kept, targets } = await clean();
    expect(kept.join("\n")).toContain(`${id("storefront, next")} (example.com) can replace ${id("storefront")} `);
    expect(kept.join("\n")).toContain(`${id("next year's")} (example.com) is not valid before `);
    expect(exists("storefront, next")).toBe(true);
    // Nothing shows whether browsers accept the one that is in use at Alibaba Cloud.
    expect(kept.join("\n")).toMatch(
      new RegExp(`${id("endless")} .* can replace .*, for clients that accept what browsers refuse`),
    );
    expect(targets.map(({ target }) => target.split(" ")[1])).toEqual([id("usual length")]);
  });

  it("tells where a certificate of another cloud is, and what it is to replace", async () => {
    const scm = company.sandbox.account.scm.certificates[0]?.id;
    const { kept, summary } = await clean({ certificate_ids: [scm] });
    expect(summary).toBe("nothing to delete");
    expect(kept).toEqual([
      expect.stringMatching(
        new RegExp(`these are in Huawei Cloud Certificate Manager, whose console deletes them: ${scm} `),
      ),
      expect.stringMatching(new RegExp(`^${scm} \\(.*\\) can replace .*, which ends on 20`)),
    ]);
  });

  it("asks nobody where nothing is unused", async () => {
    const asked = questions.length;
    expect(await clean()).toMatchObject({ summary: "nothing to delete", targets: [] });
    expect(await clean({ certificate_ids: [id("on a host")] })).toMatchObject({
      summary: "nothing to delete",
      kept: [expect.stringContaining("In use")],
    });
    expect(questions).toHaveLength(asked);
  });

  it("deletes nothing if a use could be hidden: a list that may not be read, or a log", wide, async () => {
    for (const denied of ["DescribeZones", "DescribeCertificateOperateLogs"]) {
      const restricted = await company.assistant(["--deny", denied]);
      const said = await restricted.failure("delete_unused_certificates", { certificate_ids: [id("downloaded")] });
      await restricted.close();
      expect(said).toContain(denied);
      expect(said).toContain("Nothing was changed.");
    }
    expect(exists("downloaded")).toBe(true);
  });

  const logOf = (entries: (all: unknown[]) => object) => (operation: unknown, text: string) => {
    if (operation !== "DescribeCertificateOperateLogs") return text;
    const { Response } = JSON.parse(text);
    return JSON.stringify({ Response: { RequestId: Response.RequestId, ...entries(Response.OperateLogs) } });
  };

  it.each(
    rows(
      [
        ["fewer entries than it counts", logOf((all) => ({ AllTotal: all.length + 1, OperateLogs: [] }))],
        ["neither entries nor a count", logOf(() => ({ AllTotal: null, OperateLogs: null }))],
        ["entries of another form", logOf((all) => ({ AllTotal: all.length, OperateLogs: all.map(String) }))],
      ],
      1,
    ),
  )("deletes nothing if the log has %s", ofRows, async (_, altered) => {
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-ssl"], altered);
    const other = await company.assistant(["--endpoint", `tencent-ssl=${proxy.url}`]);
    const said = await other.failure("delete_unused_certificates", { certificate_ids: [id("downloaded")] });
    await Promise.all([other.close(), proxy.close()]);
    expect(said).toContain("Nothing was changed.");
    expect(exists("downloaded")).toBe(true);
  });

  it("reads a log of more than a page to its end: its TotalCount is the number of rows of a page", async () => {
    const { ssl, clock } = company.sandbox.account;
    const before = [...ssl.log];
    for (let index = 0; index < 1_100; index += 1) {
      ssl.log.push({ type: "updateAlias", certificateId: "elsewhere", at: clock.now() });
    }
    const { summary, kept } = await clean({ certificate_ids: [id("downloaded")] });
    ssl.log.splice(0, ssl.log.length, ...before);
    expect(summary).toBe("nothing to delete");
    expect(kept).toEqual([expect.stringContaining("Downloaded")]);
    expect(exists("downloaded")).toBe(true);
  });

  it("reads a log without a count to its end", wide, async () => {
    const filler = Array.from({ length: 1_000 }, () => ({ Type: "upload", CertId: "elsewhere" }));
    let pages = 0;
    let first: unknown[] = [];
    const long = logOf((all) => {
      if (pages++ > 0) return { OperateLogs: first };
      first = all;
      return { OperateLogs: filler };
    });
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-ssl"], long);
    const other = await company.assistant(["--endpoint", `tencent-ssl=${proxy.url}`]);
    const { kept } = reply.parse(
      await other.result("delete_unused_certificates", { certificate_ids: [id("downloaded")] }),
    );
    await Promise.all([other.close(), proxy.close()]);
    expect(kept).toEqual([expect.stringContaining("Downloaded")]);
  });

  it("keeps what was not counted, and says so", wide, async () => {
    const uncounted = (operation: unknown, text: string) =>
      operation === "DescribeCertificateBindResourceTaskResult"
        ? text.replace(/"TotalCount":\d+/g, '"TotalCount":null')
        : text;
    const spare = another("uncounted");
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-ssl"], uncounted);
    const other = await company.assistant(["--endpoint", `tencent-ssl=${proxy.url}`]);
    const { kept } = reply.parse(await other.result("delete_unused_certificates", { certificate_ids: [spare] }));
    await Promise.all([other.close(), proxy.close()]);
    expect(kept).toEqual([expect.stringContaining("What uses them could not be found out")]);
  });

  it("keeps what covers a host of which the list shows no certificate, and deletes what does not", wide, async () => {
    const { authority } = company.sandbox.account;
    const stored = async (...names: string[]) => {
      const [notBefore, notAfter] = [new Date(Date.now() - 1_000), new Date(Date.now() + 90 * 86_400_000)];
      const issued = await authority.issue({ names, key: "EC-P256", notBefore, notAfter });
      const material = materialOf(issued.certificatePem, issued.privateKeyPem);
      return addCertificate(company.sandbox.account, { status: 1, material, alias: names.join() }).id;
    };
    const [covering, wildcard, other] = [
      await stored("files.example.com"),
      await stored("*.example.com"),
      await stored("files.example.org"),
    ];
    for (const shown of [undefined, { Mode: null, List: null }, { Mode: "sslcert", List: [{ CertId: null }] }]) {
      const bare = (operation: unknown, text: string) => {
        if (operation !== "DescribeAccelerationDomains") return text;
        const { Response } = JSON.parse(text);
        const [{ Certificate: _, ...host }] = Response.AccelerationDomains;
        Response.AccelerationDomains.push({ ...host, DomainName: "files.example.com", Certificate: shown });
        return JSON.stringify({ Response: { ...Response, TotalCount: Response.TotalCount + 1 } });
      };
      const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-edgeone"], bare);
      const person = declining(questions);
      const flags = ["--approve", "elicit", "--endpoint", `tencent-edgeone=${proxy.url}`];
      const careful = await company.assistant(flags, { person });
      const { summary, kept } = reply.parse(
        await careful.result("delete_unused_certificates", { certificate_ids: [covering, wildcard] }),
      );
      await careful.failure("delete_unused_certificates", { certificate_ids: [covering, other] });
      await Promise.all([careful.close(), proxy.close()]);
      expect(summary).toBe("nothing to delete");
      const why =
        "May be served on files.example.com, where the list of Tencent Cloud EdgeOne does not show every certificate: ";
      expect(kept).toEqual([expect.stringContaining(why)]);
      for (const each of [covering, wildcard]) expect(kept.join()).toContain(each);
      const question = questions.pop();
      expect(question).toContain(`Delete unused certificate "${other} (files.example.org)"`);
      expect(question).toContain(`${why}${covering}`);
    }
    for (const each of [covering, wildcard, other]) company.sandbox.account.ssl.certificates.delete(each);
  });

  it("keeps a certificate that is being deployed: no look-up finds it before it is there", async () => {
    const orders = [...company.sandbox.account.ssl.certificates.values()].map(({ order }) => order);
    const spare = another("on its way");
    const issued = another(
      "issued, and on its way",
      orders.find((order) => order?.application !== undefined),
    );
    const [{ targets } = { targets: [] }] = await company.journal.list();
    const at = new Date().toISOString();
    const account = targets[0]?.account;
    const bring = async (certificateId: string) => {
      const certificate = { sha256: "ab".repeat(32), certificateId, names: [], notAfter: at, source: {} };
      const target = {
        id: `tencent-ssl/certificate/${certificateId}`,
        service: "tencent-ssl",
        name: "Resources",
      } as const;
      const sent = { state: "accepted", sentAt: at, acceptedAt: at, ...(account && { account }) } as const;
      const { id } = await company.journal.open({
        kind: "deployment",
        key: `to bring ${certificateId}`,
        certificate,
        targets: [{ ...target, ...sent }],
      });
      return id;
    };
    const job = await bring(spare);
    const other = await bring(issued);
    expect(await clean({ certificate_ids: [spare] })).toMatchObject({
      summary: "nothing to delete",
      kept: [expect.stringContaining("Being deployed")],
    });
    // The operations themselves warn of the same.
    for (const [verb, certificate, bringing] of [
      ["Delete", spare, job],
      ["Revoke", issued, other],
    ] as const) {
      await assistant.call(`${verb}Certificate`, { CertificateId: certificate });
      expect(questions.at(-1)).toMatch(new RegExp(`^${verb} certificate ${certificate}`));
      expect(questions.at(-1)).toMatch(
        new RegExp(`Warning: a deployment \\(job ${bringing}, .* may still be bringing certificate ${certificate} to`),
      );
      expect(questions.at(-1)).toContain(`wait_for deployment ${bringing}`);
    }
  });

  it("names an id that the cloud does not list, and asks nobody", async () => {
    const asked = questions.length;
    const { summary, kept } = await clean({ certificate_ids: ["nothere1"] });
    expect(summary).toBe("nothing to delete");
    expect(kept.join()).toContain("Not listed, or no longer: nothere1");
    expect(questions).toHaveLength(asked);
  });

  it("takes no remark or domain for an id, and says whose it is", async () => {
    const asked = questions.length;
    const own = id("storefront");
    const { kept } = await clean({ certificate_ids: ["storefront", "preview.example.org", own.toUpperCase()] });
    const reasons = kept.join("\n");
    expect(reasons).toContain(`"storefront" is the remark of ${own} (`);
    expect(reasons).toMatch(/"preview\.example\.org" is a domain of \w+ \(preview\.example\.org\): give the id\./);
    const others = await clean({ certificate_ids: ["StoreFront", "Preview.EXAMPLE.org"] });
    expect(others.kept.join("\n")).toContain(`"StoreFront" is the remark of ${own} (`);
    expect(others.kept.join("\n")).toContain('"Preview.EXAMPLE.org" is a domain of ');
    expect(reasons).toContain(`${own.toUpperCase()} is not listed, but there is: ${own} (`);
    expect(questions).toHaveLength(asked);
  });

  it("takes each id once, and with expired only those that are", wide, async () => {
    const fresh = another("fresh");
    const unexpired = await clean({ certificate_ids: [fresh], expired: true });
    expect(unexpired.summary).toBe("nothing to delete");
    expect(unexpired.kept.join()).toMatch(new RegExp(`only expired ones were asked for: ${fresh} `));
    const { summary, targets } = await clean({ certificate_ids: [fresh, fresh] });
    expect([summary, targets.length]).toEqual(["1 deleted", 1]);
  });

  it("that was interrupted is settled by the next look, and the next call goes on with it", wide, async () => {
    const { account } = company.sandbox;
    const left = another("left");
    const target = (name: string, state: "sending" | "pending" | "failed") => ({
      id: `tencent-ssl/certificate/${name}`,
      service: "tencent-ssl" as const,
      name: `Certificate ${name}`,
      oldCertificateId: name,
      expected: "unknown",
      state,
    });
    const [last] = await company.journal.list();
    if (last === undefined) throw new Error("there is no job");
    const { kind, key, certificate, targets } = last;
    const account_ = targets[0]?.account;
    const both = [target("goneByNow", "sending"), target("goneSince", "failed"), target(left, "pending")].map(
      (each) => ({
        ...each,
        ...(account_ && { account: account_ }),
      }),
    );
    const { id: job } = await company.journal.open({ kind, key, certificate, targets: both });
    const open = await company.journal.find(job);
    if (open !== undefined) {
      const { owner: _, ...released } = open;
      await company.journal.save(released);
    }
    const listed = z.object({ jobs: z.array(z.object({ kind: z.string(), to_finish: z.unknown() })) });
    const { jobs } = listed.parse(await assistant.result("list_jobs", { job }));
    expect(jobs).toMatchObject([
      { kind: "deletion", to_finish: { arguments: { certificate_ids: ["goneByNow", "goneSince", left] } } },
    ]);
    const done = await clean({ certificate_ids: ["goneByNow", left] });
    expect(done).toMatchObject({ job, summary: "2 deleted, 1 unchanged" });
    expect(account.ssl.certificates.has(left)).toBe(false);
  });
});
