import { createInterface } from "node:readline";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type ServerProcess, startInitialized } from "../support/server-process.js";

/** What stands on stdin and is no message of the protocol: each has its answer, and the server goes on. */

const reply = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string().optional(),
  result: z.unknown(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});
type Reply = z.output<typeof reply>;

let server: ServerProcess;
let received: Reply[];
async function start(): Promise<ServerProcess> {
  const started = await startInitialized(["--sandbox"]);
  createInterface({ input: started.child.stdout }).on("line", (line) => received.push(reply.parse(JSON.parse(line))));
  return started;
}
// One server for all, as it goes on after each of them.
beforeAll(async () => {
  server = await start();
});
beforeEach(() => {
  received = [];
});
afterAll(() => void server.child.kill("SIGKILL"));

/** What comes back for these bytes: everything before the answer to a ping that stands behind them. */
async function answersTo(bytes: string | Buffer): Promise<Reply[]> {
  const before = received.length;
  server.child.stdin.write(bytes);
  if (bytes.at(-1) !== "\n" && bytes.at(-1) !== 0x0a) server.child.stdin.write("\n");
  const { error } = await server.request("ping");
  expect(error).toBeUndefined();
  return received.slice(before, -1);
}

const shortOf = (replies: readonly Reply[]) => replies.map(({ id, error }) => [error?.code, id]);

const request = (id: unknown, method: string, params?: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, ...(params !== undefined && { params }) });
const ping = request(9, "ping");

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;

describe("a line that is not JSON is answered with a parse error", () => {
  it.each<[string, string | Buffer]>([
    ["garbage", "this is no JSON"],
    ["JSON that breaks off", '{"jsonrpc":"2.0","id":1,'],
    ["two messages on a line", `${ping}${ping}`],
    ["a number that JSON does not have", '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'],
    ["a NUL", "\u0000"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0xfe])],
    [
      "UTF-8 cut off amid an argument",
      Buffer.concat([
        Buffer.from('{"jsonrpc":"2.0","id":9,"method":"\xe4'),
        Buffer.from([0xe2, 0x82]),
        Buffer.from('"}'),
      ]),
    ],
    [
      "a surrogate in UTF-8",
      Buffer.concat([
        Buffer.from('{"jsonrpc":"2.0","id":9,"method":"'),
        Buffer.from([0xed, 0xa0, 0x80]),
        Buffer.from('"}'),
      ]),
    ],
    ["UTF-16", Buffer.from(ping, "utf16le")],
  ])("%s", async (_, bytes) => {
    expect(shortOf(await answersTo(bytes))).toEqual([[PARSE_ERROR, null]]);
  });

  it("and the answer repeats nothing of it", async () => {
    const [answer] = await answersTo('{"secret":"AKIDverysecret');
    expect(JSON.stringify(answer)).not.toContain("AKID");
  });
});

describe("JSON that is no message is answered with an invalid request", () => {
  it.each([
    ["an empty batch", "[]"],
    ["a batch of batches", `[[${ping}]]`],
    ["a batch of too many", `[${Array.from({ length: 51 }, () => ping).join()}]`],
    ["null", "null"],
    ["a number", "5"],
    ["a string", '"x"'],
    ["true", "true"],
    ["an empty object", "{}"],
    ["a request whose id is null", request(null, "ping")],
    ["a request whose id is an object", request({ a: 1 }, "ping")],
    ["a request whose id is a list", request([9], "ping")],
    ["a request whose id is a fraction", request(1.5, "ping")],
    ["a request whose id is beyond every number", '{"jsonrpc":"2.0","id":1e400,"method":"ping"}'],
    ["a method that is a number", '{"jsonrpc":"2.0","id":9,"method":5}'],
    ["a notification whose params are a list", '{"jsonrpc":"2.0","method":"notifications/initialized","params":[1]}'],
  ])("%s", async (_, line) => {
    expect(shortOf(await answersTo(line))).toEqual([[INVALID_REQUEST, null]]);
  });

  it("but a batch is several messages, and each of them is answered by its id", async () => {
    const wrong = request(12, "tools/call", { name: 5 });
    const all = `[${ping},${request(10, "ping")},null,${wrong},{"jsonrpc":"2.0","method":"notifications/initialized"}]`;
    const told = shortOf(await answersTo(all)).sort((a, b) => Number(a[1]) - Number(b[1]));
    expect(told).toEqual([
      [INVALID_REQUEST, null],
      [undefined, 9],
      [undefined, 10],
      [INVALID_PARAMS, 12],
    ]);
  });

  it.each([
    ["without jsonrpc", '{"id":9,"method":"ping"}'],
    ["of another version", '{"jsonrpc":"1.0","id":9,"method":"ping"}'],
    ["whose params are a list", '{"jsonrpc":"2.0","id":9,"method":"ping","params":[1]}'],
    ["with a member that JSON-RPC does not have", '{"jsonrpc":"2.0","id":9,"method":"ping","result":{},"x":1}'],
  ])("with its id, where it has one: a request %s", async (_, line) => {
    expect(shortOf(await answersTo(line))).toEqual([[INVALID_REQUEST, 9]]);
  });

  it("but a response never is, so that two sides do not answer each other's errors for ever", async () => {
    const responses = [
      { jsonrpc: "2.0", id: null, error: { code: PARSE_ERROR, message: "Parse error" } },
      { jsonrpc: "2.0", id: 0, result: 5 },
      { jsonrpc: "2.0", id: 77, error: "no" },
      { jsonrpc: "2.0", id: 77, result: {} },
    ];
    expect(await answersTo(responses.map((response) => JSON.stringify(response)).join("\n"))).toEqual([]);
  });
});

describe("what a line may have around a message", () => {
  it("a carriage return, a byte order mark and blanks change nothing; an empty line is none", async () => {
    const lines = [
      "\r\n",
      "   \n",
      "\n",
      `${request(10, "ping")}\r\n`,
      `\ufeff${request(11, "ping")}\n`,
      `  ${request(12, "ping")} \n`,
    ];
    expect(shortOf(await answersTo(lines.join("")))).toEqual([10, 11, 12].map((id) => [undefined, id]));
  });

  it("a message may come in the smallest pieces, and many in one", async () => {
    for (const byte of Buffer.from(request(10, "ping"))) server.child.stdin.write(Buffer.from([byte]));
    expect(shortOf(await answersTo("\n"))).toEqual([[undefined, 10]]);
    const many = Array.from({ length: 500 }, (_, index) => request(1000 + index, "ping"));
    expect(await answersTo(many.join("\n"))).toHaveLength(500);
  });
});

describe("a message of more than a person's client ever sends is refused before it is parsed", () => {
  const filled = (bytes: number) => ({ filler: "x".repeat(bytes) });

  it.each<[string, string, string | number | null]>([
    ["9 MB, its id first", request(9, "ping", filled(9_000_000)), 9],
    ["30 MB, its id first", request("nine", "ping", filled(30_000_000)), "nine"],
    [
      "5 MB, its id last, as the SDK's client writes it",
      `{"method":"ping","params":${JSON.stringify(filled(5_000_000))},"jsonrpc":"2.0","id":9}`,
      9,
    ],
    ["5 MB of no message", "x".repeat(5_000_000), null],
    [
      "5 MB of a response to a question of the server",
      JSON.stringify({ jsonrpc: "2.0", id: 0, result: filled(5_000_000) }),
      null,
    ],
    ["an id inside the params", `{"params":${JSON.stringify({ ...filled(5_000_000), method: "ping", id: 9 })}}`, null],
    [
      "a million levels",
      `{"jsonrpc":"2.0","id":9,"method":"ping","params":${'{"a":'.repeat(1_000_000)}1${"}".repeat(1_000_000)}}`,
      9,
    ],
    ["100 levels", `{"jsonrpc":"2.0","id":9,"method":"ping","params":${'{"a":'.repeat(100)}1${"}".repeat(100)}}`, 9],
    [
      "100,000 levels of lists that do not end",
      `{"jsonrpc":"2.0","id":9,"method":"ping","params":${"[".repeat(100_000)}`,
      9,
    ],
    ["200,000 values", request(9, "ping", { a: Array.from({ length: 200_000 }, () => ({})) }), 9],
    [
      "200,000 members",
      request(9, "ping", Object.fromEntries(Array.from({ length: 200_000 }, (_, at) => [`k${at}`, 1]))),
      9,
    ],
  ])("%s", async (_, line, id) => {
    expect(shortOf(await answersTo(line))).toEqual([[INVALID_REQUEST, id]]);
  });

  it("10,000 names are not too many", async () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `host-${at}.example.com`);
    expect(shortOf(await answersTo(request(9, "ping", { names })))).toEqual([[undefined, 9]]);
  });

  it("an ordinary large one is not: brackets and commas in a text are no values", async () => {
    const text = `${"[{,".repeat(200_000)}\\"`;
    expect(shortOf(await answersTo(request(9, "ping", { a: text })))).toEqual([[undefined, 9]]);
  });
});

describe("a request that is still being answered", () => {
  it("keeps its id: another one with it is refused, and does not answer the first", async () => {
    const call = (name: string) => request(900, "tools/call", { name, arguments: {} });
    const answers = await answersTo(`${call("find_certificates")}\n${call("list_vault")}`);
    expect(shortOf(answers)).toContainEqual([INVALID_REQUEST, null]);
    while (!received.some(({ id }) => id === 900)) await server.request("ping");
    await server.call("list_vault");
    const own = received.filter(({ id }) => id === 900);
    expect(own).toHaveLength(1);
    expect(JSON.stringify(own[0]?.result)).toContain("certificates");
    // Once it is answered, the id is free.
    expect(shortOf(await answersTo(request(900, "ping")))).toEqual([[undefined, 900]]);
  });

  it("gives its id back when it is taken back, even before the first call is under way", async () => {
    const shared = server;
    server = await start();
    onTestFinished(() => {
      server.child.kill("SIGKILL");
      server = shared;
    });
    const call = request(900, "tools/call", { name: "find_certificates", arguments: {} });
    const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":900}}';
    expect(shortOf(await answersTo(`${call}\n${cancel}\n${request(900, "ping")}`))).toEqual([[undefined, 900]]);
  });
});

const answered = async (line: string) => {
  await answersTo(line);
  // A tool may be answered after a ping that was sent behind it.
  while (!received.some(({ id }) => id === 9)) await server.request("ping");
  return received.filter(({ id }) => id === 9);
};
const toolResult = z.object({ isError: z.boolean().optional(), content: z.array(z.object({ text: z.string() })) });

describe("arguments of a tool that are no object", () => {
  it.each<[string, unknown]>([
    ["null", null],
    ["an empty list", []],
    ["an empty text", ""],
    ["blanks", "  "],
    ["JSON text of an object", "{}"],
    ["JSON text of an empty list", "[]"],
  ])("are taken as none where they can mean nothing else: %s", async (_, given) => {
    const [answer, ...more] = await answered(request(9, "tools/call", { name: "list_vault", arguments: given }));
    expect(more).toEqual([]);
    expect(answer?.error).toBeUndefined();
    expect(toolResult.parse(answer?.result).isError).not.toBe(true);
  });

  it.each<[string, unknown]>([
    ["a list of something", ["x"]],
    ["a text", "x"],
    ["JSON text of a list", '["x"]'],
    ["JSON text that breaks off", '{"a":'],
    ["a number", 5],
    ["false", false],
  ])("are refused in words, and nothing is done: %s", async (_, given) => {
    const [answer, ...more] = await answered(request(9, "tools/call", { name: "list_vault", arguments: given }));
    expect(more).toEqual([]);
    expect(answer?.error).toBeUndefined();
    const { isError, content } = toolResult.parse(answer?.result);
    expect(isError).toBe(true);
    const said = content.map(({ text }) => text).join("");
    expect(said).toContain("The arguments of list_vault do not fit");
    expect(said).toMatch(/Nothing was changed\.\nNext: /);
  });
});

describe("params that are not those of the method are told as such", () => {
  it.each([
    ["no name", "tools/call", {}],
    ["a name that is a number", "tools/call", { name: 5 }],
    ["a URI that is a list", "resources/read", { uri: ["cloudcert://status"] }],
    [
      "a prompt's argument that is a number",
      "prompts/get",
      { name: "rotate_certificate", arguments: { certificate: 5 } },
    ],
    ["a completion of nothing", "completion/complete", { ref: {}, argument: {} }],
  ])("%s", async (_, method, params) => {
    expect(shortOf(await answersTo(request(9, method, params)))).toEqual([[INVALID_PARAMS, 9]]);
  });

  it.each(["__proto__", "constructor", "toString", "LIST_VAULT", "list_vault ", "list_vault\u0000", ""])(
    "a tool named %j",
    async (name) => {
      const { error } = await server.request("tools/call", { name, arguments: {} });
      expect(error).toMatchObject({ code: INVALID_PARAMS });
    },
  );

  it("a tool whose name is as long as a message, or holds what is not shown", async () => {
    const { error } = await server.request("tools/call", { name: `a\u202e\u001b[2J\n${"x".repeat(1_000_000)}` });
    expect(error).toMatchObject({ code: INVALID_PARAMS });
    const said = z.object({ message: z.string() }).parse(error).message;
    expect(said.length).toBeLessThan(300);
    expect(said).toContain('"a<U+202E><U+001B>[2J<U+000A>x');
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "none"])(
    "a completion of a variable named %s has no values",
    async (name) => {
      const argument = { name, value: "" };
      for (const ref of [
        { type: "ref/resource", uri: "cloudcert://certificates/{id}" },
        { type: "ref/prompt", name: "rotate_certificate" },
      ]) {
        const { result } = await server.request("completion/complete", { ref, argument });
        expect(result).toMatchObject({ completion: { values: [] } });
      }
    },
  );

  it.each(["x/y", "__proto__", "constructor", "tasks/list"])("a method named %s", async (method) => {
    expect((await server.request(method)).error).toMatchObject({ code: -32601 });
  });
});
