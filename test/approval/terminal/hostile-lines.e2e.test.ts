import { execFileSync } from "node:child_process";
import { chownSync, linkSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { MAX_LISTED, MAX_PLAN, MAX_REPLY } from "../../../src/approval/terminal/protocol.js";
import {
  findWaiting,
  requestCode,
  sendDecision,
  showPlan,
  type WaitingQuestion,
} from "../../../src/approval/terminal/waiting-questions.js";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { cli, pointedAt, startAssistant, textOf } from "../../support/assistant.js";
import { neededApproval } from "../../support/requests.js";
import { sampleChanges } from "../../support/sample-calls.js";
import { wide } from "../../support/width.js";
import {
  approveIn,
  inTerminal,
  newDirectory,
  openChannel,
  openTerminal,
  requestOf,
  startApprove,
  typeApproval,
} from "./support.js";

/** The terminal's socket: whoever can write to it is not thereby the person at a terminal. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
});
afterAll(() => sandbox.close());

const operation = "ModifyCertificateAlias";
const changesSince = (start: number) => sandbox.requests.slice(start).filter(neededApproval);

let calls = 0;

/** A server that asks in terminals, and one call that waits there. */
async function withWaitingCall(seconds = 20) {
  const home = mkdtempSync(join(tmpdir(), "cc-home-"));
  const { args, env } = pointedAt(sandbox);
  const place = { HOME: home, XDG_STATE_HOME: join(home, "state"), XDG_RUNTIME_DIR: home };
  const flags = [...args, "--approve", "terminal", "--approval-wait", String(seconds)];
  const assistant = await startAssistant(flags, { env: { ...env, ...place }, person: null });
  const before = sandbox.requests.length;
  let reply: Promise<string> = Promise.resolve("");
  // A remark that the certificate has already is nothing to ask about.
  const change = { ...sampleChanges[operation], Alias: `remark ${++calls}` };
  await new Promise<void>((asked) => {
    reply = assistant.call(operation, change, asked).then(textOf);
  });
  const directory = join(home, "cloudcert-mcp");
  return { assistant, reply, before, place, directory, waiting: await only(directory) };
}

async function only(directory: string): Promise<WaitingQuestion> {
  const [waiting, ...others] = (await findWaiting([directory])).waiting;
  if (waiting === undefined || others.length > 0) throw new Error("not one request waits");
  return waiting;
}

/** What comes back for a line, whoever writes it. */
function say(socket: string, line: string | object): Promise<string> {
  const connection = connect(socket);
  connection.on("error", () => {});
  connection.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  return text(connection);
}

/** A channel with these questions, in this process. */
async function channelWith(...plans: Parameters<typeof requestOf>[0][]) {
  const directory = newDirectory();
  const logged: string[] = [];
  const channel = openChannel([directory], { logged });
  const requests = plans.map((plan, at) => requestOf({ id: `plan-${at}`, ...plan }));
  for (const request of requests) await channel.present(request);
  const { waiting } = await findWaiting([directory]);
  const [first] = waiting;
  if (first === undefined) throw new Error("nothing waits");
  return { directory, channel, requests, waiting, first, logged };
}

describe("a line on the socket", () => {
  it("approves nothing without the code, however it is put, and after three wrong ones nothing does", async () => {
    const { assistant, before, waiting } = await withWaitingCall();
    const { socket, plan } = waiting;
    const digest = (await showPlan(waiting))?.digest;
    const decide = { ask: "decide", planId: plan.id, approve: true };
    const answers: string[] = [];
    for (const more of [{}, { code: "" }, { code: "AAAAAA", digest }, { code: "BBBBBB", digest }]) {
      answers.push(await say(socket, { ...decide, ...more }));
    }
    expect(answers.map((answer) => JSON.parse(answer))).toEqual(
      ["wrong code", "wrong code", "no more codes", "no more codes"].map((outcome) => ({ outcome })),
    );
    expect(await requestCode(waiting, (await openTerminal()).device)).toBe("closed");
    expect((await findWaiting([join(socket, "..")])).waiting).toEqual([]);
    expect(changesSince(before)).toEqual([]);
    expect(assistant.stderr()).toContain("too many wrong codes");
    await assistant.close();
  });

  it("is not answered with the code, which goes to the terminal alone", wide, async () => {
    const { assistant, reply, before, waiting } = await withWaitingCall();
    const terminal = await openTerminal();
    const { id: planId } = waiting.plan;
    const answer = await say(waiting.socket, { ask: "code", planId, device: terminal.device });
    expect(JSON.parse(answer)).toEqual({ code: "written" });
    const code = await terminal.code();
    for (const ask of [{ ask: "what waits" }, { ask: "show", planId }, { ask: "is open", planId }]) {
      expect(await say(waiting.socket, ask)).not.toContain(code);
    }
    expect(assistant.stderr()).not.toContain(code);
    const digest = (await showPlan(waiting))?.digest ?? "";
    expect(await sendDecision(waiting.socket, { planId, approve: true, code, digest })).toBe("counted");
    expect(await reply).not.toContain("was not carried out");
    expect(changesSince(before)).toMatchObject([{ operation }]);
    expect(JSON.stringify(assistant.received)).not.toContain(code);
    await assistant.close();
  });

  it("declines without one", async () => {
    const { assistant, reply, before, waiting } = await withWaitingCall();
    const { socket, plan } = waiting;
    expect(await sendDecision(socket, { planId: plan.id, approve: false })).toBe("counted");
    expect(await reply).toContain("did not approve");
    expect(changesSince(before)).toEqual([]);
    await assistant.close();
  });
});

describe("a code", () => {
  it("is for its own question and for what was shown of it, the newest only, and once", async () => {
    const { requests, waiting, first } = await channelWith({}, {}, {}, {});
    const [, second = first, third = first, fourth = first] = waiting;
    const terminal = await openTerminal();
    const codeOf = async (each: WaitingQuestion) => {
      expect(await requestCode(each, terminal.device)).toBe("written");
      return terminal.code();
    };
    const decide = async (each: WaitingQuestion, code: string, digest?: string) =>
      sendDecision(each.socket, {
        planId: each.plan.id,
        approve: true,
        code,
        digest: digest ?? (await showPlan(each))?.digest ?? "",
      });
    // Of another question.
    expect(await decide(second, await codeOf(first))).toBe("wrong code");
    // For another plan than the one that is shown.
    expect(await decide(first, await codeOf(first), (await showPlan(second))?.digest)).toBe("wrong code");
    // Replaced by a newer one.
    const old = await codeOf(third);
    const fresh = await codeOf(third);
    expect(await decide(third, old)).toBe("wrong code");
    expect(await decide(third, fresh)).toBe("counted");
    expect(await decide(third, fresh)).toBe("decided elsewhere");
    // After its question.
    const late = await codeOf(fourth);
    requests[3]?.dismiss("test");
    expect(await decide(fourth, late)).toBe("decided elsewhere");
    expect(requests.map(({ verdict }) => verdict)).toEqual([undefined, undefined, "approved", "dismissed"]);
  });

  it("differs each time, and is not written without end", async () => {
    const { first } = await channelWith({});
    const terminal = await openTerminal();
    const codes = new Set<string>();
    for (let count = 0; count < 10; count += 1) {
      expect(await requestCode(first, terminal.device)).toBe("written");
      codes.add(await terminal.code());
    }
    expect(codes.size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
    expect(await requestCode(first, terminal.device)).toBe("no more");
  });

  it("stands beside nothing that its terminal would obey", async () => {
    const { first } = await channelWith({ question: `Delete\x1b[2J\x07\u202e it\r\n?${"x".repeat(5_000)}` });
    const terminal = await openTerminal();
    await requestCode(first, terminal.device);
    await terminal.code();
    await terminal.until("characters)");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(terminal.screen().replaceAll("\r\n", "")).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    expect(terminal.screen().length).toBeLessThan(500);
  });
});

describe("a path that is not that of a terminal of this user", () => {
  const folder = mkdtempSync(join(tmpdir(), "cc-device-"));
  const inFolder = (name: string) => join(folder, name);

  it.each<[string, () => string | Promise<string>]>([
    ["a file", () => fileAt("file")],
    ["a hard link", () => hardLink()],
    ["a FIFO", () => fifoAt("fifo")],
    ["a link to a terminal", async () => linkAt("link", (await openTerminal()).device)],
    ["a directory", () => folder],
    ["nothing", () => "/dev/pts/999999"],
    ["no path", () => ""],
    ["a relative path", () => "dev/pts/0"],
    ["the null device", () => "/dev/null"],
    ["the terminal of whoever opens it", () => "/dev/tty"],
    ["the maker of terminals", () => "/dev/ptmx"],
    ["the maker of terminals, by its other name", () => "/dev/pts/ptmx"],
    ["a path that leads out", () => `/dev/pts/../..${fileAt("out")}`],
    ["a path that leads back in", async () => (await openTerminal()).device.replace("/pts/", "/./pts/")],
    ["a path with a zero in it", async () => `${(await openTerminal()).device}\0`],
    ["a path with a line end", async () => `${(await openTerminal()).device}\n`],
  ])("gets no code: %s", async (_, path) => {
    const { first, requests } = await channelWith({});
    expect(await requestCode(first, await path())).toBe("no terminal");
    for (const name of readdirSync(folder)) if (name !== "fifo") expect(readFileSync(inFolder(name))).toHaveLength(0);
    expect(requests[0]?.open).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)("gets no code: somebody else's terminal", async () => {
    const { first } = await channelWith({});
    const terminal = await openTerminal();
    chownSync(terminal.device, 65_534, 65_534);
    expect(await requestCode(first, terminal.device)).toBe("no terminal");
    chownSync(terminal.device, 0, 0);
    expect(await requestCode(first, terminal.device)).toBe("written");
  });

  function fileAt(name: string): string {
    writeFileSync(inFolder(name), "");
    return inFolder(name);
  }

  function hardLink(): string {
    linkSync(fileAt("linked"), inFolder("hard"));
    return inFolder("hard");
  }

  function fifoAt(name: string): string {
    execFileSync("mkfifo", [inFolder(name)]);
    return inFolder(name);
  }

  function linkAt(name: string, target: string): string {
    const path = join(newDirectory(), name);
    symlinkSync(target, path);
    return path;
  }
});

describe("a person at a terminal", () => {
  it("approves with the code that shows there", wide, async () => {
    const { assistant, reply, before, place } = await withWaitingCall();
    const terminal = inTerminal(`${process.execPath} ${cli} approve`, { ...place, NO_COLOR: "1" });
    await typeApproval(terminal);
    await reply;
    expect(changesSince(before)).toMatchObject([{ operation }]);
    await assistant.close();
  });

  const hosts = Array.from({ length: 500 }, (_, at) => `host-${at}.${"a-rather-long-label.".repeat(8)}example.com`);
  const large = {
    question: `Serve another certificate on ${hosts.join(", ")}?`,
    rows: hosts.map((object) => ({ object, aspect: "certificate", now: "one", then: "another" })),
    details: hosts.map((host, at): [string, string] => [`Hosts.${at}`, host]),
  };

  it("is asked although a hundred large plans wait, the oldest first", wide, async () => {
    const { directory, requests, waiting, first } = await channelWith(...Array.from({ length: 100 }, () => large));
    expect(waiting).toHaveLength(MAX_LISTED);
    const reply = await say(first.socket, { ask: "what waits" });
    expect(reply.length).toBeLessThan(MAX_REPLY);
    expect(JSON.parse(reply)).toMatchObject({ more: 100 - MAX_LISTED });
    expect((await showPlan(first))?.plan.rows).toHaveLength(500);
    const terminal = startApprove([directory], { NO_COLOR: "1" });
    expect(await terminal.until("more, which come up in turn")).toContain("100 requests wait:");
    await typeApproval(terminal);
    expect(requests.map(({ verdict }) => verdict).filter(Boolean)).toEqual(["approved"]);
    expect(requests[0]?.verdict).toBe("approved");
  });

  it("is asked about the others when a plan cannot be shown", async () => {
    const { directory, channel } = await channelWith({});
    const huge = requestOf({ id: "huge", details: [["Letter", "x".repeat(MAX_PLAN)]] });
    expect(await channel.present(huge)).toBe(false);
    expect((await findWaiting([directory])).waiting.map(({ plan }) => plan.id)).toEqual(["plan-0"]);
  });

  it("gets through although others hold connections", async () => {
    const { directory, first, requests } = await channelWith({});
    const held: Socket[] = [];
    for (let count = 0; count < 200; count += 1) {
      const socket = connect(first.socket).on("error", () => {});
      socket.write('{"ask":');
      held.push(socket);
    }
    expect(await approveIn(await openTerminal(), await only(directory))).toBe("counted");
    expect(requests[0]?.verdict).toBe("approved");
    for (const socket of held) socket.destroy();
  });

  it("is not offered a terminal where the platform has no device for it, and the log says so", async () => {
    const logged: string[] = [];
    const channel = openChannel([], { logged });
    expect(await channel.present(requestOf())).toBe(false);
    expect(logged).toEqual([expect.stringContaining("this platform has no terminal devices")]);
  });
});

describe("what the model reads", () => {
  const resources = z.object({ resources: z.array(z.object({ uri: z.string() })) });

  it("names no place where a person is asked", wide, async () => {
    const { assistant, reply, waiting, place, directory } = await withWaitingCall(2);
    const { client } = assistant;
    for (const name of ["check_setup", "list_jobs", "list_vault"]) await assistant.call(name);
    await assistant.call("explain_error", { code: "AuthFailure" });
    const listed = resources.parse(await client.listResources());
    for (const { uri } of listed.resources) await client.readResource({ uri }).catch(() => {});
    await client.listTools();
    await client.listPrompts();
    expect(await reply).toContain("is waiting for approval");
    const read = JSON.stringify(assistant.received);
    expect(read.includes("a private directory for it exists")).toBe(true);
    const places = [directory, waiting.socket, join(place.XDG_STATE_HOME, "cloudcert-mcp", "terminal")];
    const telling = [...places, ".sock", "/approve/", "/dev/pts"];
    expect(telling.filter((text) => read.includes(text))).toEqual([]);
    await assistant.close();
  });
});
