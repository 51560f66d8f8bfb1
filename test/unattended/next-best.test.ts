import { describe, expect, it } from "vitest";
import type { JobTarget } from "../../src/jobs/job.js";
import type { JsonObject } from "../../src/lib/json.js";
import { safe } from "../../src/lib/safe-text.js";
import { type ToolErrorDetails, unsent } from "../../src/lib/tool-error.js";
import type { NotifyEvent } from "../../src/notify/event.js";
import type { Fitness } from "../../src/tools/inventory/takeover.js";
import type { CallOutcome } from "../../src/unattended/call.js";
import type { FilePair, UnfitFile } from "../../src/unattended/renewal/file-pairs.js";
import type { PlaceInUse, RenewalInventory, StoredSuccessor } from "../../src/unattended/renewal/inventory.js";
import { renewOnce } from "../../src/unattended/renewal/renew.js";
import type { RenewalDeps } from "../../src/unattended/renewal/renewal.js";

/** What a renewal does where the best is not to be had. */

const now = new Date("2027-01-10T03:00:00Z");
const name = "www.example.net";
const place: PlaceInUse = {
  service: "alibaba-cdn",
  domain: name,
  held: { names: [name], kind: "EC", starts: "2026-12-01T00:00:00Z", ends: "2027-01-17T00:00:00Z" },
  several: false,
};
const pair = (ends: string): FilePair => ({
  certificate: "/live/fullchain.pem",
  privateKey: "/live/privkey.pem",
  sha256: "aa",
  names: [name],
  kind: "EC",
  starts: "2027-01-09T00:00:00Z",
  ends,
  fitness: "fit",
});
const wildcard: StoredSuccessor = {
  id: "8089870",
  service: "alibaba-cas",
  cloud: "alibaba",
  names: ["*.example.net"],
  kind: "EC",
  starts: "2027-01-01T00:00:00Z",
  ends: "2027-06-01T00:00:00Z",
  group: "issued",
};

const certificate = { sha256: "a".repeat(64), names: [name], notAfter: "2027-06-01T00:00:00Z", source: {} };
const plan = { id: "0a1b2c3d", question: safe`Deploy?`, warnings: [] };

interface World {
  readonly pairs: readonly FilePair[];
  readonly stored: readonly StoredSuccessor[];
  readonly hasStandingApprovals?: boolean;
  readonly ends?: string;
  readonly dryRun?: boolean;
  readonly drifting?: RenewalInventory["drifting"];
  readonly openJobs?: RenewalInventory["open_jobs"];
  readonly halfPutBack?: RenewalInventory["half_put_back"];
  readonly applications?: RenewalInventory["applications"];
  readonly places?: readonly PlaceInUse[];
  readonly unusable?: readonly UnfitFile[];
  /** What is seen in stored certificates, by id. */
  readonly fitness?: Readonly<Record<string, Fitness>>;
  readonly apply?: boolean;
  readonly unseen?: readonly string[];
  readonly doubts?: readonly string[];
  /** Whether no stored certificate can be looked into. */
  readonly lookUpFails?: boolean;
  /** Whether a call fails, and what it changed. */
  readonly failureOf?: (args: JsonObject) => Pick<ToolErrorDetails, "changed"> | undefined;
  /** What became of the targets that are sent. */
  readonly targets?: readonly JobTarget[];
  /** Whether a call needs nobody. */
  readonly isApproved: (args: JsonObject) => boolean;
}

async function renewed({
  pairs,
  stored,
  hasStandingApprovals = true,
  ends,
  dryRun = false,
  drifting = [],
  openJobs = [],
  halfPutBack = [],
  applications = [],
  places = [ends === undefined ? place : { ...place, held: { ...place.held, ends } }],
  unusable = [],
  fitness = {},
  apply = true,
  unseen = [],
  doubts = [],
  lookUpFails = false,
  failureOf = () => undefined,
  targets,
  isApproved,
}: World) {
  const events: NotifyEvent[] = [];
  const sent: JsonObject[] = [];
  const asked: JsonObject[] = [];
  const lookedUp: string[] = [];
  const deps: RenewalDeps = {
    now: () => now,
    readInventory: async () => ({
      places: [...places],
      stored: [...stored],
      open_jobs: openJobs,
      half_put_back: halfPutBack,
      rolled_back: [],
      applications,
      drifting,
      unseen: [...unseen],
      doubts: [...doubts],
    }),
    findFiles: async () => ({ pairs, problems: [], unusable: [...unusable] }),
    lookUpFitness: async (certificates) => {
      lookedUp.push(...certificates.map(({ id }) => id));
      if (lookUpFails) throw unsent("cloud", "The store did not answer.", "Wait.");
      return fitness;
    },
    callTool: async (tool, args): Promise<CallOutcome> => {
      const failure = failureOf(args);
      if (failure !== undefined) {
        asked.push(args);
        return { tool, outcome: "failed", error: { kind: "cloud", happened: "No answer.", next: "", ...failure } };
      }
      const isSent = isApproved(args);
      (isSent ? sent : asked).push(args);
      return {
        tool,
        outcome: isSent ? "done" : "needs a person",
        ...(targets && { job: { kind: "deployment" as const, certificate, targets: [...targets] } }),
        ...((dryRun || !isSent) && { waits: { type: "plan.waits", plan } }),
      };
    },
    hasStandingApprovals: async () => hasStandingApprovals,
    commandPlace: { user: "certs", host: "ops-1" },
    notify: (event) => void events.push(event),
    log: () => {},
    signal: new AbortController().signal,
  };
  const report = await renewOnce(deps, { apply, dryRun });
  return { report, sent, asked, events, lookedUp };
}

const isOfFiles = ({ certificate }: JsonObject) => certificate !== undefined;
const later = pair("2027-02-25T00:00:00Z");

describe("where the best certificate needs a person", () => {
  it("another one that a standing approval covers keeps the place served", async () => {
    const { report, sent } = await renewed({ pairs: [later], stored: [wildcard], isApproved: isOfFiles });
    expect(sent).toMatchObject([{ certificate: "file:/live/fullchain.pem" }]);
    expect(report).toMatchObject({ outcome: "done", due: [{ domain: name, state: "renewed" }] });
  });

  it("the question that is left is about the best one if none is covered", async () => {
    const { report, sent, asked } = await renewed({ pairs: [later], stored: [wildcard], isApproved: () => false });
    expect(sent).toEqual([]);
    expect(asked).toMatchObject([{ certificate_id: "8089870" }, { certificate: "file:/live/fullchain.pem" }]);
    expect(report).toMatchObject({ due: [{ state: "needs a person", successor: "8089870" }], calls: [{}] });
  });

  it("people are told that nobody was asked, and where to run what asks", async () => {
    const { events } = await renewed({ pairs: [later], stored: [wildcard], isApproved: () => false });
    expect(events).toMatchObject([
      { type: "plan.left", plan, user: "certs", host: "ops-1" },
      { type: "certificate.ends_soon" },
    ]);
  });

  it("nothing else is tried if nobody approved anything in advance", async () => {
    const world = { pairs: [later], stored: [wildcard], hasStandingApprovals: false, isApproved: () => false };
    expect((await renewed(world)).asked).toHaveLength(1);
  });
});

describe("the others that are tried where the best one needs a person", () => {
  const others = (count: number, ends = (index: number) => `2027-05-${10 + index}T00:00:00Z`) =>
    Array.from({ length: count }, (_, index) => ({ ...wildcard, id: `w${index}`, ends: ends(index) }));
  const idsOf = (calls: readonly JsonObject[]) => calls.map(({ certificate_id: id }) => id);

  it("are five for each place, as each takes a plan, without those that visitors would refuse", async () => {
    const refused = others(9).map((each) => ({ ...each, fitness: "refused" as const }));
    const stored = [wildcard, ...refused, ...others(18)];
    const places = [place, { ...place, domain: "img.example.net" }];
    const { asked } = await renewed({ pairs: [], stored, places, apply: false, isApproved: () => false });
    const tried = idsOf(asked).filter((id) => id !== wildcard.id);
    expect(tried).toEqual([...Array(2)].flatMap(() => ["w17", "w16", "w15", "w14", "w13"]));
  });

  it("are no copies of one that was tried", async () => {
    const copies = others(3, () => wildcard.ends ?? "").map((each) => ({ ...each, id: `copy ${each.id}` }));
    const stored = [wildcard, ...copies, ...others(3, () => "2027-05-20T00:00:00Z")];
    const { asked, sent } = await renewed({ pairs: [later], stored, isApproved: isOfFiles });
    expect(idsOf(asked)).toEqual([wildcard.id, "w0"]);
    expect(sent).toMatchObject([{ certificate: "file:/live/fullchain.pem" }]);
  });

  it("go on after one that failed and changed nothing, and end with one that may have changed something", async () => {
    const stored = [wildcard, ...others(1)];
    const failing = async (changed: "no" | "unknown", isApproved: World["isApproved"]) =>
      renewed({
        ...{ pairs: [later], stored, isApproved },
        failureOf: ({ certificate_id: id }) => (id === "w0" ? { changed } : undefined),
      });
    const { sent, report } = await failing("no", isOfFiles);
    expect(sent).toMatchObject([{ certificate: "file:/live/fullchain.pem" }]);
    expect(report.outcome).toBe("done");
    const none = await failing("no", () => false);
    expect(none.report.due).toMatchObject([{ state: "needs a person", successor: wildcard.id }]);
    const open = await failing("unknown", isOfFiles);
    expect(open.sent).toEqual([]);
    expect(open.report.due).toMatchObject([{ state: "failed", says: expect.stringContaining("Outcome unknown") }]);
  });
});

describe("a certificate that visitors would refuse", () => {
  const refused = (index: number): FilePair => ({
    ...pair(`2030-01-0${index}T00:00:00Z`),
    ...{ certificate: `/origin${index}/c.pem`, privateKey: `/origin${index}/k.pem`, sha256: `f${index}` },
    fitness: "refused",
  });
  const many = [1, 2, 3, 4].map(refused);
  const ssl = { ...wildcard, service: "tencent-ssl", cloud: "tencent" };

  it("comes after all others, and however many there are, what is covered keeps the place served", async () => {
    const world = { pairs: [...many, later], stored: [wildcard], isApproved: isOfFiles };
    const { sent, asked } = await renewed(world);
    expect(sent).toMatchObject([{ certificate: "file:/live/fullchain.pem" }]);
    expect(asked).toMatchObject([{ certificate_id: "8089870" }]);
  });

  it("is the question if there is no other, and the next of that kind is not tried", async () => {
    const { asked, report } = await renewed({ pairs: many, stored: [], apply: false, isApproved: () => false });
    expect(asked).toMatchObject([{ certificate: "file:/origin4/c.pem" }]);
    expect(report.due).toMatchObject([{ state: "needs a person" }]);
  });

  it("does not keep a free one from being applied for", async () => {
    const { sent } = await renewed({ pairs: many, stored: [], isApproved: () => true });
    expect(sent).toMatchObject([{ DomainName: name }]);
  });

  it("is the question where no free one can be applied for, beside what became of that", async () => {
    const world = { pairs: many, stored: [], isApproved: () => false };
    const isApplication = ({ DomainName }: JsonObject) => DomainName !== undefined;
    const failureOf = (args: JsonObject) => (isApplication(args) ? { changed: "no" as const } : undefined);
    const failing = await renewed({ ...world, failureOf });
    expect(failing.asked).toMatchObject([{ DomainName: name }, { certificate: "file:/origin4/c.pem" }]);
    expect(failing.report).toMatchObject({
      outcome: "failed",
      due: [{ state: "needs a person", successor: "/origin4/c.pem", says: "No answer." }],
      calls: [{ tool: "ApplyCertificate" }, { tool: "deploy_certificate" }],
    });
    const asking = await renewed(world);
    expect(asking.asked).toMatchObject([{ DomainName: name }, { certificate: "file:/origin4/c.pem" }]);
    const applied = await renewed({ ...world, isApproved: isApplication });
    expect([applied.asked, applied.report.due]).toMatchObject([[], [{ state: "applied for" }]]);
    expect((await renewed({ ...world, dryRun: true, isApproved: () => true })).sent).toHaveLength(1);
  });

  it("is looked for in the store where the list does not show it, of what may take over alone", async () => {
    const long = { ...ssl, id: "long", ends: "2027-12-01T00:00:00Z" };
    const issued: StoredSuccessor = { ...ssl, id: "issued", fitness: "fit" };
    const stored = [
      ssl,
      long,
      issued,
      { ...ssl, id: "other", names: ["other.example.net"] },
      { ...ssl, ends: place.held.ends },
    ];
    const { sent, lookedUp } = await renewed({
      pairs: [],
      stored,
      fitness: { long: "refused" },
      isApproved: () => true,
    });
    expect(lookedUp).toEqual([ssl.id, "long"]);
    expect(sent).toMatchObject([{ certificate_id: ssl.id }]);
  });
});

describe("what clients do with stored certificates", () => {
  const ssl = { ...wildcard, service: "tencent-ssl", cloud: "tencent" };
  const many = Array.from({ length: 250 }, (_, index) => ({ ...ssl, id: `s${index}` }));
  const long = { ...ssl, id: "long", ends: "2027-12-01T00:00:00Z" };
  const world = { pairs: [], stored: [...many, long], isApproved: () => true };

  it("is looked up however many there are", async () => {
    const ids = world.stored.map(({ id }) => id);
    const fitness = { ...Object.fromEntries(ids.map((id) => [id, "fit" as const])), long: "refused" as const };
    const { lookedUp, sent, report } = await renewed({ ...world, fitness });
    expect(lookedUp).toEqual(ids);
    expect(sent).toMatchObject([{ certificate_id: "s0" }]);
    expect(report.unseen).toEqual([]);
  });

  it("is told of where it could not be looked up, and that fails no run", async () => {
    const { report } = await renewed({ ...world, stored: [ssl, long], lookUpFails: true });
    expect(report).toMatchObject({
      outcome: "done",
      unseen: [expect.stringMatching(/8089870, long .* could not be looked up.*: The store did not answer\./)],
    });
    const absent = await renewed({ ...world, stored: [ssl, long], fitness: { long: "fit" } });
    expect(absent.report.unseen).toEqual([expect.stringMatching(/^What .* do with 8089870 .* could not be looked up/)]);
  });
});

describe("where browsers refuse what is in use, as with a private CA", () => {
  const own: FilePair = { ...pair("2027-12-01T00:00:00Z"), fitness: "refused" };
  const publicOne: StoredSuccessor = { ...wildcard, fitness: "fit" };
  const isStored = ({ certificate_id: id }: JsonObject) => id !== undefined;
  const heldAs = (held: Partial<PlaceInUse["held"]>): PlaceInUse => ({ ...place, held: { ...place.held, ...held } });
  const world = { pairs: [own], stored: [publicOne], places: [heldAs({ fitness: "refused" })], isApproved: isStored };

  it.each([true, false])(
    "the one that ends last is the question, and no public one is sent; a free one may be applied for: %s",
    async (apply) => {
      const { sent, asked, report } = await renewed({ ...world, apply });
      expect(sent).toEqual([]);
      expect(asked).toMatchObject([{ certificate: "file:/live/fullchain.pem" }]);
      expect(report.due).toMatchObject([{ state: "needs a person", successor: "/live/fullchain.pem" }]);
    },
  );

  it("the old one is looked into for that, where its list does not show it and something would be refused", async () => {
    const places = [heldAs({ id: "old" })];
    const seen = await renewed({ ...world, places, fitness: { old: "refused" } });
    expect([seen.lookedUp, seen.sent]).toEqual([["old"], []]);
    const fit = await renewed({ ...world, places, fitness: { old: "fit" } });
    expect([fit.lookedUp, fit.sent]).toEqual([["old"], [expect.objectContaining({ certificate_id: "8089870" })]]);
    expect((await renewed({ ...world, places, pairs: [] })).lookedUp).toEqual([]);
  });

  it("one of which nobody knows counts as accepted", async () => {
    expect((await renewed({ ...world, places: [place] })).sent).toMatchObject([{ certificate_id: "8089870" }]);
  });
});

describe("files that cannot be used", () => {
  const leaf = { names: [name], starts: "2027-01-09T00:00:00Z", ends: "2027-02-25T00:00:00Z" };
  const unusable = [
    { says: "mine", leaf },
    { says: "another's", leaf: { ...leaf, names: ["other.example.net"] } },
    { says: "old", leaf: { ...leaf, ends: place.held.ends } },
    { says: "anybody's" },
  ];
  const told = async (pairs: readonly FilePair[]) =>
    (await renewed({ pairs, stored: [], unusable, isApproved: () => true })).report;

  it("are told where they are for what is due, or may be, and fail no run by themselves", async () => {
    expect((await told([])).unseen).toEqual(["mine", "anybody's"]);
    expect(await told([later])).toMatchObject({ outcome: "done", unseen: ["mine"] });
  });
});

describe("what became of a place", () => {
  const at = (service: JobTarget["service"], state: JobTarget["state"]): JobTarget => {
    return { id: `${service}/${name}`, service, name: `${service} ${name}`, domain: name, state };
  };

  it("is what its own service did with the domain, not what another one did", async () => {
    const { report, events } = await renewed({
      pairs: [later],
      stored: [],
      places: [place, { ...place, service: "huawei-live", project_id: "p" }],
      targets: [at("alibaba-cdn", "served"), { ...at("huawei-live", "failed"), says: "Refused." }],
      isApproved: () => true,
    });
    expect(report).toMatchObject({
      outcome: "failed",
      due: [
        { service: "alibaba-cdn", state: "renewed" },
        { service: "huawei-live", state: "failed", says: "Refused." },
      ],
    });
    expect(events).toMatchObject([{ type: "certificate.ends_soon", domains: [{ service: "huawei-live" }] }]);
  });
});

describe("a deployment whose proof failed in a run that was cut short", () => {
  const job = "0000abcd";
  const openJobs = [
    { id: job, sha256: "aa", targets: [{ service: "alibaba-cdn", domains: [name] }], proof_failed: true as const },
  ];
  const world = { pairs: [later], stored: [], openJobs };
  const isRollback = (args: JsonObject) => args.job !== undefined;

  it("is put back where it cannot go on by itself", async () => {
    const { sent, report } = await renewed({ ...world, isApproved: isRollback });
    expect(sent).toEqual([{ job }]);
    expect(report.due).toMatchObject([{ state: "needs a person" }]);
  });

  it("goes on where it may: it is proven anew first", async () => {
    const { sent, asked } = await renewed({ ...world, isApproved: () => true });
    expect([sent.map(({ job: of }) => of), asked]).toEqual([[undefined], []]);
  });

  it("is put back to the end where that was begun", async () => {
    const { sent, report } = await renewed({ ...world, openJobs: [], halfPutBack: [job], isApproved: isRollback });
    expect(sent).toEqual([{ job }]);
    expect(report.calls[0]).toMatchObject({ tool: "roll_back", outcome: "done" });
    expect((await renewed({ ...world, halfPutBack: [job], dryRun: true, isApproved: () => true })).sent).toHaveLength(
      1,
    );
  });
});

describe("an application for a free certificate", () => {
  it("is for a key of the same kind: RSA 2048, the default, would be weaker", async () => {
    const { sent } = await renewed({ pairs: [], stored: [], isApproved: () => true });
    expect(sent).toEqual([
      { DvAuthMethod: "DNS_AUTO", DomainName: name, CsrEncryptAlgo: "ECC", CsrKeyParameter: "prime256v1" },
    ]);
  });

  it("is not made again within the hour, though no list shows the first", async () => {
    const at = "2027-01-10T02:50:00Z";
    const world = { pairs: [], stored: [], isApproved: () => true };
    const unknown = await renewed({ ...world, applications: [{ domain: name, at }] });
    expect(unknown.sent).toEqual([]);
    expect(unknown.report).toMatchObject({
      outcome: "failed",
      due: [{ state: "failed", says: expect.stringContaining(`sent ${at}, outcome unknown`) }],
    });
    const accepted = await renewed({ ...world, applications: [{ domain: name, at, accepted: true }] });
    expect(accepted.sent).toEqual([]);
    expect(accepted.report).toMatchObject({ outcome: "accepted", due: [{ state: "applied for" }] });
    const another = await renewed({ ...world, applications: [{ domain: "shop.example.net", at }] });
    expect(another.sent).toHaveLength(1);
  });

  it("is not made on the first day for a domain whose file a tool renews", async () => {
    const ends = "2027-01-24T00:00:00Z";
    const world = { pairs: [pair(ends)], stored: [], ends, isApproved: () => true };
    const { report, sent } = await renewed(world);
    expect(sent).toEqual([]);
    expect(report.due).toMatchObject([{ state: "no successor", says: expect.stringContaining("a tool keeps it") }]);
  });

  it("is made once half of the time is over and the tool has still not renewed it", async () => {
    const ends = "2027-01-12T00:00:00Z";
    const { sent } = await renewed({ pairs: [pair(ends)], stored: [], ends, isApproved: () => true });
    expect(sent).toMatchObject([{ DomainName: name }]);
  });
});

describe("people elsewhere", () => {
  const world = { pairs: [later], stored: [], isApproved: () => true };
  const drifting = [{ domain: name, service: "CDN", listed: "8089870", served: "ab" }];

  it("are notified of the plans of a dry run, and of nothing else", async () => {
    const { events } = await renewed({ ...world, drifting, dryRun: true });
    expect(events).toEqual([{ type: "plan.made", plan }]);
  });

  it("are notified of domains that serve something other than what their cloud lists", async () => {
    expect((await renewed({ ...world, drifting })).events).toEqual([{ type: "drift.seen", domains: drifting }]);
    expect((await renewed(world)).events).toEqual([]);
  });
});

describe("what the lists leave open", () => {
  const doubt = "Tencent Cloud EdgeOne, site zone-1: the list does not say whether HTTPS is on for files.example.net.";
  const none = { pairs: [], stored: [], places: [], isApproved: () => false };

  it("is told, and fails no run: the list is whole", async () => {
    const { report } = await renewed({ ...none, doubts: [doubt] });
    expect(report).toMatchObject({ outcome: "done", in_use: 0, unseen: [doubt] });
  });

  it("is told beside what was not listed, which fails the run", async () => {
    const gap = "Tencent Cloud EdgeOne, site zone-2: the domains could not be listed.";
    const { report } = await renewed({ ...none, unseen: [gap], doubts: [doubt] });
    expect(report).toMatchObject({ outcome: "failed", unseen: [gap, doubt] });
  });
});
