import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCurrentState } from "../../../src/approval/current-state/read-current-state.js";
import type { CurrentStateOptions, Read } from "../../../src/approval/current-state/state-reader.js";
import type { PlannedChange, Subject } from "../../../src/catalogue/operation.js";
import { planned } from "../../../src/catalogue/planned-change.js";
import { safe } from "../../../src/lib/safe-text.js";
import { ToolError, type ToolErrorDetails } from "../../../src/lib/tool-error.js";
import { patient, told } from "./support.js";

/** Replies that the sandbox never gives: strange, cut short, refused, endless. */

const certificate: Subject = { kind: "certificate", id: "abcd1234" };
const host: Subject = {
  kind: "edgeone-host",
  zone: "zone-1",
  host: "www.example.com",
  listingCertificateId: "efgh5678",
};

const everything: readonly PlannedChange[] = [
  planned(certificate, "existence", safe`deleted`),
  planned(certificate, "project", safe`project 1`),
  planned(certificate, "subject", safe`else`),
  planned(certificate, "bound resources", safe`left`),
  planned({ kind: "csr", id: 1 }, "subject", safe`else`),
  planned({ kind: "deployment", id: 1 }, "deployment", safe`rolled back`),
  planned(host, "server certificate", safe`certificate efgh5678`),
];

type Replies = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const answering =
  (replies: Replies): Read =>
  async ({ name }) =>
    replies[name] ?? {};

async function nowOf(change: PlannedChange, read: Read, options: Partial<CurrentStateOptions> = {}): Promise<string> {
  const { rows } = told(await readCurrentState([change], read, { ...patient, ...options }));
  return rows.map(({ now }) => now).join();
}

const bound = planned(certificate, "bound resources", safe`left`);
const task = (result: object) =>
  answering({
    CreateCertificateBindResourceSyncTask: { CertTaskIds: [{ CertId: "abcd1234", TaskId: "7" }] },
    DescribeCertificateBindResourceTaskResult: { SyncTaskBindResourceResult: [{ TaskId: "7", ...result }] },
  });

describe("bindings", () => {
  it.each<[object, string]>([
    [{ Status: 1, BindResourceResult: null }, "some not counted"],
    [{ Status: 1, BindResourceResult: [{ ResourceType: "cdn", BindResourceRegionResult: null }] }, "none"],
    [{ Status: 1, BindResourceResult: "3" }, "could not be read: a reply with an unexpected form"],
    [
      {
        Status: 1,
        BindResourceResult: [
          { ResourceType: "cdn", BindResourceRegionResult: [{ Region: "", TotalCount: 1 }] },
          {
            ResourceType: "clb",
            BindResourceRegionResult: [{ TotalCount: 2 }, { TotalCount: 1 }, { Region: "x", Error: "no role" }],
          },
        ],
      },
      "3 CLB, 1 CDN, some not counted",
    ],
    [
      { Status: 2, Error: { Code: "FailedOperation.RoleNotFoundAuthorization" } },
      "could not be read: FailedOperation.RoleNotFoundAuthorization",
    ],
    [{ Status: 0 }, "still being looked up by the cloud"],
    [{}, "still being looked up by the cloud"],
  ])("%j: %s", async (result, now) => expect(await nowOf(bound, task(result))).toBe(now));

  it("are polled at intervals, within the time allowed", async () => {
    const pauses: number[] = [];
    const pause = async (ms: number) => void pauses.push(ms);
    await nowOf(bound, task({ Status: 0 }), { pause, bindingsWithinMs: 3_500 });
    expect(pauses).toEqual([1_000, 1_000, 1_000]);
  });

  it("cannot be told when no task is started", async () => {
    expect(await nowOf(bound, answering({}))).toBe("could not be read: no task was started");
  });
});

describe("EdgeOne hosts", () => {
  const change = planned(host, "server certificate", safe`certificate efgh5678`);
  const pageOf = (count: number) => Array.from({ length: count }, (_, index) => ({ Host: `h${index}.example.com` }));

  it("are looked for on every page", async () => {
    const offsets: unknown[] = [];
    const read: Read = async ({ name }, params) => {
      if (name !== "DescribeHostTeoInstanceList") return {};
      offsets.push(params.Offset);
      const last = { Host: "www.example.com", ZoneId: "zone-1", CertId: "ijkl9012" };
      return { InstanceList: params.Offset === 400 ? [last] : pageOf(200) };
    };
    expect(await nowOf(change, read)).toBe("certificate ijkl9012");
    expect(offsets).toEqual([0, 200, 400]);
  });

  it("are given up on a list without an end", async () => {
    const endless = answering({ DescribeHostTeoInstanceList: { InstanceList: pageOf(200) } });
    expect(await nowOf(change, endless)).toBe("not among the hosts that this API lists");
  });

  it("may have a certificate for each kind of key", async () => {
    const rows = ["rsa00001", "ecc00001"].map((CertId) => ({ Host: "www.example.com", ZoneId: null, CertId }));
    const both = answering({ DescribeHostTeoInstanceList: { InstanceList: rows } });
    expect(await nowOf(change, both)).toBe("certificate rsa00001 and ecc00001");
  });
});

describe("a certificate", () => {
  const facts = async (reply: Readonly<Record<string, unknown>>) => {
    const read = answering({ DescribeCertificateDetail: reply });
    const { facts: found } = told(await readCurrentState([planned(certificate, "remark", safe`none`)], read, patient));
    return Object.fromEntries(found.map(([name, value]) => [name.replace("Certificate abcd1234: ", ""), value]));
  };

  it("is described without its PEM by what the chain tells", async () => {
    const CertChainInfo = [
      { Issuer: "Root", Fingerprint: "bb" },
      { Issuer: "Example CA", Fingerprint: "aa" },
    ];
    const reply = { Domain: "a.example", CertFingerprint: "aa", CertChainInfo, Status: 1, CertificatePublicKey: "?" };
    expect(await facts(reply)).toEqual({
      domains: "a.example",
      issuer: '"Example CA"',
      "SHA-1 fingerprint": "aa",
      status: "issued",
      remark: "none",
    });
  });

  it("may have a status that is not documented, or an expiry that is no time", async () => {
    expect(await facts({ Status: 16, CertEndTime: "never" })).toMatchObject({
      status: "status 16",
      expires: '"never"',
    });
    expect(await facts({})).toEqual({ status: "not reported", remark: "none" });
  });

  it("cannot pass its remark off for one of our own words", async () => {
    expect(await facts({ Alias: "could not be read: X\n" })).toMatchObject({ remark: '"could not be read: X\n"' });
  });
});

const failing = (facts: Partial<ToolErrorDetails>): Read => {
  const failure = new ToolError({ kind: "cloud", happened: "It failed.", changed: "no", next: "Wait.", ...facts });
  return () => Promise.reject(failure);
};

describe("a read that fails", () => {
  it.each<[Partial<ToolErrorDetails>, string]>([
    [{ code: "UnauthorizedOperation" }, "could not be read: UnauthorizedOperation"],
    [{ code: "ResourceNotFound.Manager" }, "could not be read: ResourceNotFound.Manager"],
    [{ httpStatus: 502 }, "could not be read: HTTP 502"],
    [{}, "could not be read: no answer"],
    [{ kind: "configuration" }, "could not be read: configuration"],
  ])("%j is said in place of every value", async (facts, now) => {
    const { rows } = told(await readCurrentState(everything, failing(facts), patient));
    expect(rows.map((row) => row.now)).toEqual(everything.map(() => now));
  });

  it("ends it all when the call was taken back", async () => {
    const signal = AbortSignal.abort();
    await expect(readCurrentState(everything, failing({ kind: "cancelled" }), { ...patient, signal })).rejects.toThrow(
      ToolError,
    );
  });

  it("ends it all when the call was taken back during a pause", async () => {
    const cancel = new AbortController();
    const pause = async () => {
      cancel.abort();
      throw cancel.signal.reason;
    };
    const busy = task({ Status: 0 });
    const read: Read = (operation, params) =>
      cancel.signal.aborted ? failing({ kind: "cancelled" })(operation, params) : busy(operation, params);
    const options = { ...patient, pause, signal: cancel.signal };
    await expect(readCurrentState([bound], read, options)).rejects.toThrow(ToolError);
  });

  it("is not hidden when it is a defect", async () => {
    const broken: Read = () => Promise.reject(new TypeError("defect"));
    await expect(readCurrentState(everything, broken, patient)).rejects.toThrow(TypeError);
  });
});

describe("whatever a cloud replies", () => {
  const members = [
    ..."Domain SubjectAltName Alias ProjectId Status CertEndTime CertFingerprint CertificatePublicKey".split(" "),
    ..."CertChainInfo SubmittedData CertTaskIds SyncTaskBindResourceResult InstanceList RecordDetailList".split(" "),
    ..."TotalCount FailedTotalCount Remarks CSR EncryptAlgo".split(" "),
  ];
  const anyReply = fc.dictionary(fc.constantFrom(...members), fc.jsonValue({ maxDepth: 4 }));

  it("every line gets its now", () =>
    fc.assert(
      fc.asyncProperty(anyReply, async (reply) => {
        const { rows } = await readCurrentState(everything, async () => reply, patient);
        expect(rows.map(({ now }) => now.length > 0)).toEqual(everything.map(() => true));
      }),
    ));

  it("no secret member is shown", () =>
    fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-zA-Z0-9]{24}$/), async (secret) => {
        const reply = {
          Domain: "a.example",
          Status: 1,
          CSR: "-----BEGIN CERTIFICATE REQUEST-----",
          CertificatePrivateKey: secret,
          EncryptPrivateKey: secret,
          PrivateKey: secret,
          KeyPassword: secret,
          SubmittedData: { CsrType: "parse", CsrContent: secret, KeyPassword: secret, AdminPhoneNum: secret },
        };
        const present = await readCurrentState(everything, async () => reply, patient);
        expect(JSON.stringify(present)).not.toContain(secret);
      }),
    ));
});
