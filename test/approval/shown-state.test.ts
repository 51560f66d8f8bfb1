import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StateSnapshot } from "../../src/approval/current-state/read-current-state.js";
import { differs, expecting, type SentElsewhere, type SnapshotRow } from "../../src/approval/current-state/reading.js";
import { ShownState } from "../../src/approval/shown-state.js";
import type { PlannedChange } from "../../src/catalogue/operation.js";
import { noHttps } from "../../src/catalogue/serving.js";
import { safe } from "../../src/lib/safe-text.js";
import { changesOf, TestCloud } from "./current-state/support.js";

const [served, ours] = ["a".repeat(64), "b".repeat(64)];
/** Without pauses, and with all the time in the world. */
const looking = (read: (changes: readonly PlannedChange[]) => Promise<StateSnapshot>) => ({
  read,
  pause: async () => {},
  limit: () => new Promise<void>(() => {}),
});
const changedIn = async (state: ShownState, changes: readonly PlannedChange[], elsewhere: SentElsewhere) =>
  (await state.lookAgain(changes, elsewhere)).changed;
const nothing = { leaves: [], replaced: [] };

describe("what a person was shown of a host of EdgeOne", () => {
  let cloud: TestCloud;
  let ending: string;
  let next: string;
  beforeEach(async () => {
    cloud = await TestCloud.open();
    ending = cloud.certificate("storefront");
    next = cloud.certificate("storefront, next");
  });
  afterEach(() => cloud.close());

  const at = (host: string, id: string) => ({
    ZoneId: "zone-sandboxdemo",
    Hosts: [host],
    Mode: "sslcert",
    ServerCertInfo: [{ CertId: id }],
  });
  async function shown(changes: readonly PlannedChange[]): Promise<ShownState> {
    const state = new ShownState(
      await cloud.present(changes),
      looking((part) => cloud.present(part, { fresh: true })),
    );
    cloud.sent.length = 0;
    return state;
  }

  it("is compared by what its site lists, and by nothing of the other hosts", async () => {
    const [www, shop] = ["www.example.com", "shop.example.com"];
    const [changes, others] = [www, shop].map((host) => changesOf("ModifyHostsCertificate", at(host, next)));
    const state = await shown([...(changes ?? []), ...(others ?? [])]);
    expect(await changedIn(state, changes ?? [], nothing)).toEqual([]);
    expect(cloud.sent).toEqual(["DescribeAccelerationDomains", "DescribeCertificateDetail"]);
    await cloud.make("ModifyHostsCertificate", at(shop, next));
    expect(await changedIn(state, changes ?? [], nothing)).toEqual([]);
    await cloud.make("ModifyHostsCertificate", at(www, next));
    expect(await changedIn(state, changes ?? [], nothing)).toMatchObject([
      { shown: expect.stringContaining(ending), now: expect.stringContaining(next) },
    ]);
  });

  it("may have become what one update of the same job makes of everything", async () => {
    const changes = changesOf("ModifyHostsCertificate", at("www.example.com", next));
    const state = await shown(changes);
    await cloud.make("ModifyHostsCertificate", at("www.example.com", next));
    expect(await changedIn(state, changes, { leaves: [], replaced: [{ from: ending, to: next }] })).toEqual([]);
    const foreign = { leaves: [], replaced: [{ from: ending, to: "another1" }] };
    expect(await changedIn(state, changes, foreign)).toHaveLength(1);
  });

  it("may have become any of those that the same job puts back for one certificate, and nothing else", () => {
    const replaced = ["old1", "old2"].map((to) => ({ from: "new1", to }));
    const isChanged = (before: string, after: string) =>
      differs(expecting({ ids: before }, { leaves: [], replaced }), { ids: after });
    for (const after of ["new1", "old1", "old2"]) expect(isChanged("new1", after)).toBe(false);
    expect(isChanged("new1,rsa1", "old1,rsa1")).toBe(false);
    for (const after of ["another1", "old1,old2", ""]) expect(isChanged("new1", after)).toBe(true);
    expect(isChanged("new1,rsa1", "old1")).toBe(true);
  });

  it("is not asked for where the cloud looks itself", async () => {
    const deletion = changesOf("DeleteCertificate", { CertificateId: ending, IsCheckResource: true });
    const state = await shown(deletion);
    expect(await changedIn(state, deletion, nothing)).toEqual([]);
    expect(cloud.sent).toEqual([]);
  });
});

it("what a domain serves may be what the job sent to the same domain elsewhere, and nothing else", async () => {
  const changes = changesOf("SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" });
  let leaf = served;
  const at = () => ({ at: new Map([["192.0.2.1", [{ sha256: leaf }]]]), arriving: [] });
  const read = async (lines: readonly PlannedChange[]) => ({
    rows: lines.map(({ subject, aspect, then }) => {
      const object = subject.kind === "served-domain" ? subject.name : then;
      return { object, aspect, now: then, then, is: at() };
    }),
    facts: [],
  });
  const state = new ShownState(await read(changes), looking(read));
  leaf = ours;
  expect(await changedIn(state, changes, nothing)).toHaveLength(1);
  expect(await changedIn(state, changes, { leaves: [{ sha256: ours }], replaced: [] })).toEqual([]);
  leaf = noHttps;
  expect(await changedIn(state, changes, { leaves: [{ sha256: ours }], replaced: [] })).toHaveLength(1);
});

it.each([
  ["a text", "off"],
  ["what uses a certificate", { counts: "1 CDN" }],
])("%s is never what was sent elsewhere", (_, is) => {
  expect(expecting(is, { leaves: [{ sha256: ours }], replaced: [] })).toEqual(is);
});

it("what a domain is set to, serves and sends as its chain may each be what was sent elsewhere", () => {
  const at = { at: new Map(), arriving: [] };
  const chain = { lengths: new Map(), arriving: [] };
  const elsewhere = { leaves: [{ sha256: ours }], replaced: [] };
  const arriving = [{ sha256: ours }];
  expect(expecting(chain, elsewhere)).toEqual({ ...chain, arriving });
  expect(expecting({ set: served, served: at, arriving: [] }, elsewhere)).toEqual({
    set: served,
    served: { ...at, arriving },
    arriving,
  });
  expect(expecting({ set: served, served: undefined, arriving: [] }, elsewhere)).toMatchObject({ arriving });
});

describe("what a later look could not see is no change", () => {
  const edge = (sha256: string) => ({ at: new Map([["192.0.2.1", [{ sha256 }]]]), arriving: [] });
  const words = safe`what was read`;
  const unread = safe`could not be read: Throttling.User`;
  const setting = (set: string | undefined, edgeServes: string | undefined) => ({
    set,
    served: edgeServes === undefined ? undefined : edge(edgeServes),
    arriving: [],
  });
  const seen = { now: safe`as shown`, is: setting(served, served) };
  const host = (ids: string, more: { readonly isPartial?: true } = {}) => ({ now: words, is: { ids, ...more } });

  it.each<[what: string, shown: Pick<SnapshotRow, "now" | "is">, now: Pick<SnapshotRow, "now" | "is">, finds: string]>([
    ["neither the setting nor the edge", seen, { now: unread }, "unseen"],
    ["the setting, and the edge serves what it did", seen, { now: words, is: setting(undefined, served) }, "unseen"],
    ["the edge, and the setting is what it was", seen, { now: words, is: setting(served, undefined) }, "unseen"],
    ["the setting, but the edge serves another", seen, { now: words, is: setting(undefined, ours) }, "changed"],
    ["the edge, but the setting is another", seen, { now: words, is: setting(ours, undefined) }, "changed"],
    [
      "an edge without an answer",
      { now: words, is: edge(served) },
      { now: safe`not visible through this API` },
      "unseen",
    ],
    ["a redirect", { now: safe`off` }, { now: unread }, "unseen"],
    ["one of two certificates of a host", host("a,b"), host("a", { isPartial: true }), "unseen"],
    ["all certificates of a host, but one is another", host("a,b"), host("c", { isPartial: true }), "changed"],
    ["nothing", { now: safe`off` }, { now: safe`on` }, "changed"],
    ["a line that is not compared", { now: safe`off` }, { now: safe`on`, is: false }, "as shown"],
    ["what had not been seen before", { now: unread }, { now: words }, "as shown"],
  ])("%s", async (_, shown, now, finds) => {
    const changes = changesOf("SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" });
    const snapshot = (row: Pick<SnapshotRow, "now" | "is">): StateSnapshot => ({
      rows: [{ object: safe`img`, aspect: "HTTPS", then: safe`off`, ...row }],
      facts: [],
    });
    const state = new ShownState(
      snapshot(shown),
      looking(async () => snapshot(now)),
    );
    const { changed, unseen } = await state.lookAgain(changes, nothing);
    expect([changed.length, unseen.length]).toEqual([Number(finds === "changed"), Number(finds === "unseen")]);
  });
});
