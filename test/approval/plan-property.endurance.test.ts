import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import type { GatedCall } from "../../src/approval/call-binding.js";
import type { Channel } from "../../src/approval/channel.js";
import { readCurrentState } from "../../src/approval/current-state/read-current-state.js";
import { Gate } from "../../src/approval/gate.js";
import { approvalPage } from "../../src/approval/page/html.js";
import { type Texts, textsIn } from "../../src/approval/page/texts.js";
import { countOfObjects, headlineOf, type Plan } from "../../src/approval/plan.js";
import { planLines } from "../../src/approval/terminal/layout.js";
import { encodePlan, parsePlan } from "../../src/approval/terminal/protocol.js";
import { type AuditEntry, auditEntry } from "../../src/audit/entry.js";
import { encodeLine, genesis } from "../../src/audit/line.js";
import { operations } from "../../src/catalogue/index.js";
import { MAX_QUESTION_LENGTH } from "../../src/catalogue/naming.js";
import type { Changeable, ChangeOperation } from "../../src/catalogue/operation.js";
import { isSecret } from "../../src/catalogue/params.js";
import { sensitiveValues } from "../../src/catalogue/sensitive.js";
import { modifyHostsCertificate } from "../../src/catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { parseDomainName } from "../../src/lib/domain-name.js";
import { escapeInvisible, inQuotes, safe } from "../../src/lib/safe-text.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { formMessage } from "../../src/mcp/elicitation.js";
import { failed } from "../../src/mcp/reply.js";
import { approveSteps } from "../../src/pipeline/approved-steps.js";
import { isJob, type Step } from "../../src/pipeline/tool.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { countTargets, describeJobCertificate } from "../../src/tools/deployment/targets.js";
import { ownTools } from "../../src/tools/index.js";
import { textOf } from "../support/assistant.js";
import { seenOf } from "../support/form-text.js";
import { patient } from "./current-state/support.js";
import { arbitraryOf, FORGED, hostileText } from "./plan-arbitraries.js";

/**
 * Whatever the arguments, the cloud's replies and the certificates say: what a person is shown begins with what counts,
 * holds nothing that is obeyed instead of shown, and is what would be sent.
 */

/** A failure is told with its seed at once: making it smaller takes longer than a test may. */
const settings = { numRuns: 60, endOnFailure: true };

interface Put {
  readonly plan: Plan;
  /** The same in Chinese. */
  readonly inChinese: Plan;
  readonly entries: readonly AuditEntry[];
  /** What a host that approves by token gets; undefined for what no token can approve. */
  readonly offer: ToolError | undefined;
}

type Reply = Readonly<Record<string, unknown>>;

/** Puts the call before a gate whose channel only looks, then before one that offers a token. */
async function put(
  call: Pick<GatedCall, "operation" | "params">,
  reply: Reply,
  job?: (gate: Gate) => Promise<unknown>,
) {
  const plans: Plan[] = [];
  const entries: AuditEntry[] = [];
  const looks: Channel = {
    outOfBand: true,
    present: async (request) => {
      plans.push(request.plan, request.planIn("zh-CN"));
      request.decide(false, "looks");
      return true;
    },
    close: async () => {},
  };
  const gateWith = (offered: boolean) =>
    new Gate({
      policy: { readOnly: false, allowPurchases: true, allow: [], deny: [] },
      channels: [looks],
      token: { offered, forDestructive: true },
      store: new ApprovalStore({ now: () => new Date(0), elapsed: () => 0 }),
      audit: { append: async (entry) => void entries.push(auditEntry.parse(entry)) },
      readCurrentState: ({ operation, params }) =>
        readCurrentState(operation.plannedChanges(params), async () => reply, patient),
      wait: 1,
      log: () => {},
    });
  const gated: GatedCall = { ...call, ...rest };
  const end = async (gate: Gate) => {
    const work = job === undefined ? gate.approve(gated) : job(gate);
    const failure = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(failure instanceof ToolError)) throw failure ?? new Error("nobody approved, and yet it went through");
    return failure;
  };
  await end(gateWith(false));
  const offer = call.operation.outOfBand ? undefined : await end(gateWith(true));
  const [plan, inChinese] = plans;
  // What such a reply says may leave nothing to do.
  if (plan === undefined) fc.pre(offer?.details.happened.includes("nobody was asked") !== true);
  if (plan === undefined || inChinese === undefined) throw new Error("nobody was asked");
  return { plan, inChinese, entries, offer };
}

const { signal } = new AbortController();
const rest = {
  account: "AKIDabcdefghijklmnop9xYz",
  redactor: new Redactor([]),
  caller: { progress: () => {}, signal, sending: signal },
  approval: undefined,
};

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const textOfPage = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? "");
const page = (plan: Plan, texts: Texts) =>
  textOfPage(approvalPage(plan, "token", new Date(0), texts).text).replace(/^\s+/, "");

/** What a person sees of a plan in their language. */
function seen(plan: Plan) {
  const { effect, objects } = headlineOf(plan);
  const { language } = plan;
  return [
    { name: `form ${language}`, text: seenOf(formMessage(plan)) },
    { name: `terminal ${language}`, text: planLines(plan, { width: 80, paint: (_, text) => text }).join("\n") },
    { name: `page ${language}`, text: page(plan, textsIn[language]) },
  ].map((place) => ({ ...place, plan, says: [effect, objects] }));
}

/** What each way of asking shows, and how it says the effect and the count. */
function shown({ plan, inChinese, entries, offer }: Put) {
  const { effect, objects } = headlineOf(plan);
  const count = countOfObjects(plan);
  const line = encodeLine(
    genesis,
    { at: "2026-11-22T10:36:05.123Z", pid: 1 },
    z.custom<AuditEntry>().parse(entries[0]),
  );
  return [
    ...[plan, inChinese].flatMap((each) => seen(each)),
    {
      name: "audit line",
      text: unescaped(line.bytes.toString().trimEnd()),
      plan,
      says: [`"effect":"${plan.effect}"`, `"objects":${count}`],
    },
    ...(offer === undefined
      ? []
      : [{ name: "token reply", text: unescaped(textOf(failed(offer.details))), plan, says: [effect, objects] }]),
  ];
}

/** A line of JSON as it is read: its escapes are one character each. */
const unescaped = (json: string) => json.replace(/\\(.)/g, "$1");

const squeezed = (text: string) => text.replace(/\s/g, "");
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const obeyed = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** What stands outside quotation marks. */
const ownPart = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"/g, "").replace(/"[^"]*$/, "");

function check(result: Put): void {
  const { plan, inChinese } = result;
  expect(plan.question).toMatch(/^[A-Z][a-z]+ .*[^…]\?$/);
  // It begins with a Chinese character, whatever the names are.
  expect(inChinese.question).toMatch(/^\p{Script=Han}.*[^…]？$/u);
  for (const { name, text, says, plan: put } of shown(result)) {
    const { question } = headlineOf(put);
    const [warning = ""] = put.warnings;
    const start = squeezed(text.slice(0, 600));
    for (const part of [question, ...says, warning.slice(0, 120)]) expect(start, name).toContain(squeezed(part));
    expect(text, name).not.toMatch(obeyed);
  }
  for (const each of [plan, inChinese]) checkTexts(each);
  const { language, title, where, environment, account, question, warnings, rows, facts, details, ...same } = inChinese;
  expect(plan).toMatchObject(same);
  expect([rows.length, facts.length, details.length, warnings.length]).toEqual([
    plan.rows.length,
    plan.facts.length,
    plan.details.length,
    plan.warnings.length,
  ]);
}

/** Nothing that others wrote stands among our own words. */
function checkTexts(plan: Plan): void {
  const { question } = headlineOf(plan);
  expect(question.length).toBeLessThanOrEqual(MAX_QUESTION_LENGTH);
  const texts = [
    ...plan.warnings,
    question,
    ...[...plan.facts, ...plan.details].flat(),
    ...plan.rows.flatMap((row) => Object.values(row)),
  ];
  for (const text of texts) expect(ownPart(text)).not.toContain(FORGED);
  expect(parsePlan(encodePlan(plan))).toEqual(plan);
}

/** Every argument stands in the details as it is, its beginning and digest, or, where it is a secret, in neither. */
function checkArguments({ plan }: Put, { operation, params }: Pick<GatedCall, "operation" | "params">): void {
  const sensitive = sensitiveValues(operation.params, params);
  const paths = new Map(sensitive.map(({ path, content }) => [path, content]));
  const values = plan.details.map(([, value]) => value);
  const exact = new Set(values.flatMap((value) => [value, value.replace(/, that is .*$| \(shown as .*$/, "")]));
  let counted = 0;
  for (const [path, value] of leavesOf(params)) {
    counted += 1;
    const content = paths.get(path);
    if (content !== undefined) continue;
    if (typeof value !== "string") expect(exact).toContain(typeof value === "object" ? "empty" : String(value));
    // Of a name, nothing is left out.
    else if (value.length > 200 && parseDomainName(value) === undefined)
      expect(values.join("\n")).toContain(`… (${value.length} characters, SHA-256 `);
    else
      expect(exact.has(escapeInvisible(value)) || exact.has(escapeInvisible(String(inQuotes(value)))), value).toBe(
        true,
      );
  }
  const said = plan.details.map(([name]) =>
    [...name.matchAll(/ and (\d+) more/g)].reduce((all, [, more]) => all * (Number(more) + 1), 1),
  );
  expect(said.reduce((sum, each) => sum + each, 0)).toBe(counted);
  expect(plan.digest).toMatch(/^[0-9a-f]{64}$/);
  const words = JSON.stringify(plan);
  for (const { content, value } of sensitive) {
    if (isSecret(content)) expect(words).not.toContain(value);
  }
}

function leavesOf(value: unknown, path = ""): [string, unknown][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, path === "" ? name : `${path}.${name}`));
}

const hostileReply: fc.Arbitrary<Reply> = fc.record({
  Domain: hostileText,
  SubjectAltName: fc.array(hostileText, { maxLength: 3 }),
  Alias: hostileText,
  ProjectId: hostileText,
  CertEndTime: hostileText,
  CertFingerprint: hostileText,
  CertChainInfo: fc.array(fc.record({ Issuer: hostileText, Fingerprint: hostileText }), { maxLength: 2 }),
  SubmittedData: fc.record({ CsrType: hostileText, CertificateDomain: hostileText, OrganizationName: hostileText }),
  InstanceList: fc.array(fc.record({ Host: hostileText, ZoneId: hostileText, CertId: hostileText }), { maxLength: 2 }),
  Organization: hostileText,
  Email: hostileText,
  Remarks: hostileText,
  EncryptAlgo: hostileText,
});

const changing = operations.flatMap((operation): [string, Changeable][] =>
  operation.effect === "read" ? [] : [[operation.name, operation]],
);
const ownChanges = ownTools.flatMap((tool): [string, Changeable][] =>
  isJob(tool) || tool.effect === "read" ? [] : [[tool.name, tool]],
);

const argumentsOf = (operation: Changeable) =>
  arbitraryOf(operation.params)
    .map((given) => operation.params.safeParse(JSON.parse(JSON.stringify(given))))
    .filter(({ success }) => success)
    .map(({ data }): Readonly<Record<string, unknown>> => z.record(z.unknown()).parse(data))
    .filter((params) => isAsked(operation, params));

/** Files without a name are refused before there is a question. */
function isAsked(operation: Changeable, params: Readonly<Record<string, unknown>>): boolean {
  try {
    return String(operation.approvalQuestion(params)) !== "";
  } catch (error) {
    if (error instanceof ToolError) return false;
    throw error;
  }
}

describe("a plan shows what counts first, and all that is sent", () => {
  it.each([...changing, ...ownChanges])("%s", async (_name, operation) => {
    await fc.assert(
      fc.asyncProperty(argumentsOf(operation), hostileReply, async (params, reply) => {
        expect(operation.approvalQuestion(params).length).toBeLessThanOrEqual(MAX_QUESTION_LENGTH);
        const result = await put({ operation, params }, reply);
        check(result);
        checkArguments(result, { operation, params });
      }),
      settings,
    );
  });

  const parts = operations.filter((operation): operation is ChangeOperation => operation.effect !== "read");
  const partNamed = (name: string) => parts.find((part) => part.name === name) ?? modifyHostsCertificate;
  const step = fc
    .constantFrom(...parts.map(({ name }) => name))
    .chain((name) => argumentsOf(partNamed(name)).map((params) => ({ name, params })));
  const certificate = fc.record({
    names: fc.array(hostileText, { minLength: 1, maxLength: 100 }),
    notAfter: hostileText,
  });

  it("a job of any steps", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 5 }),
        certificate,
        hostileReply,
        async (given, meant, reply) => {
          const steps: Step[] = given.map(({ name, params }, index) => ({
            name: `Target ${index + 1}`,
            operation: partNamed(name),
            params,
          }));
          const [tool] = ownTools.filter(isJob);
          if (tool === undefined) throw new Error("there is no job");
          const undertaking = {
            question: safe`Serve the certificate for ${describeJobCertificate(meant)} on ${countTargets(steps.length, 50)}?`,
            steps,
            warnings: [],
          };
          const ground = {
            addSecrets: () => {},
            report: () => {},
            cloud: {
              exclusionOf: () => undefined,
              signersFor: () => ({ tencent: rest.account }),
              signerChange: () => undefined,
              sendApproved: () => Promise.reject(new Error("nothing is sent")),
            },
            operations: parts,
            now: () => new Date(0),
            read: async () => ({}),
            tlsCheck: { roots: [] },
            storeReplySecrets: (_: unknown, result: Reply) => ({ result, notes: [] }),
          };
          const call = { params: {}, ...rest };
          const job = (gate: Gate) => approveSteps(tool, undertaking, call, { ...ground, gate });
          const schema = z.object(Object.fromEntries(steps.map(({ name, operation }) => [name, operation.params])));
          const first = modifyHostsCertificate;
          const result = await put({ operation: first, params: {} }, reply, job).catch((error: unknown) => {
            // Preflight refuses what the cloud would refuse for certain: nobody is asked then.
            if (error instanceof Error && error.message === "nobody was asked") return undefined;
            throw error;
          });
          fc.pre(result !== undefined);
          if (result === undefined) return;
          check(result);
          const params = Object.fromEntries(steps.map((each) => [each.name, each.params]));
          checkArguments(result, { operation: { ...first, params: schema }, params });
        },
      ),
      settings,
    );
  });
});
