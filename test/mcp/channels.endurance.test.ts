import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findWaiting, sendDecision, showPlan } from "../../src/approval/terminal/waiting-questions.js";
import { operations } from "../../src/catalogue/index.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { submit } from "../approval/page/support.js";
import { approveIn, openTerminal } from "../approval/terminal/support.js";
import {
  type Assistant,
  offeredToken,
  type Person,
  pointedAt,
  reads,
  startAssistant,
  textOf,
} from "../support/assistant.js";
import { batchesOf } from "../support/batches.js";
import { neededApproval } from "../support/requests.js";
import { prepareSamples, sampleChanges } from "../support/sample-calls.js";

/** Every channel with every operation that changes something, through a real client, down to what the clouds got. */

let sandbox: Sandbox;
/** Undoes what was carried out, so that the next call finds the account as it was. */
let restore: () => void;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
  restore = prepareSamples(sandbox);
});
afterAll(() => sandbox.close());

/** In the cloud's log, those that read details with their key look like the reads of their own plans. */
const changing = operations.filter(({ name, effect }) => neededApproval({ operation: name, effect }));
const typedNames = changing
  .filter(({ effect }) => effect === "destroy" || effect === "purchase")
  .map(({ name }) => name);
const changesSince = (start: number) => sandbox.requests.slice(start).filter(neededApproval);

type Decision = "yes" | "no" | "another name";

/** One way of asking: how the server is started, and how the person decides what waits there. */
interface Way {
  readonly flags: readonly string[];
  person(decision: Decision): Person | null;
  /** Decides what waits; absent where the person answers in the client's own form. */
  decide?(assistant: Assistant, name: string, decision: Decision): Promise<void>;
}

const runtime = mkdtempSync(join(tmpdir(), "cc-run-"));
const nameToType = (text: string) => /^To approve, type (.+)\.$/m.exec(text)?.[1];

const ways: Readonly<Record<string, Way>> = {
  elicit: {
    flags: ["--approve", "elicit"],
    person: (decision) =>
      reads(({ message }) => {
        if (decision === "no") return { action: "decline" };
        const confirm = decision === "yes" ? nameToType(message) : "another name";
        return { action: "accept", content: { approve: true, ...(nameToType(message) && { confirm: confirm ?? "" }) } };
      }),
  },
  page: {
    flags: ["--approve", "page"],
    person: () => null,
    decide: async (assistant, name, decision) => {
      const link = assistant.links(name).at(-1) ?? "";
      const typed = decision === "another name" ? decision : typedBy(name);
      await submit(link, {
        decision: decision === "no" ? "decline" : "approve",
        ...(typed !== undefined && { typed }),
      });
    },
  },
  terminal: {
    flags: ["--approve", "terminal"],
    person: () => null,
    decide: async (_assistant, name, decision) => {
      for (const each of (await findWaiting([join(runtime, "cloudcert-mcp")])).waiting) {
        const plan = (await showPlan(each))?.plan;
        if (plan?.operation !== name) continue;
        const { id: planId } = plan;
        if (decision === "no") await sendDecision(each.socket, { planId, approve: false });
        else await approveIn(await openTerminal(), each, decision === "yes" ? plan.typed : decision);
        return;
      }
      throw new Error(`${name} does not wait`);
    },
  },
};

function typedBy(name: string): string | undefined {
  const operation = changing.find((candidate) => candidate.name === name);
  return operation !== undefined && "confirmationText" in operation
    ? operation.confirmationText?.(sampleChanges[name] ?? {}).toString()
    : undefined;
}

async function ask(assistant: Assistant, way: Way, name: string, decision: Decision): Promise<CallToolResult> {
  restore();
  let deciding: Promise<void> | undefined;
  const reply = await assistant.call(name, sampleChanges[name], () => {
    deciding = way.decide?.(assistant, name, decision);
  });
  await deciding;
  return reply;
}

describe.each(Object.entries(ways))("asked by %s", (_name, way) => {
  async function withAssistant(decision: Decision, work: (assistant: Assistant) => Promise<void>): Promise<void> {
    const { args, env } = pointedAt(sandbox);
    const assistant = await startAssistant([...args, ...way.flags, "--allow-purchases"], {
      env: { ...env, XDG_RUNTIME_DIR: runtime },
      person: way.person(decision),
    });
    await work(assistant);
    await assistant.close();
  }

  it("a yes lets exactly one request through, with exactly the planned arguments", async () => {
    await withAssistant("yes", async (assistant) => {
      for (const { name } of changing) {
        const before = sandbox.requests.length;
        const reply = await ask(assistant, way, name, "yes");
        const params = sampleChanges[name] ?? {};
        expect(changesSince(before), textOf(reply)).toMatchObject([{ operation: name, params }]);
        expect(Object.keys(changesSince(before)[0]?.params ?? {}).sort()).toEqual(Object.keys(params).sort());
      }
    });
  });

  it("a no lets nothing through", async () => {
    const before = sandbox.requests.length;
    for (const some of batchesOf(changing)) {
      await withAssistant("no", async (assistant) => {
        for (const { name } of some) {
          expect(textOf(await ask(assistant, way, name, "no"))).toContain("did not approve");
        }
      });
    }
    expect(changesSince(before)).toEqual([]);
  });

  it("another name than the one to type lets nothing through", async () => {
    const before = sandbox.requests.length;
    for (const names of batchesOf(typedNames)) {
      await withAssistant("another name", async (assistant) => {
        for (const name of names) {
          expect(textOf(await ask(assistant, way, name, "another name"))).toContain("typed something else");
        }
      });
    }
    expect(changesSince(before)).toEqual([]);
  });
});

describe("a person who has not decided yet", () => {
  it("leaves the call waiting; the same call takes up the decision later", async () => {
    const { args, env } = pointedAt(sandbox);
    const assistant = await startAssistant([...args, "--approve", "page", "--approval-wait", "0.1"], {
      env,
      person: null,
    });
    restore();
    const name = "ModifyCertificateAlias";
    const before = sandbox.requests.length;
    const waiting = await assistant.pending(name, sampleChanges[name]);
    expect(waiting).toContain("is waiting for approval");
    expect(changesSince(before)).toEqual([]);
    await ways.page?.decide?.(assistant, name, "yes");
    expect(changesSince(before)).toEqual([]);
    await assistant.call(name, sampleChanges[name]);
    expect(changesSince(before)).toHaveLength(1);
    restore();
    expect(await assistant.pending(name, sampleChanges[name])).toContain("is waiting for approval");
    await assistant.close();
  });
});

describe("a host that approves by token", () => {
  it("gets a token for each change, and the same call with it goes through once", async () => {
    const { args, env } = pointedAt(sandbox);
    const flags = ["--approve", "token", "--token-for-destructive", "--allow-purchases"];
    const assistant = await startAssistant([...args, ...flags], { env, person: null });
    for (const { name } of changing) {
      restore();
      const params = sampleChanges[name] ?? {};
      const before = sandbox.requests.length;
      const approval = offeredToken(await assistant.call(name, params));
      expect(changesSince(before)).toEqual([]);
      await assistant.call(name, { ...params, approval });
      expect(changesSince(before)).toMatchObject([{ operation: name, params }]);
      expect(await assistant.failure(name, { ...params, approval })).toContain("has been used");
      expect(changesSince(before)).toHaveLength(1);
    }
    await assistant.close();
  });

  it("gets none for what cannot be undone, unless the operator said so", async () => {
    const { args, env } = pointedAt(sandbox);
    const assistant = await startAssistant([...args, "--approve", "token", "--allow-purchases"], { env, person: null });
    restore();
    for (const name of typedNames)
      expect(await assistant.failure(name, sampleChanges[name])).toContain("no way to reach");
    await assistant.close();
  });
});

describe("what the model reads when it is refused or has to wait", () => {
  const nobody = { action: "decline" } as const;
  const situations: readonly (readonly [string, readonly string[], Person | null])[] = [
    ["nobody to ask", ["--approve", "elicit"], null],
    ["a client that answers by itself", ["--approve", "elicit"], () => nobody],
    ["a person who declines", ["--approve", "elicit"], reads(() => nobody)],
    ["a page that waits", ["--approve", "page", "--approval-wait", "0.1"], null],
    ["a terminal that waits", ["--approve", "terminal", "--approval-wait", "0.1"], null],
    ["all of them", ["--approval-wait", "0.1"], null],
    ["a policy that excludes it", ["--approve", "elicit", "--deny", "Modify*,Delete*,Create*"], reads(() => nobody)],
    ["purchases that are off", ["--approve", "elicit"], reads(() => nobody)],
  ];

  it.each(situations)("%s: holds nothing that approves or switches off the gate", async (_name, flags, person) => {
    const { args, env } = pointedAt(sandbox);
    const assistant = await startAssistant([...args, ...flags], { env: { ...env, XDG_RUNTIME_DIR: runtime }, person });
    restore();
    for (const name of ["ModifyCertificateAlias", "DeleteCertificate", "CreateCertificate"]) {
      await assistant.call(name, sampleChanges[name]).catch(() => {});
    }
    const read = JSON.stringify(assistant.received.slice(1));
    await assistant.close();
    for (const telling of [/https?:\/\//, /127\.0\.0\.1/, /apr_/, /CLOUDCERT_/, /--[a-z]/, /\.sock/]) {
      expect(read).not.toMatch(telling);
    }
    // The command is for the person, and named where nothing else tells them of the question.
    if (!flags.includes("--approval-wait")) expect(read).not.toMatch(/(?:cli\.js|cloudcert-mcp)['"]? approve/);
  });
});
