import { existsSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { ToolError } from "../../src/lib/tool-error.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import {
  type Assistant,
  approvesByToken,
  offeredToken,
  pointedAt,
  startAssistant,
  textOf,
} from "../support/assistant.js";
import { DecliningPerson } from "../support/declining-person.js";
import { httpReply, startFaultyServer } from "../support/faulty-server.js";
import { neededApproval } from "../support/requests.js";
import { addSampleRecord, sample, sampleChanges } from "../support/sample-calls.js";
import { ofRows, rows, wide } from "../support/width.js";
import { TestCloud } from "./current-state/support.js";

/**
 * A certificate is deleted that resources still use: the plan says so by name. What does not exist, cannot succeed or has
 * nothing to do is no question for a person at all.
 *
 * Seen at https://github.com/rancher/rancher/issues/1906 (no word that load balancers use the certificate, and no error
 * either), https://github.com/hashicorp/terraform/issues/3746 (the plan deletes a certificate that is in use, and only the
 * cloud says so), https://github.com/oracle/terraform-provider-oci/issues/1661 (attached to listeners that nobody names),
 * https://github.com/awslabs/aws-orbit-workbench/issues/634 (the same, at the end of a long run).
 */

const balancers = [
  "Load balancer lb-5k2v8q1t/lbl-3f7w2n9a, www.example.com (ap-singapore)",
  "Load balancer lb-5k2v8q1t/lbl-3f7w2n9a, shop.example.com (ap-singapore)",
  "Load balancer lb-9d3m7x0c/lbl-6r1y4j8e, www.example.com (ap-hongkong)",
];
const everything = [...balancers, "CDN domain static.example.com", "EdgeOne host zone-sandboxdemo, www.example.com"];

describe("a certificate that resources use", () => {
  let asked: DecliningPerson;
  beforeAll(async () => {
    asked = await DecliningPerson.shared();
  });
  afterAll(() => asked.close());

  it.each<[Record<string, unknown>, string]>(
    rows(
      [
        [{}, "none, unless Tencent Cloud refuses the deletion"],
        [{ IsCheckResource: true }, "as now; prevents the deletion"],
      ],
      1,
    ),
  )("is deleted under a warning with their number, and a line for each: %j", ofRows, async (more, then) => {
    const { form } = await asked.ask("DeleteCertificate", { CertificateId: sample.bound, ...more });
    expect(form).toMatch(/^Warning: Used by 4 resources: .*Give them another certificate first\.$/m);
    for (const resource of everything) {
      expect(form).toContain(
        `${resource}, server certificate: certificate ${sample.bound} (example.com, *.example.com, expires `,
      );
    }
    expect(form.match(new RegExp(`→ ${then}$`, "gm"))).toHaveLength(everything.length);
    expect(form).not.toMatch(/is not checked/);
  });

  it("that nobody uses is deleted without such a warning", wide, async () => {
    const { form } = await asked.ask("DeleteCertificate", { CertificateId: sample.idle });
    expect(form).toMatch(/bound resources: none → none$/m);
    expect(form).not.toContain("Warning");
  });

  it(
    "is folded where there are many: a line for each product and region, and all of them among the facts",
    wide,
    async () => {
      const many = await DecliningPerson.open();
      const { loadBalancers } = many.sandbox.account.ssl;
      for (let number = 1; number <= 30; number += 1) {
        const slot = { certificateId: sample.bound, changedAt: new Date() };
        const listener = {
          id: `lbl-${number}`,
          name: "https",
          port: 443,
          protocol: "HTTPS" as const,
          sni: false,
          rules: [],
        };
        loadBalancers.push({ id: `lb-${number}`, name: "", region: "ap-tokyo", listeners: [{ ...listener, ...slot }] });
      }
      const { form } = await many.ask("DeleteCertificate", { CertificateId: sample.bound });
      expect(form).toContain("Used by 34 resources");
      expect(form).toMatch(
        /^Load balancer, 30 places \(ap-tokyo\), server certificate: .* and 27 more → none, unless /m,
      );
      expect(form).toMatch(
        /^Certificate \w+ \(example\.com\), Load balancer, 30 places \(ap-tokyo\): .*lb-30\/lbl-30/m,
      );
    },
  );

  it("is one that the cloud did not find in use a while ago, and is looked up anew", wide, async () => {
    // So slow that what the cloud found a while ago still stands.
    const asked = await DecliningPerson.open(["--approve", "elicit"], {}, 60);
    const change = { CertificateId: sample.next };
    expect((await asked.ask("DeleteCertificate", change)).form).toContain("bound resources: none");
    const [cdn] = asked.sandbox.account.ssl.cdnDomains;
    if (cdn === undefined) throw new Error("the sandbox has no CDN domain");
    const { certificateId } = cdn;
    onTestFinished(() => {
      cdn.certificateId = certificateId;
    });
    cdn.certificateId = sample.next;
    expect((await asked.ask("DeleteCertificate", change)).form).toContain("Used by 1 resource");
  });
});

describe("every operation, on what does not exist", () => {
  const withId: readonly [name: string, args: Record<string, unknown>][] = Object.entries(sampleChanges).flatMap(
    ([name, args]) => {
      const members: Record<string, unknown> = {
        CertificateId: "ZZZZZZZZ",
        OldCertificateId: "ZZZZZZZZ",
        CertificateIdList: [sample.idle, "ZZZZZZZZ"],
        CSRId: 99,
        CSRIds: [701, 99],
        DeployRecordId: 99,
      };
      const [changed] = Object.keys(args).filter((member) => member in members);
      return changed === undefined ? [] : [[name, { ...args, [changed]: members[changed] }]];
    },
  );

  it("asks nobody, and sends nothing", wide, async () => {
    const asked = await DecliningPerson.open(["--approve", "elicit", "--allow-purchases"]);
    for (const [name, args] of withId) {
      const { question, reply, changes } = await asked.ask(name, args);
      expect([name, question, changes]).toEqual([name, undefined, []]);
      expect(reply).toMatch(/was not carried out, and nobody was asked: .* does not exist in this account and site/);
      expect(reply).toMatch(/Nothing was sent\..*Nothing was changed\./s);
    }
    expect(withId).toHaveLength(18);
  });
});

describe("the id of another store", () => {
  let asked: DecliningPerson;
  beforeAll(async () => {
    asked = await DecliningPerson.shared();
  });
  afterAll(() => asked.close());

  it.each([
    ["ModifyCertificateAlias", "27390003", "Alibaba Cloud Certificate Management"],
    ["ModifyCertificateAlias", "7014962", "Alibaba Cloud Certificate Management"],
    ["ModifyCertificateAlias", "scs1600000000000", "Huawei Cloud Certificate Manager"],
    ["DescribeCertificate", "27390003", "Alibaba Cloud Certificate Management"],
    ["DescribeCertificate", "scs1600000000000", "Huawei Cloud Certificate Manager"],
  ])("is told as such by %s: %s", async (operation, CertificateId, store) => {
    const alias = operation === "ModifyCertificateAlias" && { Alias: "shop" };
    const { question, reply } = await asked.ask(operation, { CertificateId, ...alias });
    expect(question).toBeUndefined();
    expect(reply).toContain(
      `By its form, ${CertificateId} is an id of ${store}; only ids of Tencent Cloud SSL are taken here`,
    );
    expect(reply).not.toMatch(/Look its id up|Correct the arguments/);
  });
});

const details = z.object({ code: z.string().optional() });

/** What the cloud refuses because of the state that a certificate is in. */
const refusedForState = [
  "FailedOperation.CertificateNotFoundOrCantCancel",
  "FailedOperation.InvalidCertificateStatusCode",
  "FailedOperation.CertificateStatusNotAllowResubmit",
  "FailedOperation.InvalidCertificateSource",
  "FailedOperation.OrderReplaceFailed",
  "FailedOperation.OrderAlreadyReplaced",
  "FailedOperation.CannotBeDeletedIssued",
  "FailedOperation.CannotBeDeletedWithinHour",
  "FailedOperation.RenewNotIssued",
  "FailedOperation.InvalidParam",
];

describe("each operation that needs a state, on a certificate in each state", () => {
  let sandbox: Sandbox;
  let assistant: Assistant;
  beforeAll(async () => {
    sandbox = await startSandbox({ speed: 60 });
    // Time passes quickly, so that what uses a certificate is looked up at once; nothing is issued meanwhile.
    for (const certificate of sandbox.account.ssl.certificates.values()) {
      if (certificate.status === 0) certificate.statusSince = new Date(Date.now() + 24 * 3_600_000);
    }
    const { args, env } = pointedAt(sandbox);
    assistant = await startAssistant([...args, ...approvesByToken], { env });
  });
  afterAll(async () => {
    await assistant.close();
    await sandbox.close();
  });

  const operations = [
    "CancelAuditCertificate",
    "CancelCertificateOrder",
    "CommitCertificateInformation",
    "SubmitCertificateInformation",
    "UploadConfirmLetter",
    "ModifyCertificateResubmit",
    "ReplaceCertificate",
    "DeleteCertificate",
    "DownloadCertificate",
  ];

  it.each(rows(operations, 1))("%s asks only where the cloud would not refuse it for that", ofRows, async (name) => {
    const asked: string[] = [];
    const accepted: string[] = [];
    // No certificate's state depends on what was done to another one.
    const cloud = await TestCloud.open();
    onTestFinished(() => cloud.close());
    for (const [id, { status }] of sandbox.account.ssl.certificates) {
      const args = { ...sampleChanges[name], CertificateId: id };
      const reply = await assistant.call(name, args);
      if (offeredToken(reply) !== undefined) asked.push(`${id} ${status}`);
      else expect(textOf(reply)).toContain("nobody was asked");
      try {
        await cloud.make(name, args);
        accepted.push(`${id} ${status}`);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        // That resources use it is said to the person, who may know better.
        const { code = "" } = details.parse(error.details);
        if (!refusedForState.includes(code)) accepted.push(`${id} ${status}`);
      }
    }
    expect(asked).toEqual(accepted);
    // The one order that waits is not filled in yet.
    expect(asked.length > 0).toBe(name !== "CommitCertificateInformation");
    expect(sandbox.requests.filter(neededApproval)).toEqual([]);
  });
});

describe("nothing is asked that has nothing to do", () => {
  let asked: DecliningPerson;
  beforeAll(async () => {
    asked = await DecliningPerson.shared();
    addSampleRecord(asked.sandbox);
  });
  afterAll(() => asked.close());

  it.each<[string, Record<string, unknown>, RegExp]>(
    rows(
      [
        [
          "ModifyCertificateAlias",
          { CertificateId: sample.bound, Alias: "storefront" },
          /has the remark "storefront" already/,
        ],
        ["ModifyCertificateAlias", { CertificateId: sample.ordered }, /has the remark none already/],
        [
          "ModifyCertificateProject",
          { CertificateIdList: [sample.bound, sample.idle], ProjectId: 0 },
          /in project 0 already/,
        ],
        ["ModifyCSR", { CSRId: 702, Generate: false, Domain: "api.example.org" }, /CSR 702 already has these values/],
        [
          "ModifyCSR",
          { CSRId: 701, Generate: false, Domain: "b.example.org" },
          /CSR 701 is generated, and can no longer be edited/,
        ],
        [
          "ModifyHostsCertificate",
          { ...sampleChanges.ModifyHostsCertificate, Mode: "sslcert", ServerCertInfo: [{ CertId: sample.bound }] },
          /EdgeOne host www\.example\.com: certificate fpIhH9PM already/,
        ],
        [
          "ModifyHostsCertificate",
          { ...sampleChanges.ModifyHostsCertificate, Hosts: ["shop.example.com"] },
          /EdgeOne host shop\.example\.com: no server certificate already/,
        ],
        [
          "ModifyHostsCertificate",
          { ...sampleChanges.ModifyHostsCertificate, Mode: "sslcert", ServerCertInfo: [{ CertId: sample.open }] },
          /certificate inhJUwQM is paid, documents awaited, so it cannot be served/,
        ],
        [
          "UpdateCertificateInstance",
          { OldCertificateId: sample.next, CertificateId: sample.bound, ResourceTypes: ["cdn"] },
          /no cloud resource uses certificate AyqfDJN3/,
        ],
        [
          "UpdateCertificateInstance",
          { OldCertificateId: sample.bound, CertificateId: sample.next, ResourceTypes: ["live"] },
          /no resource of Live in these regions uses certificate fpIhH9PM/,
        ],
        [
          "UpdateCertificateInstance",
          { OldCertificateId: sample.bound, CertificateId: sample.cancelled, ResourceTypes: ["cdn"] },
          /certificate 9ouGWIh1 is cancelled, so it cannot be served/,
        ],
        [
          "ApplyCertificate",
          { DvAuthMethod: "DNS", DomainName: "blog.example.com", OldCertificateId: sample.ordered },
          /expires in \d+ days, and can be renewed only in its last 30 days.*or wait until 20\d\d-\d\d-\d\d/s,
        ],
        [
          "ApplyCertificate",
          { DvAuthMethod: "DNS", DomainName: "www.example.com", DnsNames: ["api.example.com"] },
          /DnsNames is documented as not supported yet.*Apply for each name on its own/s,
        ],
      ],
      1,
    ),
  )("%s %j", ofRows, async (name, args, why) => {
    const { question, reply, changes } = await asked.ask(name, args);
    expect(reply).toMatch(why);
    expect([question, changes]).toEqual([undefined, []]);
  });

  it("a record that runs, or has nothing that failed or was replaced", async () => {
    const { deployments } = asked.sandbox.account.ssl;
    const record = deployments.get(sample.record);
    if (record === undefined) throw new Error("there is no record");
    const only = (status: 1 | 2 | 3, id: number) =>
      deployments.set(id, { ...record, id, items: record.items.slice(0, 1).map((item) => ({ ...item, status })) });
    only(1, 11);
    only(2, 12);
    only(3, 13)
      .get(13)
      ?.items.forEach((item) => {
        item.queuedAt = new Date(Date.now() + 3_600_000);
      });
    const retry = (DeployRecordId: number) => asked.ask("UpdateCertificateRecordRetry", { DeployRecordId });
    const rollBack = (DeployRecordId: number) => asked.ask("UpdateCertificateRecordRollback", { DeployRecordId });
    expect((await retry(11)).reply).toMatch(/nobody was asked: nothing in deployment record 11 has failed/);
    expect((await rollBack(12)).reply).toMatch(/nobody was asked: deployment record 12 replaced nothing/);
    for (const call of [retry, rollBack]) {
      const { question, reply } = await call(13);
      expect(reply).toMatch(/record 13 is still running .*wait_for \(update, 13\)/s);
      expect(question).toBeUndefined();
    }
    expect((await retry(sample.record)).form).toMatch(
      /^CDN domain static\.example\.com, .*: failed; left with certificate /m,
    );
    expect((await rollBack(sample.record)).form).toMatch(
      new RegExp(
        `^CDN domain static.example.com, .*: certificate ${sample.bound} .* → certificate ${sample.idle} `,
        "m",
      ),
    );
  });
});

describe("what this computer can tell", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cc-save-")));
  let asked: DecliningPerson;
  afterEach(() => expect(existsSync(join(folder, "new.key"))).toBe(false));

  it(
    "nobody is asked about a secret that is gone, a directory that is not allowed, or a file that is there",
    wide,
    async () => {
      asked = await DecliningPerson.open(["--approve", "elicit", "--files", folder]);
      const save = (args: Record<string, unknown>) =>
        asked.ask("save_to_file", { name: "new", directory: folder, ...args });
      const gone = await save({ reference: "vault:AAAAAAAAAAAAAAAAAAAAAA" });
      expect([gone.question, gone.reply]).toEqual([undefined, expect.stringMatching(/Nothing was changed/)]);

      const held = await startAssistant([...pointedAt(asked.sandbox).args, "--files", folder], {
        env: asked.sandbox.env,
      });
      onTestFinished(() => held.close());
      const { CertificatePrivateKey: key } = await held.result("DescribeCertificateDetail", {
        CertificateId: sample.idle,
      });
      const place = { reference: String(key), name: "there" };
      await held.result("save_to_file", { ...place, directory: folder });
      const again = await held.failure("save_to_file", { ...place, directory: folder });
      expect(again).toMatch(/there\.key already exists and is not overwritten/);
      expect(await held.failure("save_to_file", { ...place, directory: tmpdir() })).toMatch(/Nothing was changed/);
      writeFileSync(join(folder, "other.key"), "");
      expect(await held.failure("save_to_file", { ...place, name: "other", directory: folder })).toContain(
        "already exists",
      );
    },
  );
});

describe("a read that fails", () => {
  const denied = { Response: { Error: { Code: "UnauthorizedOperation", Message: "no" }, RequestId: "r" } };
  let cloud: Awaited<ReturnType<typeof startFaultyServer>>;
  let asked: DecliningPerson;
  beforeAll(async () => {
    cloud = await startFaultyServer((socket) => {
      socket.end(httpReply(200, JSON.stringify(denied)));
    });
    asked = await DecliningPerson.shared(["--approve", "elicit", "--endpoint", `tencent-ssl=${cloud.url.href}`]);
  });
  afterAll(async () => {
    await asked.close();
    await cloud.close();
  });

  it.each(["ModifyCertificateAlias", "CancelCertificateOrder", "DeleteCertificate"])(
    "stands in nobody's way: %s is asked about, and the plan says that it was not checked",
    async (name) => {
      const { form } = await asked.ask(name, sampleChanges[name] ?? {});
      expect(form).toMatch(
        /Whether Certificate \w+ is in a state that allows this was not checked: UnauthorizedOperation\./,
      );
      if (name === "DeleteCertificate") expect(form).toContain("could not be found out, and is not checked");
    },
  );
});

describe("an approval names the environment", () => {
  it("the sandbox", wide, async () => {
    let form = "";
    const assistant = await startAssistant(["--sandbox", "--approve", "elicit"], {
      person: async ({ message }) => {
        form = message;
        return { action: "decline" };
      },
    });
    onTestFinished(() => assistant.close());
    await assistant.failure("ModifyCertificateAlias", sampleChanges.ModifyCertificateAlias);
    expect(form).toMatch(/^Environment: sandbox, no real account is touched\.$/m);
    expect(await assistant.failure("DeleteCertificate", { CertificateId: "ZZZZZZZZ" })).toContain(
      "This sandbox has no certificate ZZZZZZZZ",
    );
  });

  it("an endpoint in place of one of the sandbox's", async () => {
    let form = "";
    const other = await startFaultyServer((socket) => socket.end(httpReply(500, "")));
    onTestFinished(() => other.close());
    const endpoint = ["--endpoint", `tencent-ssl=${other.url.href}`];
    const assistant = await startAssistant(["--sandbox", "--approve", "elicit", ...endpoint], {
      person: async ({ message }) => {
        form = message;
        return { action: "decline" };
      },
    });
    onTestFinished(() => assistant.close());
    await assistant.failure("ModifyCertificateAlias", sampleChanges.ModifyCertificateAlias);
    expect(form).toMatch(
      /^Environment: sandbox, with endpoints that the operator set: this computer in place of Tencent Cloud SSL\.$/m,
    );
  });

  it("an endpoint that is not the vendor's, and the account by its number", wide, async () => {
    const asked = await DecliningPerson.open();
    const { form } = await asked.ask("ModifyCertificateAlias", sampleChanges.ModifyCertificateAlias ?? {});
    expect(form).toMatch(/^Tencent Cloud SSL, account 100000000001 \(key AKID…nent\)\.$/m);
    expect(form).toMatch(
      /^Environment: endpoints that the operator set: this computer in place of Tencent Cloud SSL\.$/m,
    );
  });
});
