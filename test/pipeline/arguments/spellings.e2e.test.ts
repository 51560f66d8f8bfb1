import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { pointedAt } from "../../support/assistant.js";
import { sampleChanges } from "../../support/sample-calls.js";
import { type ServerProcess, startInitialized } from "../../support/server-process.js";
import { ofRows, rows } from "../../support/width.js";

/**
 * Arguments as real clients and models send them, each with the public report in which it was seen. They go over stdio as
 * they stand, past any client library that would put them right; what counts is what reaches the cloud, or what is asked.
 */

let sandbox: Sandbox;
let server: ServerProcess;

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 60 });
  const { args, env } = pointedAt(sandbox);
  server = await startInitialized([...args, "--approve", "token"], env);
});
afterAll(async () => {
  server.child.stdin.end();
  await server.ended();
  await sandbox.close();
});

const result = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.object({ text: z.string() })),
  structuredContent: z.unknown(),
});

async function call(tool: string, args: unknown) {
  const before = sandbox.requests.length;
  const reply = await server.request("tools/call", { name: tool, arguments: args });
  expect(reply.error, "no protocol error").toBeUndefined();
  const { isError, content, structuredContent } = result.parse(reply.result);
  const sent = sandbox.requests.slice(before).map(({ operation, params }) => ({ operation, params }));
  return { isError, text: content.map(({ text }) => text).join(""), structure: structuredContent, sent };
}

const plan = z.object({ approval: z.object({ plan: z.object({ id: z.string() }).passthrough() }) });

/** What a person would be shown, without the number that each plan has of its own. */
function planned({ structure, text }: Awaited<ReturnType<typeof call>>) {
  const parsed = plan.safeParse(structure);
  expect(parsed.success, text).toBe(true);
  return { ...parsed.data?.approval.plan, id: "" };
}

/** Sent in this spelling, and what a client that follows the schema sends for the same. */
type Taken = readonly [source: string, tool: string, sent: unknown, means: Record<string, unknown>];

const list = "DescribeCertificates";

const reads: readonly Taken[] = [
  // What clients add.
  ["cline/cline#8256", list, { Limit: 1, task_progress: "- [x] looked" }, { Limit: 1 }],
  ["cline/cline#9919, a tool without parameters", "list_vault", { task_progress: "- [ ] next" }, {}],
  ["n8n-io/n8n#21500", list, { Limit: 1, toolCallId: "call_0BCIShth4lxZuYr4coSp4E5E" }, { Limit: 1 }],
  [
    "n8n-io/n8n#22787",
    list,
    { Limit: 1, sessionId: "f0e", action: "sendMessage", chatInput: "list them", toolCallId: "c1" },
    { Limit: 1 },
  ],
  ["google-gemini/gemini-cli#27403", list, { Limit: 1, wait_for_previous: true }, { Limit: 1 }],
  ["cyanheads/mcp-ts-core#453, _meta", list, { Limit: 1, _meta: { progressToken: 3 } }, { Limit: 1 }],
  ["cyanheads/mcp-ts-core#453, a description", list, { Limit: 1, tool_call_description: "Lists" }, { Limit: 1 }],
  ["cyanheads/mcp-ts-core#453, a placeholder", list, { _as_extra: {}, Limit: 1 }, { Limit: 1 }],
  ["code-yeongyu/oh-my-openagent#639", "list_vault", { _placeholder: true }, {}],
  ["Cursor, a tool without parameters", "list_vault", { random_string: "dummy" }, {}],
  ["Kiro CLI 2.x", list, { Limit: 1, __tool_use_purpose: "List certificates" }, { Limit: 1 }],
  ["OpenHands/software-agent-sdk#300", list, { Limit: 1, security_risk: "LOW", summary: "list" }, { Limit: 1 }],
  ["dmeiser/nextdns-mcp#29", list, { Limit: 1, reasoning: "to see what there is" }, { Limit: 1 }],
  // Nothing, in several ways.
  ["sipeed/picoclaw#2600, KeeperHub/keeperhub#2108", list, null, {}],
  ["modelcontextprotocol/php-sdk#284", list, [], {}],
  ["cline/cline#10568, an empty tag", list, "", {}],
  ["null as text", list, "null", {}],
  [
    "NVIDIA/NeMo-Agent-Toolkit#1269",
    list,
    { SearchKey: "example", Limit: null, Offset: null },
    { SearchKey: "example" },
  ],
  ["danny-avila/LibreChat#11905", list, { SearchKey: null, CertIds: null, Tags: null }, {}],
  ["coder/xum#2887", list, { SearchKey: "", ProjectId: "", Limit: "", CertificateType: "" }, {}],
  ["anthropics/claude-code#95239", list, { Limit: "null", CertIds: "null", Deployable: "None" }, {}],
  ["our own argument, in another letter case", list, { Limit: 1, detail: "FULL" }, { Limit: 1, detail: "full" }],
  ["our own argument, left out", list, { Limit: 1, detail: "none" }, { Limit: 1 }],
  // JSON as text.
  ["modelcontextprotocol/python-sdk#820", list, '{"Limit":2}', { Limit: 2 }],
  [
    "junjiem/dify-plugin-tools-mcp_sse#121",
    list,
    '{"SearchKey": "example", "Limit": 2}',
    { SearchKey: "example", Limit: 2 },
  ],
  ["anthropics/claude-code#22394", list, { CertIds: '["AyqfDJN3"]' }, { CertIds: ["AyqfDJN3"] }],
  ["punkpeye/mcp-remote#319", list, { CertIds: '["AyqfDJN3", "fpIhH9PM"]' }, { CertIds: ["AyqfDJN3", "fpIhH9PM"] }],
  [
    "netclaw-dev/netclaw#1093, with line breaks",
    list,
    { Tags: '[\n  {\n    "TagKey": "env",\n    "TagValue": "prod"\n  }\n]' },
    { Tags: [{ TagKey: "env", TagValue: "prod" }] },
  ],
  // One value, or several in one text, for a list.
  ["teng-lin/notebooklm-py#1680, one value", list, { CertIds: "AyqfDJN3" }, { CertIds: ["AyqfDJN3"] }],
  [
    "jacob-bd/gemini-notebook-mcp-cli#296, commas",
    list,
    { CertIds: "AyqfDJN3, fpIhH9PM" },
    { CertIds: ["AyqfDJN3", "fpIhH9PM"] },
  ],
  ["basicmachines-co/basic-memory#657, numbers", list, { CertificateStatus: 1 }, { CertificateStatus: [1] }],
  [
    "homeassistant-ai/ha-mcp#218, numbers as text",
    list,
    { CertificateStatus: '["1", "3"]' },
    { CertificateStatus: [1, 3] },
  ],
  // Numbers and booleans as text.
  ["QwenLM/qwen-code#4966", list, { Limit: "3" }, { Limit: 3 }],
  ["OpenHands/OpenHands#8448", list, { Limit: "540", Offset: "0" }, { Limit: 540, Offset: 0 }],
  ["langgenius/dify#22466, a fraction", list, { Limit: "5.0" }, { Limit: 5 }],
  ["NousResearch/hermes-agent#78335, 3.0 is 3", list, { Limit: 3.0 }, { Limit: 3 }],
  ["anthropics/claude-code#91803, true for 1", list, { Deployable: "True" }, { Deployable: 1 }],
];

describe.each(rows(reads, 20))("%s", ofRows, (_source, tool, sent, means) => {
  it(`${tool} ${JSON.stringify(sent)}`, async () => {
    const [spelt, plainly] = [await call(tool, sent), await call(tool, means)];
    expect(spelt.isError, spelt.text).toBe(false);
    expect(spelt.sent).toEqual(plainly.sent);
  });
});

describe("a text that says nothing", () => {
  const noted = z.object({ notes: z.array(z.string()) });

  it.each([
    [list, { Limit: 1, CertIds: ["null"] }, { Limit: 1 }, ["CertIds"]],
    [list, { Limit: 1, CertIds: '["None"]', ProjectId: ["null"] }, { Limit: 1 }, ["CertIds", "ProjectId"]],
    ["DescribeHostUpdateRecord", { CertificateId: "null", OldCertificateId: "undefined" }, {}, ["CertificateId"]],
  ])("is no id, no domain and no service: %s %j", async (tool, sent, means, leftOut) => {
    const [spelt, plainly] = [await call(tool, sent), await call(tool, means)];
    expect(spelt.isError, spelt.text).toBe(false);
    expect(spelt.sent.map(({ params }) => params)).toEqual(plainly.sent.map(({ params }) => params));
    const { notes } = noted.parse(spelt.structure);
    for (const path of leftOut) expect(notes[0]).toMatch(new RegExp(`^Left out, because .*\\b${path}\\b`));
  });

  it("does not hide what there is", async () => {
    const found = await call("find_certificates", { domain: "null", certificate_id: "None", service: "null" });
    expect(z.object({ matching: z.number() }).parse(found.structure).matching).toBeGreaterThan(0);
    expect(noted.parse(found.structure).notes[0]).toMatch(/^Left out, .*: domain, certificate_id, service\.$/);
  });

  it("does not stand in the way of the argument that is given instead", async () => {
    const sent = { certificate: "x", certificate_id: "null", private_key: "null", domains: ["null"] };
    const { text } = await call("inspect_certificate", sent);
    // The certificate was looked at, and nothing else.
    expect(text).toContain("certificate: it is neither a reference nor a certificate in PEM");
    const off = { domains: ["img.example.com"], zone_id: "null", service: "None" };
    expect((await call("turn_off_https", off)).text).not.toContain("null");
  });

  it("may be what a person chose, and is then used, with a word about it", async () => {
    const { structure, sent } = await call(list, { SearchKey: "null" });
    expect(sent).toMatchObject([{ params: { SearchKey: "null" } }]);
    expect(noted.parse(structure).notes).toContainEqual(expect.stringContaining('the text of SearchKey ("null")'));
  });

  it("is refused where something is needed", async () => {
    expect((await call("turn_off_https", { domains: ["null"] })).text).toContain('"null" is no domain name');
  });
});

/** The rest of a call whose plan is compared: nothing is sent before it is approved. */
const otherwise: Readonly<Record<string, Record<string, unknown>>> = {
  ModifyHostsCertificate: sampleChanges.ModifyHostsCertificate ?? {},
  CreateCSR: sampleChanges.CreateCSR ?? {},
  UpdateDomainHttpsCert: { project_id: "sandboxproject", domain: "play.example.com" },
};

type Members = Record<string, unknown>;
const changes: readonly (readonly [source: string, tool: string, sent: Members, means: Members])[] = [
  ["anthropics/claude-code#29104", "CreateCSR", { Generate: "true" }, { Generate: true }],
  ["nteract/nteract#1678", "CreateCSR", { Generate: "False" }, { Generate: false }],
  ["anthropics/claude-code#59227", "ModifyHostsCertificate", { Hosts: '["www.example.com"]' }, {}],
  ["1Panel-dev/MaxKB#3360", "ModifyHostsCertificate", { Hosts: "www.example.com" }, {}],
  [
    "redhat-data-and-ai/template-agent#249, an object as text",
    "ModifyHostsCertificate",
    { ClientCertInfo: '{"Switch":"off","CertInfos":null}' },
    { ClientCertInfo: { Switch: "off" } },
  ],
  [
    "openclaw/openclaw#96729, null further in",
    "ModifyHostsCertificate",
    { UpstreamCertInfo: { UpstreamMutualTLS: null, UpstreamCertificateVerify: null } },
    {},
  ],
  ["anomalyco/opencode#32812, an object left out as text", "ModifyHostsCertificate", { ClientCertInfo: "" }, {}],
  ["coder/xum#2887, an approval left out", "ModifyHostsCertificate", { approval: "" }, {}],
  [
    "tradesdontlie/tradingview-mcp#528: false is not true",
    "UpdateDomainHttpsCert",
    { force_redirect: "false", tls_certificate: '{"source":"scm","cert_id":"scs1600000000000"}' },
    { force_redirect: false, tls_certificate: { source: "scm", cert_id: "scs1600000000000" } },
  ],
];

describe.each(changes)("%s", (_source, tool, sent, means) => {
  it(`${tool} ${JSON.stringify(sent)}`, async () => {
    const spelt = planned(await call(tool, { ...otherwise[tool], ...sent }));
    expect(spelt).toEqual(planned(await call(tool, { ...otherwise[tool], ...means })));
  });
});

/** What cannot be taken as meant is answered with what to send, and nothing of it reaches a cloud. */
const refused: readonly (readonly [source: string, tool: string, sent: unknown, says: string])[] = [
  ["modelcontextprotocol/python-sdk#3067, a slip", list, { limt: 1 }, "did you mean Limit?"],
  [
    "GitNexus#3261, another case style",
    "find_certificates",
    { expiresWithinDays: 30 },
    "did you mean expires_within_days?",
  ],
  [
    "mongodb-js/mongodb-mcp-server#1369, nested",
    "ModifyHostsCertificate",
    { ...otherwise.ModifyHostsCertificate, ServerCertInfo: [{ CertID: "a" }] },
    "did you mean CertId?",
  ],
  [
    "a name that clients add, near one that the tool has",
    "ReplaceCertificate",
    { CertificateId: "a", reason: "leak" },
    "did you mean Reason?",
  ],
  ["our own argument, with a value that it has not", list, { detail: "everything" }, "detail: Invalid enum value"],
  ["our own argument, of another type", "CreateCSR", { approval: { token: "a" } }, "approval: Expected string"],
  ["morluto/flameox#30, no parameters at all", "list_vault", { typo: true }, "(known: none)"],
  [
    "firecrawl/firecrawl-mcp-server#279, an envelope",
    list,
    { name: list, arguments: { Limit: 1 } },
    "send what is in it as the arguments themselves",
  ],
  ["XiaomiMiMo/MiMo-Code#1658, text that is cut", list, '{"Limit": ', "send what is in it as the arguments themselves"],
  [
    "cq27-dev/rag-rat#130, rounded on the way",
    "ModifyCSR",
    { CSRId: 2 ** 61, Generate: false },
    "CSRId: the number is beyond 2^53",
  ],
  [
    "oceanbase/powercontext#1098, as text",
    "ModifyCSR",
    { CSRId: "725653563933458432", Generate: false },
    "CSRId: the number is beyond 2^53",
  ],
  [
    "cline/cline#9589, inside JSON text",
    "BatchDeleteCSR",
    { CSRIds: "[7960607143101464576]" },
    "CSRIds.0: the number is beyond 2^53",
  ],
  [
    "anthropics/claude-code#32524, a number for text",
    "DescribeCertificate",
    { CertificateId: 12345678 },
    "CertificateId: Expected string, received number; send text in quotation marks",
  ],
  [
    "0xMassi/webclaw#65: 1 is no boolean",
    "find_certificates",
    { unbound: "1" },
    "unbound: Expected boolean, received string; send true or false",
  ],
  [
    "jerichosequitin/metabase-mcp#39, 12px",
    list,
    { Limit: "12px" },
    "Limit: Expected number, received string; send a whole number",
  ],
  [
    "an id in place of a list of objects",
    "ModifyHostsCertificate",
    { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "sslcert", ServerCertInfo: "AyqfDJN3" },
    'ServerCertInfo: Expected array, received string; send a JSON array of objects, such as [{"CertId": …}], not its text',
  ],
  [
    "a list as Python writes it",
    list,
    { CertIds: "['a', 'b']" },
    "CertIds: Expected array, received string; send a JSON array",
  ],
];

describe.each(refused)("%s", (_source, tool, sent, says) => {
  it(`${tool} ${JSON.stringify(sent)}`, async () => {
    const reply = await call(tool, sent);
    expect(reply.isError).toBe(true);
    expect(reply.text).toContain(says);
    expect(reply.text).toContain("Nothing was changed.");
    expect(reply.sent).toEqual([]);
  });
});

it("many and very long names are refused without looking long for what they resemble", async () => {
  const names = Array.from({ length: 900 }, (_, index) => [`Limit${index}`, 1] as const);
  const many = await call(list, Object.fromEntries(names));
  expect(many.text).toContain("and 892 more (known: ");
  expect((await call(list, { ["L".repeat(1_000_000)]: 1 })).isError).toBe(true);
});

it("each row is another one", () => {
  const spellings = [...reads, ...changes, ...refused].map(([, tool, sent]) => JSON.stringify([tool, sent]));
  expect(spellings.filter((spelling, index) => spellings.indexOf(spelling) !== index)).toEqual([]);
});
