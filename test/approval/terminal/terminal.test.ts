import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_QUESTION } from "../../../src/approval/terminal/protocol.js";
import {
  findWaiting,
  sendDecision,
  showPlan,
  type WaitingQuestion,
} from "../../../src/approval/terminal/waiting-questions.js";
import { approveIn, listenElsewhere, newDirectory, openChannel, openTerminal, planOf, requestOf } from "./support.js";

/** A channel with one request, and the socket to reach it by. */
async function withRequest(request = requestOf()) {
  const directory = newDirectory();
  const channel = openChannel([directory]);
  await channel.present(request);
  const [name = ""] = readdirSync(directory);
  return { directory, channel, request, socket: join(directory, name) };
}

const plansIn = async (...directories: string[]) => (await findWaiting(directories)).waiting.map(({ plan }) => plan);

/** The one request that waits. */
async function only(directory: string): Promise<WaitingQuestion> {
  const [waiting, ...others] = (await findWaiting([directory])).waiting;
  if (waiting === undefined || others.length > 0) throw new Error("not one request waits");
  return waiting;
}

describe("what a terminal finds", () => {
  it("is the whole plan", async () => {
    const plan = { typed: "www.example.com", effect: "destroy", warnings: ["In use\n\u202e"] } as const;
    const { directory } = await withRequest(requestOf(plan));
    expect(await plansIn(directory)).toEqual([{ id: "plan-1", where: planOf().where, question: planOf().question }]);
    expect((await showPlan(await only(directory)))?.plan).toEqual(planOf(plan));
  });

  it("covers all servers, oldest first, and only what can still be decided", async () => {
    const [directory, other] = [newDirectory(), newDirectory()];
    const [first, second] = [
      openChannel([directory], { now: () => 2_000 }),
      openChannel([directory], { now: () => 1_000 }),
    ];
    const elsewhere = openChannel([other], { now: () => 3_000 });
    const decided = requestOf({ id: "decided" });
    await first.present(requestOf({ id: "newer" }));
    await second.present(requestOf({ id: "older" }));
    await second.present(requestOf({ id: "expired" }, Date.now()));
    await second.present(decided);
    await elsewhere.present(requestOf({ id: "newest" }));
    decided.decide(true, "page");
    expect((await plansIn(directory, other)).map(({ id }) => id)).toEqual(["older", "newer", "newest"]);
  });

  it("has been seen once a terminal has shown it, and not because it was found", async () => {
    const { directory, request } = await withRequest();
    const waiting = await only(directory);
    expect(request.shown).toBe(false);
    await showPlan(waiting);
    expect(request.shown).toBe(true);
  });

  it("is nothing where there is no server", async () => {
    expect(await findWaiting(["/nonexistent"])).toEqual({ waiting: [], more: 0, problems: [] });
  });
});

describe("a decision", () => {
  it("counts once", async () => {
    const { directory, request, socket } = await withRequest();
    expect(await approveIn(await openTerminal(), await only(directory))).toBe("counted");
    expect(await sendDecision(socket, { planId: "plan-1", approve: false })).toBe("decided elsewhere");
    expect([request.verdict, request.ending?.channel]).toEqual(["approved", "terminal"]);
  });

  it("may be a no, which needs no code", async () => {
    const { request, socket } = await withRequest();
    expect(await sendDecision(socket, { planId: "plan-1", approve: false })).toBe("counted");
    expect(request.verdict).toBe("declined");
  });

  it.each([
    [undefined, "wrong name"],
    ["example.com", "wrong name"],
    ["www.example.com", "counted"],
  ])("with %s typed where a name must be typed: %s", async (typed, outcome) => {
    const { directory, request } = await withRequest(requestOf({ typed: "www.example.com" }));
    expect(await approveIn(await openTerminal(), await only(directory), typed)).toBe(outcome);
    expect(request.verdict).toBe(outcome === "counted" ? "approved" : "wrong name");
  });

  it("with the right name needs the code as well", async () => {
    const { request, socket } = await withRequest(requestOf({ typed: "www.example.com" }));
    const decision = { planId: "plan-1", approve: true, typed: "www.example.com" };
    expect(await sendDecision(socket, decision)).toBe("wrong code");
    expect(request.open).toBe(true);
  });

  it("comes too late after the request expired", async () => {
    const { request, socket } = await withRequest(requestOf({}, Date.now()));
    expect(await sendDecision(socket, { planId: "plan-1", approve: true })).toBe("expired");
    expect(request.verdict).toBeUndefined();
  });

  it("on something that was never asked changes nothing", async () => {
    const { request, socket } = await withRequest();
    expect(await sendDecision(socket, { planId: "plan-2", approve: true })).toBe("unknown");
    expect(request.open).toBe(true);
  });

  it("does not reach a server that is gone", async () => {
    const { channel, socket } = await withRequest();
    await channel.close();
    await expect(sendDecision(socket, { planId: "plan-1", approve: true })).rejects.toThrow("ENOENT");
  });
});

describe("a connection that is not a terminal's", () => {
  it.each([
    ["garbage", "\u0000\ufffd\n"],
    ["another question", '{"ask":"approve everything"}\n'],
    ["an unknown field", '{"ask":"decide","planId":"plan-1","approve":true,"force":true}\n'],
    ["a yes that is none", '{"ask":"decide","planId":"plan-1","approve":"true"}\n'],
    ["a yes in other words", '{"ask":"approve","planId":"plan-1"}\n'],
    ["a huge line", `${"x".repeat(MAX_QUESTION + 1)}\n`],
    ["a line without an end", "x".repeat(2 * MAX_QUESTION)],
  ])("is ended without an answer: %s", async (_, text) => {
    const { directory, request, socket } = await withRequest();
    expect(await replyTo(socket, text)).toBe("");
    expect(request.open).toBe(true);
    expect(await plansIn(directory)).toHaveLength(1);
  });

  it("gets one answer, whatever it sends after its line", async () => {
    const { request, socket } = await withRequest();
    const decision = '{"ask":"decide","planId":"plan-1","approve":true}\n';
    expect(await replyTo(socket, `{"ask":"what waits"}\n${decision}`)).toContain('"plan-1"');
    expect(request.open).toBe(true);
  });
});

describe("a socket behind which there is no server of ours", () => {
  it.each(["nonsense\n", '{"requests":[{"plan":{},"since":0,"expiresAt":0}]}\n', ""])(
    "is a problem that a terminal reports: %j",
    async (reply) => {
      const directory = newDirectory();
      const child = await listenElsewhere(directory, `socket.end(${JSON.stringify(reply)})`);
      const { waiting, problems } = await findWaiting([directory]);
      child.kill("SIGKILL");
      expect(waiting).toEqual([]);
      expect(problems).toEqual([expect.stringContaining("no usable answer from the server at")]);
    },
  );
});

/** Everything that comes back before the connection is over. */
async function replyTo(path: string, text: string): Promise<string> {
  const socket = connect(path);
  let reply = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    reply += chunk;
  });
  // A server that ends the connection while we still write resets it.
  socket.on("error", () => {});
  socket.write(text);
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return reply;
}
