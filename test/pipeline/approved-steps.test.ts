import { describe, expect, it } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import { Gate } from "../../src/approval/gate.js";
import type { Plan } from "../../src/approval/plan.js";
import { setCdnDomainSSLCertificate } from "../../src/catalogue/alibaba-edges.js";
import { operations } from "../../src/catalogue/index.js";
import type { ChangeOperation, Operation, Subject } from "../../src/catalogue/operation.js";
import { struct } from "../../src/catalogue/params.js";
import type { Service } from "../../src/catalogue/services.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { updateCertificateInstance } from "../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import { uploadCertificate } from "../../src/catalogue/tencent-ssl/upload-certificate.js";
import { signerChanged } from "../../src/cloud/not-sent-errors.js";
import type { JsonObject } from "../../src/lib/json.js";
import { type SafeText, safe, verbatim } from "../../src/lib/safe-text.js";
import { machineTime } from "../../src/lib/time-source.js";
import { ToolError, UnseenTargetError } from "../../src/lib/tool-error.js";
import { type ApprovedSteps, approveSteps } from "../../src/pipeline/approved-steps.js";
import { jobsService, type Step } from "../../src/pipeline/tool.js";
import type { CallFacts } from "../../src/standing-approvals/facts.js";
import type { StandingApprovals } from "../../src/standing-approvals/store.js";
import { sharedMaterial } from "../secrets/references/support.js";
import { noStandingApprovals } from "../support/standing-approvals.js";

/** A job before a person who says yes or no, and a cloud that notes what reaches it. */
class JobFixture {
  readonly plans: Plan[] = [];
  readonly sent: [name: string, params: JsonObject][] = [];
  readonly recorded: string[] = [];
  readonly defects: unknown[] = [];
  /** What the redactor was told to mask. */
  readonly masked: string[] = [];
  says: "yes" | "no" = "yes";
  deny: readonly string[] = [];
  /** Whether the key is another one than the plan showed. */
  rotated = false;
  offered: readonly Operation[] = operations;
  standingApprovals: StandingApprovals | undefined;
  /** What a reading finds at a domain, unless it is as ever. */
  readonly found = new Map<string, SafeText>();
  /** The domains that each reading was about. */
  readonly readings: string[] = [];
  /** How far the wall clock is ahead: the monotonic one stops while a computer sleeps. */
  ahead = 0;
  /** The pauses before second looks. */
  readonly pauses: number[] = [];
  /** Readings of these domains never end, until they are given up. */
  readonly silent = new Set<string>();
  /** How many of them were given up. */
  abandoned = 0;
  beforeSecondReading = async (): Promise<unknown> => undefined;

  /** What a job does with its steps once they are approved. */
  async run(
    steps: readonly Step[],
    run: (approved: ApprovedSteps) => Promise<unknown>,
    facts?: () => Promise<CallFacts>,
  ): Promise<string> {
    const tool = {
      name: "some_job",
      title: "Some job",
      service: jobsService,
      effect: "create",
      params: struct({}),
    } as const;
    const gate = new Gate({
      policy: { readOnly: false, allowPurchases: true, allow: [], deny: this.deny },
      channels: [
        {
          present: async (request) => {
            this.plans.push(request.plan);
            request.decide(this.says === "yes", "person", request.plan.typed);
            return true;
          },
          close: async () => {},
        },
      ],
      token: { offered: false, forDestructive: false },
      store: new ApprovalStore({ ...machineTime, now: () => new Date(Date.now() + this.ahead) }),
      audit: {
        append: async (entry) =>
          void this.recorded.push("step" in entry ? `${entry.event} ${entry.step}` : entry.event),
      },
      pause: async (ms) => {
        const isLimit = ms > 10_000;
        if (!isLimit) this.pauses.push(ms);
        else if (this.silent.size === 0) await new Promise(() => {});
        this.ahead += ms;
      },
      readCurrentState: async ({ operation, params }, fresh, over) => {
        if (fresh) await this.beforeSecondReading();
        const changes = operation.plannedChanges(params);
        if (changes.some(({ subject }) => this.silent.has(domainIn(subject)))) {
          await new Promise<void>((resolve) => over.addEventListener("abort", () => resolve()));
          this.abandoned += 1;
        }
        this.readings.push(changes.map(({ subject }) => domainIn(subject)).join());
        const rows = changes.map(({ subject, aspect, then }) => {
          const domain = domainIn(subject);
          return { object: safe`${verbatim(domain)}`, aspect, now: this.found.get(domain) ?? safe`as it is`, then };
        });
        return { rows, facts: [] };
      },
      standingApprovals: this.standingApprovals,
      wait: 1,
      log: () => {},
    });
    const { signal } = new AbortController();
    const caller = { signal, sending: signal, progress: () => {} };
    const call = {
      params: {},
      account: "local user",
      redactor: { redact: (text: string) => text },
      approval: undefined,
      caller,
    };
    const ground = {
      gate,
      cloud: {
        exclusionOf: () => undefined,
        signersFor: (services: readonly Service[]) =>
          Object.fromEntries(services.map(({ cloud }) => [cloud, `account at ${cloud}`])),
        signerChange: ({ name }: { readonly name: string }) =>
          this.rotated ? signerChanged(name, "tencent") : undefined,
        sendApproved: async ({ name }: Operation, params: JsonObject) => {
          if (this.rotated) throw signerChanged(name, "tencent");
          this.sent.push([name, params]);
          return { ok: true as const, result: { CertificateId: "new12345" } };
        },
      },
      operations: this.offered,
      now: () => new Date(),
      read: async () => ({}),
      addSecrets: (secrets: readonly string[]) => void this.masked.push(...secrets),
      report: (error: unknown) => void this.defects.push(error),
      tlsCheck: { roots: [] },
      storeReplySecrets: (_operation: unknown, result: JsonObject) => ({ result, notes: [] }),
    };
    const ended = (error: unknown) => (error instanceof Error ? error.message : String(error));
    try {
      const approved = await approveSteps(
        tool,
        { question: safe`Do it?`, steps, warnings: [], ...(facts && { readFacts: facts }) },
        call,
        ground,
      );
      return await run(approved)
        .then(
          () => "done",
          (error: unknown) => ended(approved.errorAfterSteps(error)),
        )
        .finally(() => approved.permit?.end());
    } catch (error) {
      return ended(error);
    }
  }
}

const domainIn = (subject: Subject) => (subject.kind === "served-domain" ? subject.domain : "It");

const rename = (alias: string, CertificateId = "abcd1234"): Step => ({
  name: `Rename to ${alias}`,
  operation: modifyCertificateAlias,
  params: { CertificateId, Alias: alias },
});
const stepOf = (operation: ChangeOperation, params: JsonObject): Step => ({ name: operation.name, operation, params });

describe("a job under one approval", () => {
  it("sends its steps and nothing else: each once, in whatever order it likes", async () => {
    const fixture = new JobFixture();
    const [one, two, foreign] = [rename("one"), rename("two"), rename("three")];
    const ended = await fixture.run([one, two], async (approved) => {
      await approved.send(two);
      await approved.send(one);
      await expect(approved.send(one)).rejects.toThrow("has been sent");
      await expect(approved.send(foreign)).rejects.toThrow("not a step that was approved");
      await expect(approved.send({ ...one })).rejects.toThrow("not a step that was approved");
      return {};
    });
    expect(ended).toBe("done");
    expect(fixture.sent.map(([, { Alias }]) => Alias)).toEqual(["two", "one"]);
    expect(fixture.plans).toHaveLength(1);
  });

  it("sends a step that repeats as often as it has to, and unchanged", async () => {
    const fixture = new JobFixture();
    const step = { ...rename("again"), pollUntilDone: true };
    await fixture.run([step], async (approved) => {
      for (let turn = 0; turn < 3; turn++) await approved.send(step);
      return {};
    });
    expect(fixture.sent).toEqual(Array(3).fill(["ModifyCertificateAlias", step.params]));
  });

  it("fills a slot with what an earlier step gave, and only where the whole text is the slot", async () => {
    const fixture = new JobFixture();
    const [first, second] = [rename("first"), rename("UPLOADED is no slot here", "UPLOADED")];
    await fixture.run([first, second], async (approved) => {
      const read = async ({ CertificateId }: JsonObject) => ({
        placeholders: new Map([["UPLOADED", String(CertificateId)]]),
      });
      await approved.sendSupply({ step: first, beforeTargets: false, read });
      await approved.send(second);
    });
    expect(fixture.sent[1]?.[1]).toEqual({ CertificateId: "new12345", Alias: "UPLOADED is no slot here" });
  });

  describe("whose step waits for what an earlier one gives", () => {
    const pendingValues = [{ placeholder: "PENDING", says: safe`what the first step gives` }];
    const run = async (step: Step, given: readonly string[]) => {
      const [fixture, first] = [new JobFixture(), rename("first")];
      const ended = await fixture.run([first, step], async (approved) => {
        const placeholders = new Map(given.map((value) => ["PENDING", value]));
        await approved.sendSupply({ step: first, beforeTargets: false, read: async () => ({ placeholders }) });
        await approved.send(step);
      });
      return { ended, fixture };
    };

    it("does not send it where the cloud would refuse what was given, nor without it", async () => {
      const step = { ...rename("second", "PENDING"), name: "second", pendingValues };
      const [unfit, missing] = [await run(step, ["too long an id"]), await run(step, [])];
      expect(unfit.ended).toContain("ModifyCertificateAlias was not sent");
      expect(missing.fixture.defects).toEqual([new Error("second lacks what an earlier step gives")]);
      for (const { sent } of [unfit.fixture, missing.fixture]) expect(sent).toHaveLength(1);
    });

    it("masks a private key that was given", async () => {
      const { leaf, key } = sharedMaterial();
      const params = { CertificatePublicKey: leaf, CertificatePrivateKey: "PENDING" };
      const { ended, fixture } = await run({ ...stepOf(uploadCertificate, params), pendingValues }, [key]);
      expect(ended).toBe("done");
      expect(fixture.masked).toEqual([key]);
    });
  });

  it("shows every argument of every step, and what is graver than the job itself", async () => {
    const fixture = new JobFixture();
    await fixture.run([rename("one"), stepOf(deleteCertificate, { CertificateId: "wxyz9876" })], async () => ({}));
    expect(fixture.plans[0]).toMatchObject({
      where: "Tencent Cloud SSL",
      effect: "destroy",
      question: safe`Do it?`,
      details: [
        ["Rename to one, CertificateId", "abcd1234"],
        ["Rename to one, Alias", "one"],
        ["DeleteCertificate, CertificateId", "wxyz9876"],
      ],
    });
  });

  it("sends nothing more once its key was exchanged, even if that is undone", async () => {
    const fixture = new JobFixture();
    const [one, two, three] = [rename("one"), rename("two"), rename("three")];
    await fixture.run([one, two, three], async (approved) => {
      await approved.send(one);
      fixture.rotated = true;
      await expect(approved.send(two)).rejects.toThrow("the approval is void");
      fixture.rotated = false;
      await expect(approved.send(three)).rejects.toThrow("the approval is void");
    });
    expect(fixture.sent.map(([, { Alias }]) => Alias)).toEqual(["one"]);
    expect(fixture.recorded.filter((line) => line.includes("three"))).toEqual([]);
  });

  describe("looks again at what a request overwrites before it is sent", () => {
    const nothing = { leaves: [], replaced: [] };
    const off = (domain: string): Step => ({
      ...stepOf(setCdnDomainSSLCertificate, { DomainName: domain, SSLProtocol: "off" }),
      name: domain,
    });

    it("but not for the first, for which the state was just read", async () => {
      const fixture = new JobFixture();
      const [one, two] = [off("one.example.com"), off("two.example.com")];
      await fixture.run([one, two], async (approved) => {
        for (const step of [one, two]) {
          await approved.requireCurrent(step, nothing);
          await approved.send(step);
        }
      });
      expect(fixture.readings.slice(2)).toEqual(["two.example.com"]);
      expect(fixture.sent).toHaveLength(2);
    });

    it("and for the first, too, if that was a while ago", async () => {
      const fixture = new JobFixture();
      const one = off("one.example.com");
      await fixture.run([one], async (approved) => {
        fixture.ahead = 60_000;
        fixture.found.set("one.example.com", safe`changed`);
        await expect(approved.requireCurrent(one, nothing)).rejects.toThrow("has changed since the plan was made");
      });
    });

    it("and says what has changed; that ends nothing but this step, and is recorded", async () => {
      const fixture = new JobFixture();
      const [one, two, three] = [off("one.example.com"), off("two.example.com"), off("three.example.com")];
      await fixture.run([one, two, three], async (approved) => {
        await approved.send(one);
        fixture.found.set("two.example.com", safe`the successor`);
        await expect(approved.requireCurrent(two, nothing)).rejects.toThrow(
          'two.example.com: HTTPS: was "as it is", is now "the successor". Nothing was changed there.',
        );
        await approved.requireCurrent(three, nothing);
        await approved.send(three);
      });
      expect(fixture.sent.map(([, { DomainName }]) => DomainName)).toEqual(["one.example.com", "three.example.com"]);
      expect(fixture.recorded).toContain("outcome two.example.com, SetCdnDomainSSLCertificate");
      expect(fixture.recorded).not.toContain("sending two.example.com, SetCdnDomainSSLCertificate");
    });

    it("once more if something seems to have changed: a look may fail once", async () => {
      const fixture = new JobFixture();
      const [one, two] = [off("one.example.com"), off("two.example.com")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        fixture.found.set("two.example.com", safe`could not be read: no answer`);
        fixture.beforeSecondReading = async () => {
          if (fixture.readings.at(-1) === "two.example.com") fixture.found.clear();
        };
        await approved.requireCurrent(two, nothing);
      });
      expect(fixture.readings.slice(2)).toEqual(["two.example.com", "two.example.com"]);
    });

    it("and does not call what cannot be seen a change; that, too, ends nothing but this step", async () => {
      const fixture = new JobFixture();
      const [one, two, three] = [off("one.example.com"), off("two.example.com"), off("three.example.com")];
      await fixture.run([one, two, three], async (approved) => {
        await approved.send(one);
        fixture.found.set("two.example.com", safe`could not be read: Throttling.User`);
        const looked = approved.requireCurrent(two, nothing);
        await expect(looked).rejects.toBeInstanceOf(UnseenTargetError);
        await expect(looked).rejects.toThrow(
          'two.example.com: HTTPS: "could not be read: Throttling.User". Nothing was changed there.',
        );
        await approved.requireCurrent(three, nothing);
        await approved.send(three);
      });
      expect(fixture.pauses).toEqual([1_500]);
      expect(fixture.sent).toHaveLength(2);
      expect(fixture.recorded).toContain("outcome two.example.com, SetCdnDomainSSLCertificate");
    });

    it("and gives a look up that takes too long, once", async () => {
      const fixture = new JobFixture();
      const [one, two] = [off("one.example.com"), off("two.example.com")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        fixture.silent.add("two.example.com");
        await expect(approved.requireCurrent(two, nothing)).rejects.toThrow('"no answer within 15 s"');
      });
      expect(fixture.readings.slice(2)).toEqual(["two.example.com"]);
      expect([fixture.abandoned, fixture.pauses]).toEqual([1, []]);
    });

    it("and takes none of the time until the next request for that, however many are looked at", async () => {
      const fixture = new JobFixture();
      const [one, last] = [off("one.example.com"), off("last.example.com")];
      const silent = Array.from({ length: 30 }, (_, index) => off(`silent-${index}.example.com`));
      await fixture.run([one, ...silent, last], async (approved) => {
        await approved.send(one);
        for (const each of silent) {
          fixture.silent.add(each.name);
          await expect(approved.requireCurrent(each, nothing)).rejects.toBeInstanceOf(UnseenTargetError);
        }
        fixture.silent.clear();
        await approved.requireCurrent(last, nothing);
        await approved.send(last);
      });
      expect(fixture.ahead).toBeGreaterThan(5 * 60_000);
      expect(fixture.sent).toHaveLength(2);
    });

    it("but counts what the computer slept during a look", async () => {
      const fixture = new JobFixture();
      const [one, two] = [off("one.example.com"), off("two.example.com")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        fixture.beforeSecondReading = async () => {
          fixture.ahead = 8 * 3_600_000;
        };
        await approved.requireCurrent(two, nothing);
        await expect(approved.send(two)).rejects.toMatchObject({ details: { endsApproval: true, sent: false } });
      });
      expect(fixture.sent).toHaveLength(1);
    });

    it("but not with another key than was approved: the sending refuses that", async () => {
      const fixture = new JobFixture();
      const [one, two] = [off("one.example.com"), off("two.example.com")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        fixture.rotated = true;
        fixture.found.set("two.example.com", safe`what another account has`);
        await approved.requireCurrent(two, nothing);
        await expect(approved.send(two)).rejects.toThrow("the approval is void");
      });
      expect(fixture.readings).toHaveLength(2);
    });

    it("and takes nothing that another key shows for a change", async () => {
      const fixture = new JobFixture();
      const [one, two] = [off("one.example.com"), off("two.example.com")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        fixture.beforeSecondReading = async () => {
          fixture.rotated = true;
        };
        fixture.found.set("two.example.com", safe`what another account has`);
        await approved.requireCurrent(two, nothing);
      });
    });

    it("and at nothing of a stored certificate, for which the cloud looks itself", async () => {
      const fixture = new JobFixture();
      const remove = (id: string) => stepOf(deleteCertificate, { CertificateId: id, IsCheckResource: true });
      const [one, two] = [remove("abcd1234"), { ...remove("efgh5678"), name: "another" }];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        await approved.requireCurrent(two, nothing);
      });
      expect(fixture.readings).toHaveLength(2);
    });
  });

  describe("sends a request only soon after the one before it", () => {
    const asleep = 8 * 3_600_000;
    const nothing = { leaves: [], replaced: [] };

    it("so nothing more once the computer has slept, whatever comes later", async () => {
      const fixture = new JobFixture();
      const [one, two, three] = [rename("one"), rename("two"), rename("three")];
      const ended = await fixture.run([one, two, three], async (approved) => {
        await approved.send(one);
        fixture.ahead = asleep;
        await expect(approved.requireCurrent(two, nothing)).rejects.toThrow(
          "More than 5 minutes passed since the request before it, which ends the approval.",
        );
        approved.permit?.renew();
        await approved.send(three);
      });
      expect(ended).toMatch(/^some_job was cut short\. Accepted by the cloud: Rename to one\. .* ends the approval/);
      expect(fixture.sent).toHaveLength(1);
    });

    it("even if it was ready before the computer slept", async () => {
      const fixture = new JobFixture();
      const [one, two] = [rename("one"), rename("two")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        await approved.requireCurrent(two, nothing);
        fixture.ahead = asleep;
        await expect(approved.send(two)).rejects.toMatchObject({ details: { endsApproval: true, sent: false } });
      });
      expect(fixture.sent).toHaveLength(1);
    });

    it("or after what was sent has been proven", async () => {
      const fixture = new JobFixture();
      const [one, two] = [rename("one"), rename("two")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        fixture.ahead = asleep;
        approved.permit?.renew();
        await approved.requireCurrent(two, nothing);
        await approved.send(two);
      });
      expect(fixture.sent).toHaveLength(2);
    });

    it("and not once the clock was set back", async () => {
      const fixture = new JobFixture();
      const [one, two] = [rename("one"), rename("two")];
      await fixture.run([one, two], async (approved) => {
        await approved.send(one);
        fixture.ahead = -asleep;
        await expect(approved.send(two)).rejects.toThrow("clock was set back since the request before it");
      });
      expect(fixture.sent).toHaveLength(1);
    });
  });

  describe("that a standing approval lets through", () => {
    const id = "sa-0123abcd";
    const domain = "www.example.com";
    const from = (days: number) => new Date(Date.now() + days * 86_400_000);
    const leaf = (days: number) => ({ names: [domain], notAfter: from(days), issuer: "CA", strength: 128 });
    const stepAt = (name: string): Step => ({
      ...stepOf(setCdnDomainSSLCertificate, { DomainName: domain, SSLProtocol: "on", CertType: "cas", CertId: 7 }),
      name,
    });
    const facts = async (): Promise<CallFacts> => ({
      kind: "deployment",
      certificate: leaf(90),
      distrust: undefined,
      source: { kind: "store" },
      targets: [{ service: "alibaba-cdn", domains: [domain], replaced: [leaf(9)], besides: [] }],
    });
    const approvedInAdvance = async () => {
      const [fixture, standing] = [new JobFixture(), noStandingApprovals()];
      fixture.standingApprovals = standing;
      const day = (days: number) => from(days).toISOString().slice(0, 10);
      const bounds = { domains: [domain], accounts: ["account at alibaba"], from_store: true, least_gain_days: 1 };
      const endpoints = [{ service: "alibaba-cdn" as const, endpoint: "cdn.aliyuncs.com" }];
      const term = { uses_a_day: 2, uses: 2, first_day: day(-1), last_day: day(1), time_zone: "UTC" };
      await standing.give({ id, services: ["alibaba-cdn"], endpoints, ...bounds, ...term, grants: [] }, "plan-given");
      return { fixture, revoke: () => standing.revoke(id) };
    };

    it("sends nothing more once that is revoked", async () => {
      const { fixture, revoke } = await approvedInAdvance();
      const [one, two] = [stepAt("one"), stepAt("two")];
      const run = async (approved: ApprovedSteps) => {
        await approved.send(one);
        await revoke();
        await approved.send(two);
      };
      expect(await fixture.run([one, two], run, facts)).toContain("was revoked");
      expect([fixture.plans.length, fixture.sent.length]).toEqual([0, 1]);
    });

    it("sends nothing if that is revoked while the state is read a second time", async () => {
      const { fixture, revoke } = await approvedInAdvance();
      fixture.beforeSecondReading = revoke;
      const one = stepAt("one");
      expect(await fixture.run([one], (approved) => approved.send(one), facts)).toContain("was revoked");
      expect([fixture.plans.length, fixture.sent.length]).toEqual([0, 0]);
    });
  });

  it("is recorded step by step", async () => {
    const fixture = new JobFixture();
    const [one, two] = [rename("one"), rename("two")];
    await fixture.run([one, two], async (approved) => {
      await approved.send(one);
      await approved.send(two);
    });
    expect(fixture.recorded).toEqual([
      "plan",
      "decision",
      "sending Rename to one, ModifyCertificateAlias",
      "outcome Rename to one, ModifyCertificateAlias",
      "sending Rename to two, ModifyCertificateAlias",
      "outcome Rename to two, ModifyCertificateAlias",
    ]);
  });

  it("that ends in a failure of its own says what was sent before, and nothing of the kind where nothing was", async () => {
    const failure = new ToolError({ kind: "refused", happened: "It was taken over.", changed: "no", next: "Wait." });
    const steps = [rename("one"), rename("two")] as const;
    const endedAfter = (sent: readonly Step[]) =>
      new JobFixture().run(steps, async (approved) => {
        for (const step of sent) await approved.send(step);
        throw failure;
      });
    expect(await endedAfter([])).toBe("It was taken over.");
    expect(await endedAfter(steps)).toBe(
      "some_job was cut short. Accepted by the cloud: Rename to one, Rename to two. It was taken over.",
    );
  });

  it("that meets a defect of the program says what was sent before, and leaves it a defect where nothing was", async () => {
    const steps = [rename("one"), rename("two")] as const;
    const fixture = new JobFixture();
    const brokenAfter = (sent: readonly Step[]) =>
      fixture.run(steps, async (approved) => {
        for (const step of sent) await approved.send(step);
        throw new TypeError("Cannot read properties of undefined");
      });
    expect(await brokenAfter([])).toBe("Cannot read properties of undefined");
    expect(fixture.defects).toEqual([]);
    expect(await brokenAfter([steps[0]])).toMatch(
      /^some_job was cut short\. Accepted by the cloud: Rename to one\. The rest failed because of a defect of this server/,
    );
    expect(fixture.defects).toEqual([new TypeError("Cannot read properties of undefined")]);
  });

  it("with nothing to send asks nobody, and has nothing to send with", async () => {
    const fixture = new JobFixture();
    const ended = await fixture.run([], (approved) => approved.send(rename("one")));
    expect(ended).toContain("is not a step that was approved");
    expect([fixture.plans, fixture.sent]).toEqual([[], []]);
  });
});

describe("a job is not even begun", () => {
  const refused = async (fixture: JobFixture, steps: readonly Step[]) => {
    let begun = false;
    const why = await fixture.run(steps, async () => {
      begun = true;
      return {};
    });
    expect([begun, fixture.sent]).toEqual([false, []]);
    return why;
  };

  it("when the person says no", async () => {
    const fixture = new JobFixture();
    fixture.says = "no";
    expect(await refused(fixture, [rename("one")])).toContain("did not approve");
  });

  it("when the policy forbids one of its steps", async () => {
    const fixture = new JobFixture();
    fixture.deny = ["DeleteCertificate"];
    const steps = [rename("one"), stepOf(deleteCertificate, { CertificateId: "abcd1234" })];
    expect(await refused(fixture, steps)).toContain("DeleteCertificate was not carried out");
    expect(fixture.plans).toEqual([]);
  });

  it("when one of its operations is not offered", async () => {
    const fixture = new JobFixture();
    fixture.offered = operations.filter(({ name }) => name !== "ModifyCertificateAlias");
    expect(await refused(fixture, [rename("one")])).toContain("does not offer");
  });

  it("when a cloud's reply put something into a step that its operation does not take: that is no defect", async () => {
    const fixture = new JobFixture();
    const params = { OldCertificateId: "abcd1234", CertificateId: "wxyz9876", ResourceTypes: ["lighthouse"] };
    const why = await refused(fixture, [{ ...stepOf(updateCertificateInstance, params), name: "All of abcd1234" }]);
    expect(why).toMatch(
      /^All of abcd1234: what the cloud shows does not fit .*UpdateCertificateInstance: ResourceTypes\.0/,
    );
    expect(why).toContain("Nothing was sent.");
    expect([fixture.plans, fixture.defects]).toEqual([[], []]);
  });

  it("when the clouds would refuse steps for certain: all of them are named", async () => {
    const fixture = new JobFixture();
    const unfit = stepOf(uploadCertificate, { CertificatePublicKey: "no certificate", CertificateType: "CA" });
    const why = await refused(fixture, [unfit, rename("one", "too long an id"), rename("two")]);
    expect(why).toContain("UploadCertificate was not sent");
    expect(why).toContain("ModifyCertificateAlias was not sent");
  });
});
