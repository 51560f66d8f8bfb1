import { beforeEach, describe, expect, it } from "vitest";
import type { ReadOperation } from "../../src/catalogue/operation.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { AccountCache, type AccountCacheOptions } from "../../src/mcp/account-cache.js";

type Reply = Readonly<Record<string, unknown>>;

let now: number;
let sent: { readonly name: string; readonly params: Reply }[];
let reported: unknown[];
/** Lets those who wait have waited for long enough. */
let runOut: () => void;

beforeEach(() => {
  now = 1_000_000;
  sent = [];
  reported = [];
});

function viewOf(
  answer: (params: Reply, operation: ReadOperation) => Reply | Promise<Reply>,
  more: Partial<AccountCacheOptions> = {},
) {
  return new AccountCache({
    read: async (operation, params) => {
      sent.push({ name: operation.name, params });
      return answer(params, operation);
    },
    isOffered: () => true,
    now: () => new Date(now),
    pause: (_, signal) =>
      new Promise((resolve, reject) => {
        runOut = resolve;
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    report: (error) => reported.push(error),
    ...more,
  });
}

const certificate = (CertificateId: string) => ({ CertificateId, Domain: "www.example.com", Deployable: true });
const two = { TotalCount: 2, Certificates: [certificate("a"), certificate("b")] };
const down = () => {
  throw new ToolError({ kind: "cloud", happened: "down", changed: "no", next: "wait" });
};

describe("certificates", () => {
  it("are read once in half a minute, by however many ask", async () => {
    const view = viewOf(() => two);
    await Promise.all([view.certificates(), view.certificates("x")]);
    now += 29_999;
    await view.certificates();
    expect(sent).toHaveLength(1);
    now += 1;
    expect((await view.certificates()).rows).toHaveLength(2);
    expect(sent).toHaveLength(2);
  });

  it("are read again once something was changed", async () => {
    const view = viewOf(() => two);
    await view.certificates();
    view.forget();
    await view.certificates();
    expect(sent).toHaveLength(2);
  });

  it("are searched for at the cloud where the account has more than a page", async () => {
    const view = viewOf(({ SearchKey }) =>
      SearchKey === undefined ? { ...two, TotalCount: 4_000 } : { TotalCount: 1, Certificates: [certificate("z")] },
    );
    expect(await view.certificates()).toMatchObject({ more: true });
    expect(await view.certificates("z")).toMatchObject({ rows: [{ CertificateId: "z" }], more: false });
    expect(sent.map(({ params }) => params)).toEqual([{ Limit: 1000 }, { Limit: 1000, SearchKey: "z" }]);
  });

  it("that fail are none, and are asked for again after half a minute only", async () => {
    const view = viewOf(down);
    expect(await view.certificates("a")).toEqual({ rows: [], more: false });
    await view.certificates("ab");
    expect(sent).toHaveLength(1);
    now += 30_000;
    await view.certificates("abc");
    expect(sent).toHaveLength(2);
    expect(reported).toEqual([]);
  });

  it("are none, and a report, where this program has a defect", async () => {
    const defect = new TypeError("a defect");
    const view = viewOf(() => {
      throw defect;
    });
    expect((await view.certificates()).rows).toEqual([]);
    expect(reported).toEqual([defect]);
  });

  it.each([
    {},
    { Certificates: null },
    { Certificates: "none" },
    { Certificates: [null, 1, {}, { CertificateId: 5 }] },
  ])("are none in a strange answer: %j", async (answer) => {
    expect(await viewOf(() => answer).certificates()).toEqual({ rows: [], more: false });
  });

  it("keep what is strange about one of them to itself", async () => {
    const strange = { CertificateId: "c", Domain: true, Alias: null, SubjectAltName: "x", Deployable: "yes" };
    const { rows } = await viewOf(() => ({ TotalCount: 2, Certificates: [strange, certificate("a")] })).certificates();
    expect(rows.map(({ CertificateId, Domain }) => [CertificateId, Domain])).toEqual([
      ["c", undefined],
      ["a", "www.example.com"],
    ]);
  });

  it("that are slow are not waited for, and are there for the next who asks", async () => {
    let arrive = (_: Reply) => {};
    const arriving = new Promise<Reply>((resolve) => {
      arrive = resolve;
    });
    const view = viewOf(() => arriving);
    const impatient = view.certificates();
    runOut();
    expect((await impatient).rows).toEqual([]);
    arrive(two);
    expect((await view.certificates()).rows).toHaveLength(2);
    expect(sent).toHaveLength(1);
  });
});

describe("hosts", () => {
  const answer = ({ Filters }: Reply, { name }: ReadOperation): Reply => {
    if (name === "DescribeCertificates") {
      return { TotalCount: 2, Certificates: [{ CertificateId: "waiting", Deployable: false }, certificate("a")] };
    }
    const covered = JSON.stringify(Filters).includes('"1"');
    return { TotalCount: 1, InstanceList: [{ Host: covered ? "www.example.com" : "other.example", ZoneId: "zone-1" }] };
  };

  it("of a certificate cost one read", async () => {
    expect((await viewOf(answer).hosts("a")).rows).toEqual([{ Host: "www.example.com", ZoneId: "zone-1" }]);
    expect(sent).toHaveLength(1);
  });

  it("of the account are those that a certificate covers and the others", async () => {
    const { rows } = await viewOf(answer).hosts();
    expect(rows.map(({ Host }) => Host)).toEqual(["www.example.com", "other.example"]);
    expect(sent.map(({ params }) => params.CertificateId)).toEqual([undefined, "a", "a"]);
  });

  it("are not looked for without a certificate that could be deployed", async () => {
    expect((await viewOf(() => ({ TotalCount: 0, Certificates: [] })).hosts()).rows).toEqual([]);
    expect(sent).toHaveLength(1);
  });
});

it("nothing is read that is not offered", async () => {
  const view = viewOf(() => two, { isOffered: () => false });
  expect((await view.certificates()).rows).toEqual([]);
  expect((await view.hosts("a")).rows).toEqual([]);
  expect(sent).toEqual([]);
});
