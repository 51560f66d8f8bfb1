import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readCurrentState, stateChanges } from "../../../src/approval/current-state/read-current-state.js";
import type { CurrentStateOptions, Read } from "../../../src/approval/current-state/state-reader.js";
import { planned, servedDomain } from "../../../src/catalogue/planned-change.js";
import type { AlibabaEdge } from "../../../src/catalogue/services.js";
import { safe } from "../../../src/lib/safe-text.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { parseSandboxCertificate } from "../../../src/sandbox/certificate.js";
import type { KeyPair } from "../../../src/sandbox/delivery.js";
import { addressesServing, StubEdge } from "../../tools/support.js";
import { patient, TestCloud, told } from "./support.js";

/** What a domain of Alibaba Cloud is set to, beside what its edge serves. */

const products = [
  ["alibaba-cdn", "img.example.com", "cdn"],
  ["alibaba-dcdn", "app.example.com", "dcdn"],
  ["alibaba-vod", "vod.example.com", "vod"],
] as const;

const denied: Read = () => {
  throw new ToolError({ kind: "cloud", happened: "No.", changed: "no", next: "Stop.", code: "Forbidden.RAM" });
};

const changeOf = (at: AlibabaEdge, domain: string) => planned(servedDomain(safe`It`, domain, at), "HTTPS", safe`else`);

function leafOf(pem: string | undefined): string {
  return (parseSandboxCertificate(pem ?? "")?.leaf.fingerprint256 ?? "").replaceAll(":", "").toLowerCase();
}

describe.each(products)("%s", (at, domain, service) => {
  let cloud: TestCloud;
  let edge: StubEdge;
  const open: TestCloud[] = [];
  beforeEach(async () => {
    cloud = await TestCloud.open();
    open.push(cloud);
    edge = new StubEdge();
    edge.serve(domain, () => addressesServing(domain, leaf()));
  });
  afterAll(() => Promise.all(open.map((each) => each.close())));

  const setting = () => {
    const found = cloud.sandbox.account[service].get(domain);
    if (found === undefined) throw new Error(`there is no ${domain}`);
    return found;
  };
  const leaf = () => leafOf(setting().certificate?.certificatePem);
  const find = (read: Read = cloud.read, more: Partial<CurrentStateOptions> = {}) =>
    readCurrentState([changeOf(at, domain)], read, { ...patient, tlsCheck: edge, ...more });
  const nowOf = async (...given: Parameters<typeof find>) => told(await find(...given)).rows[0]?.now;

  const issue = () =>
    cloud.sandbox.account.authority.issue({
      names: [domain],
      notBefore: new Date(cloud.now() - 1_000),
      notAfter: new Date(cloud.now() + 90 * 24 * 3_600_000),
      key: "EC-P256",
    });

  /** Another certificate is set, as somebody else might, and the edge does not have it yet. */
  function setElsewhere(pair: KeyPair) {
    Object.assign(setting(), { https: true, certificate: { ...pair, id: "7", name: "from elsewhere" } });
  }

  it("is said once where the edge serves what is set, with the name of the stored certificate", async () => {
    expect(await nowOf()).toBe(
      `example.com, *.example.com, expires ${new Date(cloud.now() + 20 * 24 * 3_600_000).toISOString().slice(0, 10)}, ` +
        `SHA-256 ${leaf().slice(0, 16)}…, named img-example-com`,
    );
  });

  it("is said beside what the edge serves where that is something else", async () => {
    const before = leaf();
    edge.serve(domain, () => addressesServing(domain, before));
    setElsewhere(await issue());
    expect(await nowOf()).toMatch(
      /^\S+, expires .*, named "?from elsewhere"?, as set; at its edge www\.example\.com, expires 2026-12-31, SHA-256 /,
    );
  });

  it("is off where HTTPS is off, and the edge may not know yet", async () => {
    const before = leaf();
    Object.assign(setting(), { https: false, certificate: undefined });
    edge.serve(domain, () => addressesServing(domain, { problem: "no TLS" }));
    expect(await nowOf()).toBe("no HTTPS");
    edge.serve(domain, () => addressesServing(domain, before));
    expect(await nowOf()).toMatch(/^no HTTPS, as set; at its edge www\.example\.com, /);
  });

  it("says that it may not be read, and shows the edge all the same", async () => {
    expect(await nowOf(denied)).toMatch(
      /^at its edge www\.example\.com, .*; what is set could not be read: Forbidden\.RAM$/,
    );
    edge.serve(domain, () => ({ domain, addresses: [] }));
    expect(await nowOf(denied)).toBe("could not be read: Forbidden.RAM");
  });

  it("voids an approval if it changes, even before the edge shows it", async () => {
    const before = leaf();
    edge.serve(domain, () => addressesServing(domain, before));
    const shown = await find();
    expect(stateChanges(shown, await find())).toEqual([]);
    setElsewhere(await issue());
    expect(stateChanges(shown, await find())).toEqual([
      {
        what: "It: HTTPS",
        shown: expect.stringMatching(/img-example-com$/),
        now: expect.stringContaining("elsewhere"),
      },
    ]);
  });

  it("voids one if the edge changes, or what was read cannot be read any more", async () => {
    const shown = await find();
    edge.serve(domain, () => addressesServing(domain, "f".repeat(64)));
    expect(stateChanges(shown, await find())).toHaveLength(1);
    edge.serve(domain, () => addressesServing(domain, leaf()));
    expect(stateChanges(shown, await find(denied))).toHaveLength(1);
  });

  it("voids none if it becomes known, or becomes what was deployed from here", async () => {
    const before = leaf();
    edge.serve(domain, () => addressesServing(domain, before));
    const unread = await find(denied);
    expect(stateChanges(unread, await find())).toEqual([]);
    expect(stateChanges(unread, await find(denied))).toEqual([]);
    const pair = await issue();
    const own = leafOf(pair.certificatePem);
    const [shown, shownOurs] = [
      await find(),
      await find(cloud.read, { arriving: new Map([[domain, [{ sha256: own }]]]) }),
    ];
    setElsewhere(pair);
    expect(stateChanges(shown, await find())).toHaveLength(1);
    expect(stateChanges(shownOurs, await find())).toEqual([]);
  });
});

describe("replies that the sandbox never gives", () => {
  const nowOf = async (reply: Readonly<Record<string, unknown>>) =>
    told(await readCurrentState([changeOf("alibaba-dcdn", "a.example.com")], async () => reply, patient)).rows[0]?.now;
  const row = (...CertInfo: readonly object[]) => ({ CertInfos: { CertInfo } });

  it.each([
    ["no rows", row(), "no HTTPS, as set; its edge was not seen"],
    ["an empty row", row({}), "could not be read: the reply does not say"],
    ["nothing", {}, "could not be read: the reply does not say"],
    ["on, and no more", row({ SSLProtocol: "on" }), "could not be read: the reply does not say"],
    [
      "a name and an end, without the certificate",
      row({
        SSLProtocol: "on",
        CertName: "one",
        CertDomainName: "*.example.com",
        CertExpireTime: "2027-01-02T03:04:05Z",
      }),
      "certificate one (*.example.com, expires 2027-01-02), as set; its edge was not seen",
    ],
    [
      "text in place of the certificate",
      row({ SSLProtocol: "on", SSLPub: "no PEM", CertId: "7" }),
      "certificate 7 (name not reported, expires unknown), as set; its edge was not seen",
    ],
    [
      "a row of another domain",
      row({ DomainName: "b.example.com", SSLProtocol: "off" }),
      "could not be read: the reply does not say",
    ],
    [
      "rows of another domain and of this one",
      row({ DomainName: "a.example.com.cn", SSLProtocol: "off" }, { DomainName: "a.example.com", CertId: "7" }),
      "certificate 7 (name not reported, expires unknown), as set; its edge was not seen",
    ],
  ])("%s", async (_what, reply, now) => expect(await nowOf(reply)).toBe(now));

  it("a wildcard is asked for as Alibaba Cloud writes it", async () => {
    const asked: unknown[] = [];
    await readCurrentState(
      [changeOf("alibaba-cdn", "*.cdn.example.com")],
      async (operation, params) => {
        asked.push([operation.name, params]);
        return row();
      },
      patient,
    );
    expect(asked).toEqual([["DescribeDomainCertificateInfo", { DomainName: ".cdn.example.com" }]]);
  });
});
