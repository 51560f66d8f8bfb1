import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { differs, expecting } from "../../src/approval/current-state/reading.js";
import { ShownState } from "../../src/approval/shown-state.js";
import type { PlannedChange } from "../../src/catalogue/operation.js";
import { noHttps } from "../../src/catalogue/serving.js";
import { changesOf, TestCloud } from "./current-state/support.js";

const [served, ours] = ["a".repeat(64), "b".repeat(64)];
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
    const state = new ShownState(await cloud.present(changes), (part) => cloud.present(part, { fresh: true }));
    cloud.sent.length = 0;
    return state;
  }

  it("is compared by what its site lists, and by nothing of the other hosts", async () => {
    const [www, shop] = ["www.example.com", "shop.example.com"];
    const [changes, others] = [www, shop].map((host) => changesOf("ModifyHostsCertificate", at(host, next)));
    const state = await shown([...(changes ?? []), ...(others ?? [])]);
    expect(await state.changesOf(changes ?? [], nothing)).toEqual([]);
    expect(cloud.sent).toEqual(["DescribeAccelerationDomains", "DescribeCertificateDetail"]);
    await cloud.make("ModifyHostsCertificate", at(shop, next));
    expect(await state.changesOf(changes ?? [], nothing)).toEqual([]);
    await cloud.make("ModifyHostsCertificate", at(www, next));
    expect(await state.changesOf(changes ?? [], nothing)).toMatchObject([
      { shown: expect.stringContaining(ending), now: expect.stringContaining(next) },
    ]);
  });

  it("may have become what one update of the same job makes of everything", async () => {
    const changes = changesOf("ModifyHostsCertificate", at("www.example.com", next));
    const state = await shown(changes);
    await cloud.make("ModifyHostsCertificate", at("www.example.com", next));
    expect(await state.changesOf(changes, { leaves: [], replaced: [{ from: ending, to: next }] })).toEqual([]);
    const foreign = { leaves: [], replaced: [{ from: ending, to: "another1" }] };
    expect(await state.changesOf(changes, foreign)).toHaveLength(1);
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
    expect(await state.changesOf(deletion, nothing)).toEqual([]);
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
  const state = new ShownState(await read(changes), read);
  leaf = ours;
  expect(await state.changesOf(changes, nothing)).toHaveLength(1);
  expect(await state.changesOf(changes, { leaves: [{ sha256: ours }], replaced: [] })).toEqual([]);
  leaf = noHttps;
  expect(await state.changesOf(changes, { leaves: [{ sha256: ours }], replaced: [] })).toHaveLength(1);
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
