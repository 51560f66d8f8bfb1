import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import type { GatedCall } from "../../src/approval/call-binding.js";
import type { Channel } from "../../src/approval/channel.js";
import { approvalLifetime } from "../../src/approval/deadlines.js";
import { Gate, type GateOptions } from "../../src/approval/gate.js";
import type { Plan } from "../../src/approval/plan.js";
import type { ChangeOperation } from "../../src/catalogue/operation.js";
import { createCertificate } from "../../src/catalogue/tencent-ssl/create-certificate.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { uploadCertificate } from "../../src/catalogue/tencent-ssl/upload-certificate.js";
import { safe } from "../../src/lib/safe-text.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

/**
 * One process with its gate, and before it a person who approves whatever is asked. The clock and the clouds' state are the
 * test's.
 */
class World {
  clock = 1_000_000;
  /** What every reading of "now" gives; a new number stands for a state that has changed. */
  state = 0;
  /** The plans that were put to the person. */
  readonly asked: Plan[] = [];
  readonly sent: string[] = [];
  readonly events: string[] = [];
  readonly gate: Gate;

  constructor(options: Partial<GateOptions> = {}) {
    this.gate = new Gate({
      policy: { readOnly: false, allowPurchases: true, allow: [], deny: [] },
      channels: [this.#person()],
      token: { offered: false, forDestructive: false },
      store: new ApprovalStore({ now: () => new Date(this.clock), elapsed: () => this.clock }),
      audit: { append: async (entry) => void this.events.push(entry.event) },
      readCurrentState: async () => {
        const now = safe`state ${this.state}`;
        return { rows: [{ object: safe`It`, aspect: "status", now, then: safe`changed` }], facts: [] };
      },
      wait: 1,
      log: () => {},
      ...options,
    });
  }

  #person(): Channel {
    return {
      present: async (request) => {
        this.asked.push(request.plan);
        request.decide(true, "person", request.plan.typed);
        return true;
      },
      close: async () => {},
    };
  }

  /** Carries out a call and says how it ended: "sent", or the text of the failure. */
  async call({ operation, params }: Change, approval?: string, account = "account-1"): Promise<string> {
    const call: GatedCall = {
      operation,
      params,
      account,
      approval,
      redactor: new Redactor([]),
      caller: { progress: () => {}, signal: new AbortController().signal, sending: new AbortController().signal },
    };
    try {
      return await this.gate
        .approveAndRun(call, async () => {
          this.sent.push(JSON.stringify([operation.name, params, account]));
          return { requestId: "r" };
        })
        .then(() => "sent");
    } catch (error) {
      if (error instanceof ToolError) return error.details.approval?.token ?? error.details.happened;
      throw error;
    }
  }
}

interface Change {
  readonly operation: ChangeOperation;
  readonly params: Readonly<Record<string, unknown>>;
}

describe("an approval by token", () => {
  const byToken = () => new World({ channels: [], token: { offered: true, forDestructive: true } });
  const rename: Change = { operation: modifyCertificateAlias, params: { CertificateId: "aaaaaaaa", Alias: "x" } };

  it("is good for the same call, once", async () => {
    const world = byToken();
    const token = await world.call(rename);
    expect(token).toMatch(/^apr_/);
    expect(await world.call(rename, token)).toBe("sent");
    const again = await world.call(rename, token);
    expect(again).toContain("has been used");
    expect(again).toContain("The cloud accepted it (request id r)");
    expect(world.sent).toHaveLength(1);
  });

  it.each([
    ["other arguments", { ...rename, params: { ...rename.params, Alias: "y" } }, "account-1"],
    ["another operation", { operation: deleteCertificate, params: { CertificateId: "aaaaaaaa" } }, "account-1"],
    ["another account", rename, "account-2"],
  ])("is not good for %s", async (_what, change, account) => {
    const world = byToken();
    expect(await world.call(change, await world.call(rename), account)).toContain("issued for other arguments");
    expect(world.sent).toEqual([]);
  });

  it("binds a secret's value too", async () => {
    const world = byToken();
    const upload = (CertificatePrivateKey: string) => ({
      operation: uploadCertificate,
      params: { CertificatePublicKey: "p", CertificatePrivateKey },
    });
    const token = await world.call(upload("key one"));
    expect(await world.call(upload("key two"), token)).toContain("issued for other arguments");
    expect(await world.call(upload("key one"), token)).toBe("sent");
  });

  it("is not good in another process, after five minutes, or once the state has changed", async () => {
    const world = byToken();
    const [foreign, late, stale] = [await byToken().call(rename), await world.call(rename), await world.call(rename)];
    expect(await world.call(rename, foreign)).toContain("not issued by this server in this session");
    world.state += 1;
    expect(await world.call(rename, stale)).toContain('It: status: was "state 0", is now "state 1"');
    expect(await world.call(rename, stale)).toContain("void");
    world.clock += approvalLifetime;
    expect(await world.call(rename, late)).toMatch(/given with the call has expired|void/);
    expect(world.sent).toEqual([]);
  });

  it("is never offered for what cannot be undone, unless the operator said so", async () => {
    const world = new World({ channels: [], token: { offered: true, forDestructive: false } });
    const said = await world.call({ operation: deleteCertificate, params: { CertificateId: "aaaaaaaa" } });
    expect(said).toContain("no way to reach one");
  });

  it("cannot be invented", async () => {
    const world = byToken();
    await fc.assert(
      fc.asyncProperty(fc.string(), async (token) => {
        expect(await world.call(rename, token)).toContain("not issued by this server in this session");
      }),
    );
    expect(world.sent).toEqual([]);
  });
});

describe("a person's yes", () => {
  it("counts for nothing once the certificate turns out to be gone, although it could not be read before", async () => {
    const world = new World({
      readCurrentState: async (_call, fresh) => ({
        rows: [],
        facts: [],
        missing: fresh ? [{ object: safe`Certificate aaaaaaaa`, code: "FailedOperation.CertificateNotFound" }] : [],
      }),
    });
    const said = await world.call({ operation: modifyCertificateAlias, params: { CertificateId: "aaaaaaaa" } });
    expect(world.asked).toHaveLength(1);
    expect(said).toContain("Certificate aaaaaaaa does not exist in this account");
    expect(world.sent).toEqual([]);
  });
});

describe("the record", () => {
  const rename: Change = { operation: modifyCertificateAlias, params: { CertificateId: "aaaaaaaa" } };

  it("has the plan before the question, and the decision and the sending before the request", async () => {
    const world = new World();
    expect(await world.call(rename)).toBe("sent");
    expect(world.events).toEqual(["plan", "decision", "sending", "outcome"]);
  });

  it.each(["plan", "decision", "sending"])("that cannot be written (%s) stops the change", async (event) => {
    const world = new World({
      audit: {
        append: async (entry) => {
          if (entry.event === event) throw new Error("disk full");
        },
      },
    });
    expect(await world.call(rename)).toContain("audit log could not be written");
    expect(world.sent).toEqual([]);
  });

  it("that cannot be written afterwards does not turn a success into a failure", async () => {
    const world = new World({
      audit: {
        append: async (entry) => {
          if (entry.event === "outcome") throw new Error("disk full");
        },
      },
    });
    expect(await world.call(rename)).toBe("sent");
  });
});

describe("the policy", () => {
  const purchase: Change = { operation: createCertificate, params: { ProductId: 25, DomainNum: 1, TimeSpan: 1 } };

  it.each([
    [{ readOnly: true, allowPurchases: true, allow: [], deny: [] }, "in read-only mode"],
    [{ readOnly: false, allowPurchases: false, allow: [], deny: [] }, "Purchases are not enabled"],
    [{ readOnly: false, allowPurchases: true, allow: [], deny: ["Create*"] }, "does not allow this operation"],
    [{ readOnly: false, allowPurchases: true, allow: ["Describe*"], deny: [] }, "does not allow this operation"],
    [{ readOnly: false, allowPurchases: true, allow: ["*"], deny: ["tencent-ssl/*"] }, "does not allow this operation"],
  ])("%j refuses a purchase without asking anybody", async (policy, reason) => {
    const world = new World({ policy });
    expect(await world.call(purchase)).toContain(reason);
    expect([world.asked, world.sent]).toEqual([[], []]);
  });

  it("lets a person be asked about what any of its patterns names", async () => {
    const allow = ["Describe*", "Create*"];
    const world = new World({ policy: { readOnly: false, allowPurchases: true, allow, deny: ["Delete*"] } });
    expect(await world.call(purchase)).toBe("sent");
  });
});
