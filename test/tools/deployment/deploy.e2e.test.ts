import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { plainDomain } from "../../../src/sandbox/delivery.js";
import {
  type Assistant,
  type AssistantOptions,
  approving,
  declining,
  saysYes,
  textOf,
} from "../../support/assistant.js";
import { type CloudProxy, startDownProxy, startLosingProxy } from "../../support/cloud-proxy.js";
import { Company, domains, everywhere, type Files, referring, report, until } from "../../support/company.js";
import { seenOf } from "../../support/form-text.js";
import { wide } from "../../support/width.js";

let company: Company;
let next: Files;
const running: Assistant[] = [];

afterEach(async () => {
  for (const assistant of running.splice(0)) await assistant.close();
});

/** For tests that need a company to which nothing has happened. */
function newCompanyEach(): void {
  beforeEach(async () => {
    company = await Company.open();
    next = await company.issue("next");
  });
  afterEach(() => company.close());
}

/** For tests that look at a certificate of their own, or change nothing. */
function shareCompany(): void {
  beforeAll(async () => {
    company = await Company.open({ speed: 100_000 });
  });
  beforeEach(async () => {
    next = await company.issue("next");
  });
  afterAll(() => company.close());
}

const asks = ["--approve", "elicit"];

async function start(flags: readonly string[] = asks, options: AssistantOptions = { person: saysYes }) {
  const assistant = await company.assistant(flags, options);
  running.push(assistant);
  return assistant;
}

async function deploy(assistant: Assistant, args: Record<string, unknown>) {
  return report.parse(await assistant.result("deploy_certificate", args));
}

/** Where the list of CDN domains may not be read, what the caller says of a domain holds until the cloud refuses it. */
const withoutList = [...asks, "--deny", "DescribeUserDomains"];

const everything = () => ({ ...referring(next), targets: everywhere(company) });
const onCdn = (...names: string[]) => ({
  ...referring(next),
  targets: [{ service: "alibaba-cdn", domains: names }],
});
const statesOf = ({ targets }: Awaited<ReturnType<typeof deploy>>) => targets.map(({ state }) => state);

/** Every question that a person was asked. */
function asking() {
  const questions: string[] = [];
  const person = approving(questions);
  return { questions, person };
}

describe("one certificate on eight targets", () => {
  shareCompany();
  const { questions, person } = asking();
  let assistant: Assistant;
  let earlier: number;
  beforeAll(async () => {
    assistant = await company.assistant(asks, { person });
  });
  beforeEach(() => {
    questions.length = 0;
    earlier = company.done().length;
  });
  afterAll(() => assistant.close());
  const done = () => company.done().slice(earlier);

  it("takes one question, and each is served in the end", async () => {
    const told = await deploy(assistant, everything());
    expect(new Set(statesOf(told))).toEqual(new Set(["served"]));
    for (const domain of domains) {
      expect([domain, ...(await company.served(domain))]).toEqual([domain, next.sha256, next.sha256, next.sha256]);
    }
    expect(questions).toHaveLength(1);
    for (const line of [
      "EdgeOne host www.example.com (zone-sandboxdemo), server certificate: certificate ",
      "EdgeOne host shop.example.com (zone-sandboxdemo), server certificate: none → example.com, *.example.com, expires ",
      "CDN domain assets.example.com, HTTPS: no HTTPS",
      "Live domain play.example.com, HTTPS: example.com, *.example.com, expires ",
    ]) {
      expect(questions[0]).toContain(line);
    }
    expect(questions[0]).not.toContain("PRIVATE KEY");
    expect(done()).toEqual([
      "UploadCertificate ",
      "ModifyHostsCertificate www.example.com",
      "SetCdnDomainSSLCertificate img.example.com",
      "SetVodDomainSSLCertificate vod.example.com",
      "UpdateDomainHttpsCert play.example.com",
      "ModifyHostsCertificate shop.example.com",
      "SetCdnDomainSSLCertificate assets.example.com",
      "UpdateDomainHttpsCert live.example.com",
      ...done().filter((line) => line.startsWith("UpdateCertificateInstance")),
    ]);
    expect(JSON.stringify(assistant.received)).not.toContain("PRIVATE KEY");
  });

  it("is warned of where it ends before what is served now", async () => {
    const short = await company.issue("short", undefined, "EC-P256", 5);
    const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
    await deploy(assistant, { ...referring(short), targets });
    expect(seenOf(questions[0] ?? "")).toMatch(
      /It expires \d{4}-\d\d-\d\d, before what is served now on: CDN domain img\.example\.com \(\d{4}-\d\d-\d\d\)\./,
    );
    await deploy(assistant, { ...referring(next), targets });
    expect(questions[1]).not.toContain("before what is served now");
  });

  it("a second call finds it everywhere and asks nobody", wide, async () => {
    await deploy(assistant, everything());
    const once = done();
    const again = await deploy(assistant, everything());
    expect(new Set(statesOf(again))).toEqual(new Set(["unchanged"]));
    expect(questions).toHaveLength(1);
    expect(done()).toEqual(once);
  });

  it("what has it from elsewhere is unchanged, and no job is made of that", wide, async () => {
    await deploy(assistant, onCdn("img.example.com"));
    const once = done();
    const other = await deploy(assistant, {
      ...referring(next),
      targets: [...onCdn("img.example.com").targets, { service: "alibaba-vod", domains: ["vod.example.com"] }],
    });
    expect(statesOf(other)).toEqual(["unchanged", "served"]);
    expect(done()).toEqual([...once, "SetVodDomainSSLCertificate vod.example.com"]);
  });

  it("is not uploaded to Tencent Cloud where it lies there already", wide, async () => {
    const { chain, key } = next;
    const pair = { CertificatePublicKey: `file:${chain}`, CertificatePrivateKey: `file:${key}` };
    const { CertificateId } = await assistant.result("UploadCertificate", pair);
    const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] }];
    expect((await deploy(assistant, { ...referring(next), targets })).certificate_id).toBe(CertificateId);
    expect(done().filter((line) => line.startsWith("UploadCertificate"))).toHaveLength(1);
  });

  it("is one target where a domain is named twice", wide, async () => {
    const told = await deploy(assistant, onCdn("img.example.com", "IMG.example.com."));
    expect(statesOf(told)).toEqual(["served"]);
    expect(done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
  });

  it("goes by its id at Tencent Cloud, and its key goes to the other clouds without being seen", wide, async () => {
    const certificate_id = company.certificate("storefront, next");
    const targets = [
      { service: "alibaba-vod", domains: ["vod.example.com"] },
      { service: "huawei-live", domains: ["play.example.com"], force_redirect: true },
    ];
    const told = await deploy(assistant, { certificate_id, targets });
    expect(statesOf(told)).toEqual(["served", "served"]);
    expect(company.sandbox.account.live.get("play.example.com")?.forceRedirect).toBe(true);
    expect(JSON.stringify(assistant.received)).not.toContain("PRIVATE KEY");
  });
});

describe("nothing is sent", () => {
  shareCompany();
  const nothing = () => expect(company.done()).toEqual([]);

  it("when the person says no", async () => {
    const assistant = await start(asks, { person: declining() });
    expect(await assistant.failure("deploy_certificate", everything())).toContain("did not approve");
    nothing();
    expect(await company.journal.list()).toEqual([]);
  });

  it("when what was shown has changed before the person said yes", wide, async () => {
    const img = company.sandbox.account.cdn.get("img.example.com");
    if (img === undefined) throw new Error("the seed has it");
    const before = { ...img };
    const assistant = await start(asks, {
      person: async (question) => {
        Object.assign(img, { https: false, certificate: undefined, changedAt: new Date() });
        return saysYes?.(question) ?? { action: "cancel" };
      },
    });
    expect(await assistant.failure("deploy_certificate", onCdn("img.example.com"))).toMatch(/has changed since/);
    nothing();
    Object.assign(img, before);
  });

  it.each([
    ["--deny=SetCdn*", /SetCdnDomainSSLCertificate.*policy excludes/],
    [
      "--services=tencent-ssl,tencent-edgeone,huawei-live,alibaba-vod",
      /SetCdnDomainSSLCertificate, which this server.s policy excludes/,
    ],
  ])("when the operator does not offer one of the operations: %s", wide, async (flag, why) => {
    const assistant = await start([...asks, flag]);
    expect(await assistant.failure("deploy_certificate", everything())).toMatch(why);
    nothing();
  });

  it("with --read-only the tool is not even there", async () => {
    const assistant = await start(["--read-only"]);
    const { tools } = await assistant.client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain("deploy_certificate");
  });

  describe("with a server that would ask", () => {
    let assistant: Assistant;
    beforeAll(async () => {
      assistant = await company.assistant(asks);
    });
    afterAll(() => assistant.close());

    it("for a domain that the certificate does not cover, whatever else could be done", async () => {
      const args = {
        ...everything(),
        targets: [...everywhere(company), { service: "alibaba-cdn", domains: ["*.cdn.example.com"] }],
      };
      expect(await assistant.failure("deploy_certificate", args)).toContain("does not cover *.cdn.example.com");
      nothing();
    });

    it("with another certificate's key", async () => {
      const other = await company.issue("other");
      const args = { ...everything(), private_key: `file:${other.key}` };
      expect(await assistant.failure("deploy_certificate", args)).toMatch(/cannot be deployed: .*key/i);
      nothing();
    });

    it.each([
      [{ service: "tencent-edgeone" }, "domains"],
      [{}, "domains"],
      [{ service: "tencent-ssl" }, "old_certificate_id"],
      [{ service: "alibaba-cdn" }, "domains"],
    ])("%j lacks %s", async (target, lacking) => {
      expect(await assistant.failure("deploy_certificate", { ...referring(next), targets: [target] })).toContain(
        lacking,
      );
      nothing();
    });
  });
});

describe("a failure in part", () => {
  newCompanyEach();
  const targets = (vodName?: string) => [
    { service: "alibaba-cdn", domains: ["img.example.com", "new.example.com"] },
    { service: "alibaba-vod", domains: ["vod.example.com"], ...(vodName && { cert_name: vodName }) },
    { service: "huawei-live", domains: ["play.example.com"], force_redirect: false },
    { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] },
  ];

  it("is told target by target, and the second run does only what is left", wide, async () => {
    // The same endpoint both times: what another one was sent would be another job.
    const huawei = await startDownProxy(company.sandbox.endpoints["huawei-live"]);
    const flags = [...withoutList, "--endpoint", `huawei-live=${huawei.url}`];
    const first = await start(flags);
    const args = { ...referring(next), targets: targets("img-example-com"), on_failure: "continue", waves: false };
    const told = await deploy(first, args);
    expect(told.targets.map(({ target, state, code }) => [target.split(" ").at(-1), state, code])).toEqual([
      ["img.example.com", "served", undefined],
      ["new.example.com", "failed", "InvalidDomain.Offline"],
      ["vod.example.com", "failed", "CertNameAlreadyExists"],
      ["play.example.com", "failed", undefined],
      ["(zone-sandboxdemo)", "served", undefined],
    ]);
    expect(told.targets[3]?.says).toMatch(/never sent|was not sent/);
    expect(told.next).toContain("only what is left");
    const done = company.done();

    company.sandbox.account.cdn.set("new.example.com", plainDomain("new.example.com", new Date(0)));
    await huawei.up();
    const second = await start(flags);
    const again = await deploy(second, { ...args, targets: targets() });
    expect(again.job).toBe(told.job);
    expect(statesOf(again)).toEqual(["served", "served", "served", "served", "served"]);
    expect(company.done().slice(done.length)).toEqual([
      "SetCdnDomainSSLCertificate new.example.com",
      "SetVodDomainSSLCertificate vod.example.com",
      "UpdateDomainHttpsCert play.example.com",
    ]);
    await huawei.close();
  });

  it("stops there unless the caller chose to go on; what follows was not attempted", wide, async () => {
    const assistant = await start(withoutList);
    const told = await deploy(assistant, { ...referring(next), targets: targets(), waves: false });
    expect(statesOf(told)).toEqual(["served", "failed", "not attempted", "not attempted", "not attempted"]);
    expect(company.done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
    const [job] = await company.journal.list();
    expect(job?.targets.map(({ state }) => state)).toEqual(statesOf(told));
    // As the caller chose, for whoever resumes it.
    expect(await assistant.result("list_jobs", {})).toMatchObject({
      jobs: [{ to_finish: { arguments: { waves: false } } }],
    });
  });

  describe("in which the answer of a change is lost", () => {
    const proxies: CloudProxy[] = [];
    afterEach(async () => {
      for (const proxy of proxies.splice(0)) await proxy.close();
    });
    const losing = async (
      service: "tencent-ssl" | "tencent-edgeone",
      isLost: (operation: unknown, answer: string) => boolean,
    ) => {
      const proxy = await startLosingProxy(company.sandbox.endpoints[service], isLost);
      proxies.push(proxy);
      return `--endpoint=${service}=${proxy.url}`;
    };
    const args = () => ({ ...referring(next), targets: targets().slice(-2).reverse(), on_failure: "continue" });

    it("is none where a read shows the change", wide, async () => {
      const lost = await losing("tencent-edgeone", (operation) => operation === "ModifyHostsCertificate");
      const path = join(company.home, "audit.jsonl");
      const told = await deploy(await start([...asks, lost, "--audit-log", path]), args());
      expect(told.targets).toMatchObject([{ state: "served" }, { state: "served" }]);
      const outcomes = readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line.includes(", ModifyHostsCertificate") && line.includes('"outcome"'));
      expect(outcomes.map((line) => /"ok".*"changed":"\w+"/.exec(line)?.[0])).toEqual([
        '"ok":false,"changed":"unknown"',
        '"ok":false,"changed":"yes"',
      ]);
    });

    it("stays unknown where the read fails as well, and what follows is done", wide, async () => {
      let sent = false;
      const lost = await losing("tencent-edgeone", (operation) => {
        sent ||= operation === "ModifyHostsCertificate";
        return sent;
      });
      const unread = await losing("tencent-ssl", (operation) => sent && operation === "DescribeHostTeoInstanceList");
      const told = await deploy(await start([...asks, lost, unread]), args());
      expect(told.targets).toMatchObject([
        { state: "outcome unknown", says: expect.stringContaining("Outcome unknown") },
        { state: "served" },
      ]);
    });

    it(
      "stays unknown where the cloud has a record of it that cannot be read, and the next run finds it",
      wide,
      async () => {
        let [recorded, isOver] = [false, false];
        const lost = await losing("tencent-ssl", (operation, answer) => {
          if (isOver) return false;
          if (recorded) return operation === "DescribeHostUpdateRecord";
          recorded = operation === "UpdateCertificateInstance" && /"DeployRecordId":[1-9]/.test(answer);
          return recorded;
        });
        const update = { ...referring(next), targets: everywhere(company).slice(1, 2) };
        const told = await deploy(await start([...asks, lost]), update);
        expect(told.targets).toMatchObject([
          { state: "outcome unknown", says: expect.stringContaining("Outcome unknown") },
        ]);
        isOver = true;
        const again = await deploy(await start([...asks, lost]), update);
        expect([again.job, ...statesOf(again)]).toEqual([told.job, "served"]);
        expect(company.sandbox.account.ssl.deployments.size).toBe(1);
      },
    );
  });

  it("of the upload is a failure of each target that needs it, and the upload is tried once", wide, async () => {
    const assistant = await start([...withoutList, "--endpoint", "tencent-ssl=http://127.0.0.1:1/"]);
    expect(await assistant.failure("deploy_certificate", { ...referring(next), targets: targets() })).toMatch(
      /never sent/,
    );
    expect(company.done()).toEqual([]);
  });

  it(
    "of single resources in a one-click update is tried again by its record, not by a second update",
    wide,
    async () => {
      const [cdn] = company.sandbox.account.ssl.cdnDomains;
      if (cdn === undefined) throw new Error("the seed has a CDN domain");
      cdn.status = "processing";
      const assistant = await start();
      const args = {
        ...referring(next),
        targets: [
          { service: "tencent-ssl", old_certificate_id: company.certificate("storefront"), resource_types: ["cdn"] },
        ],
      };
      const told = await deploy(assistant, args);
      expect(told.targets[0]).toMatchObject({ state: "failed", record_id: expect.any(Number) });
      cdn.status = "online";
      const again = await deploy(assistant, args);
      expect(statesOf(again)).toEqual(["served"]);
      expect(company.sandbox.account.ssl.deployments.size).toBe(1);
      expect(company.done().at(-1)).toMatch(/^UpdateCertificateRecordRetry/);
    },
  );
});

describe("two servers", () => {
  newCompanyEach();

  it("do not work on the same job at once", wide, async () => {
    const { person } = asking();
    const [one, other] = [await start(asks, { person }), await start(asks, { person })];
    const replies = await Promise.all([one, other].map((each) => each.call("deploy_certificate", everything())));
    const texts = replies.filter(({ isError }) => isError).map(textOf);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/Another process is working|resumed by another process|has changed since/);
    const changes = company.done().filter((line) => !line.startsWith("Up"));
    expect(new Set(changes).size).toBe(changes.length);
  });
});

it("one that the caller takes back while it watches is no longer worked on, and can be finished", wide, async () => {
  // The edge takes its time, so that there is something to watch.
  const slow = await Company.open({ speed: 1 });
  const files = await slow.issue("next");
  const assistant = await slow.assistant(asks, { person: saysYes });
  const args = { ...referring(files), targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }] };
  const takeBack = new AbortController();
  const onprogress = ({ message }: { message?: string | undefined }) => {
    if (message?.includes("1 accepted")) takeBack.abort();
  };
  const call = { name: "deploy_certificate", arguments: args };
  await expect(assistant.client.callTool(call, undefined, { signal: takeBack.signal, onprogress })).rejects.toThrow();
  await until(async () => (await slow.journal.list())[0]?.owner === undefined);
  const listed = z.object({ jobs: z.array(z.object({ working: z.boolean().optional(), interrupted: z.boolean() })) });
  expect(listed.parse(await assistant.result("list_jobs")).jobs).toEqual([{ interrupted: true }]);
  const again = report.parse(await assistant.result("deploy_certificate", { ...args, wait_seconds: 0 }));
  expect(again.targets.map(({ state }) => state)).toEqual(["accepted"]);
  expect(slow.done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
  await assistant.close();
  await slow.close();
});

it(
  "one that the caller cancels while the cloud gathers resources is not reported as failed without effect",
  wide,
  async () => {
    const slow = await Company.open({ speed: 8 });
    const files = await slow.issue("next");
    const assistant = await slow.assistant(asks, { person: saysYes });
    const takeBack = new AbortController();
    const onprogress = ({ message }: { message?: string | undefined }) => {
      if (message?.includes("looking through its resources")) takeBack.abort();
    };
    const call = {
      name: "deploy_certificate",
      arguments: { ...referring(files), targets: everywhere(slow).slice(1, 2) },
    };
    const options = { signal: takeBack.signal, onprogress, resetTimeoutOnProgress: true };
    await expect(assistant.client.callTool(call, undefined, options)).rejects.toThrow();
    await until(async () => (await slow.journal.list())[0]?.owner === undefined);
    const [job] = await slow.journal.list();
    expect(job?.targets).toMatchObject([{ state: "sending", says: expect.stringContaining("Outcome unknown") }]);
    await assistant.close();
    await slow.close();
  },
);
