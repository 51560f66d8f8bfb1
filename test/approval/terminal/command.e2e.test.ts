import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/approval/plan.js";
import type { ApprovalRequest } from "../../../src/approval/request.js";
import { ofRows, rows, wide } from "../../support/width.js";
import {
  approveWithoutTerminal,
  codeIn,
  newDirectory,
  openChannel,
  type PseudoTerminal,
  requestOf,
  startApprove,
} from "./support.js";

const PROMPT = "Approve? [y/N, ? for details] ";
const CODE_PROMPT = "To approve, type the code\r\n[Enter declines] ";
const IDLE = "Nothing waits for approval.";

/** Another code than this one. */
const wrong = (code: string) => `${code.startsWith("A") ? "B" : "A"}${code.slice(1)}`;

interface Scene {
  readonly directory: string;
  readonly channel: ReturnType<typeof openChannel>;
  readonly requests: readonly ApprovalRequest[];
  readonly terminal: PseudoTerminal;
}

/** Requests that wait, and a person's terminal in which `approve` was just started. */
async function scene(plans: readonly Partial<Plan>[], env: Record<string, string> = { NO_COLOR: "1" }): Promise<Scene> {
  const directory = newDirectory();
  const channel = openChannel([directory]);
  const requests = plans.map((plan, index) => requestOf({ id: `plan-${index}`, ...plan }));
  for (const request of requests) await channel.present(request);
  const terminal = startApprove([directory], env);
  return { directory, channel, requests, terminal };
}

async function sceneOfOne(plan: Partial<Plan> = {}, env?: Record<string, string>) {
  const { requests, ...rest } = await scene([plan], env);
  const [request = requestOf()] = requests;
  return { ...rest, request };
}

describe("without a terminal", () => {
  it("refuses in one line", async () => {
    expect(await approveWithoutTerminal(newDirectory())).toEqual({
      code: 2,
      stderr: "cloudcert-mcp approve: stdin and stdout must both be a terminal, because a person approves here.\n",
    });
  });
});

describe.skipIf(process.platform !== "linux")("in a terminal", () => {
  it.each(
    rows(
      [
        ["y", "\n[Enter declines] ", undefined],
        ["YES", "\n[Enter declines] ", undefined],
        ["n", "Declined.", "declined"],
        ["", "Declined.", "declined"],
        ["ye", "Declined.", "declined"],
        ["yes please", "Declined.", "declined"],
        ["nx\x7f\x15yes", "\n[Enter declines] ", undefined],
        ["y\x1b[D\x1b[3~", "\n[Enter declines] ", undefined],
      ],
      1,
    ),
  )("takes %j for an answer: %s", ofRows, async (answer, said, verdict) => {
    const { terminal, request } = await sceneOfOne();
    await terminal.until(PROMPT);
    await terminal.answer(`${answer}\r`);
    await terminal.until(said);
    if (verdict !== undefined) await terminal.until(IDLE);
    expect(request.verdict).toBe(verdict);
  });

  it.each(
    rows(
      [
        ["as it is", (code: string) => code, "Approved.", "approved"],
        [
          "in small letters and with a blank",
          (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)}`.toLowerCase(),
          "Approved.",
          "approved",
        ],
        ["not at all", () => "", "Declined.", "declined"],
        ["wrongly", (code: string) => wrong(code), "That is not the code.", undefined],
      ],
      1,
    ),
  )("takes the code that the server wrote here for a yes, typed %s", ofRows, async (_, type, said, verdict) => {
    const { terminal, request } = await sceneOfOne();
    await terminal.until(PROMPT);
    await terminal.answer("y\r");
    const code = await codeIn(terminal);
    expect(await terminal.until(CODE_PROMPT)).toContain("approves this, once:\r\nRename certificate abcd1234");
    await terminal.answer(`${type(code)}\r`);
    await terminal.until(said);
    expect(request.verdict).toBe(verdict);
  });

  it("takes the right code after a wrong one, and none after three", wide, async () => {
    const { terminal, requests } = await scene([{}, {}]);
    for (const [wrongOnes, said] of [
      [1, "Approved."],
      [3, "too many wrong codes"],
    ] as const) {
      await terminal.until(PROMPT);
      await terminal.answer("y\r");
      const code = await codeIn(terminal);
      for (let count = 0; count < wrongOnes; count += 1) {
        await terminal.until(CODE_PROMPT);
        await terminal.answer(`${wrong(code)}\r`);
      }
      if (said === "Approved.") {
        await terminal.until(CODE_PROMPT);
        await terminal.answer(`${code}\r`);
      }
      await terminal.until(said);
    }
    await terminal.until(IDLE);
    expect(requests.map(({ verdict }) => verdict)).toEqual(["approved", undefined]);
  });

  it.each(
    rows(
      [
        ["www.example.com", "\n[Enter declines] ", undefined],
        ["www.example.org", "Not approved: that is not the name.", "wrong name"],
        ["y", "Not approved: that is not the name.", "wrong name"],
        ["", "Declined.", "declined"],
      ],
      1,
    ),
  )("wants the name where the plan does: %j", ofRows, async (answer, said, verdict) => {
    const { terminal, request } = await sceneOfOne({ typed: "www.example.com", effect: "destroy" });
    await terminal.until("To approve, type www.example.com\r\n[Enter declines, ? for details] ");
    await terminal.answer(`${answer}\r`);
    await terminal.until(said);
    expect(request.verdict).toBe(verdict);
  });

  it("shows the question, what it does and where before now and then, and the rest on demand", async () => {
    const { terminal } = await sceneOfOne({ warnings: ["It is in use."], effect: "traffic" });
    expect((await terminal.until(PROMPT)).split("\r\n").slice(0, -2)).toEqual([
      "",
      "Rename certificate abcd1234 to “shop”?",
      "Changes what a live domain serves. Affects 1 object.",
      "! It is in use.",
      "",
      "Rename a certificate (ModifyCertificateAlias)",
      "Tencent Cloud SSL, access key AKID…9xYz",
      "Environment: the real account",
      "",
      "                                                  now   after",
      "  Certificate abcd1234 (www.example.com), remark  none  shop",
    ]);
    await terminal.answer("?\r");
    expect((await terminal.until(PROMPT)).split("\r\n").slice(1, -1)).toEqual([
      "Facts",
      "  Valid until: 2026-03-01",
      "Arguments",
      "  CertificateId: abcd1234",
      `  SHA-256: ${"0".repeat(64)}`,
      "",
      "Rename certificate abcd1234 to “shop”?",
      "Changes what a live domain serves. Affects 1 object.",
      "! It is in use.",
    ]);
  });

  it("sends nothing of a plan to the terminal that the terminal would obey", async () => {
    const evil = "\x1b[2J\x1b]0;x\x07\u009b1A\u202eoohs\u2066\r\nApprove? y";
    const { terminal } = await sceneOfOne({
      question: evil,
      where: evil,
      warnings: [evil],
      details: [[evil, evil]],
      rows: [],
    });
    const shown = await terminal.until(PROMPT);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(shown.replaceAll("\r\n", "")).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    expect(shown).toContain("<U+001B>[2J");
    expect(shown).toContain("<U+202E>oohs");
  });

  it("uses colour where the terminal has it and NO_COLOR is unset", wide, async () => {
    const { terminal } = await sceneOfOne({ effect: "destroy" }, {});
    expect(await terminal.until(PROMPT)).toContain("\x1b[31mCannot be undone.");
  });

  it("lists what waits and asks one by one, oldest first", wide, async () => {
    const { terminal, requests } = await scene([{ question: "The first?" }, { question: "The second?" }]);
    const list = "2 requests wait:\r\n  1. Tencent Cloud SSL: The first?\r\n  2. Tencent Cloud SSL: The second?\r\n";
    expect(await terminal.until(PROMPT)).toContain(list);
    await terminal.answer("y\r");
    const code = await codeIn(terminal);
    await terminal.until(CODE_PROMPT);
    await terminal.answer(`${code}\r`);
    expect(await terminal.until(PROMPT)).toContain("\r\nThe second?");
    await terminal.answer("n\r");
    await terminal.until("Declined.");
    expect(requests.map(({ verdict }) => verdict)).toEqual(["approved", "declined"]);
  });

  it("waits for requests, and rings when one comes", wide, async () => {
    const { terminal, channel } = await scene([]);
    await terminal.until(IDLE);
    await channel.present(requestOf());
    expect(await terminal.until(PROMPT)).toContain("\x07");
  });

  it.each(rows(["\x03", "\x04"], 1))("decides nothing when the person leaves with %j", ofRows, async (key) => {
    const { terminal, request } = await sceneOfOne();
    await terminal.until(PROMPT);
    await terminal.answer(`y${key}`);
    await terminal.until("Nothing was decided; the request still waits.");
    expect(await terminal.exitCode).toBe(0);
    expect(request.open).toBe(true);
  });

  it("leaves at once while nothing waits", async () => {
    const { terminal } = await scene([]);
    await terminal.until(IDLE);
    terminal.keys("\x03");
    expect(await terminal.exitCode).toBe(0);
  });

  it("says so when the request is decided elsewhere meanwhile, and goes on", async () => {
    const { terminal, request } = await sceneOfOne();
    await terminal.until(PROMPT);
    request.decide(true, "page");
    await terminal.until("It was decided or withdrawn elsewhere.");
    await terminal.until(IDLE);
  });

  it("says so when the request expires meanwhile", wide, async () => {
    const { terminal, channel } = await scene([]);
    await terminal.until(IDLE);
    await channel.present(requestOf({}, Date.now() + 2_000));
    await terminal.until(PROMPT);
    await terminal.until("The request has expired.");
  });

  it("says so when the server goes away meanwhile", async () => {
    const { terminal, channel } = await sceneOfOne();
    await terminal.until(PROMPT);
    await channel.close();
    await terminal.until("The server that asked is gone; nothing was decided here.");
    await terminal.until(IDLE);
  });
});

describe.skipIf(process.platform !== "linux")("input that is not an answer", () => {
  it("was typed before the command was ready", async () => {
    const { terminal, request } = await sceneOfOne();
    terminal.keys("y\ryes\ry");
    await terminal.until(PROMPT);
    await terminal.answer("es\r");
    await terminal.until("Declined.");
    expect(request.verdict).toBe("declined");
  });

  it("was typed before the question was shown", wide, async () => {
    const { terminal, channel } = await scene([]);
    await terminal.until(IDLE);
    terminal.keys("y\ryes\ry");
    const request = requestOf();
    await channel.present(request);
    await terminal.until(PROMPT);
    await terminal.answer("es\r");
    await terminal.until("Declined.");
    expect(request.verdict).toBe("declined");
  });

  it("was meant for a question that was withdrawn just before", wide, async () => {
    const { terminal, channel, request } = await sceneOfOne();
    const next = requestOf({ id: "next" });
    await terminal.until(PROMPT);
    await channel.present(next);
    request.dismiss("test");
    await terminal.until(PROMPT);
    await terminal.answer("y\r");
    while (next.open) await terminal.answer("n\r");
    expect(next.verdict).toBe("declined");
  });

  it("is a paste of many lines", async () => {
    const { terminal, requests } = await scene([{}, {}, {}]);
    await terminal.until(PROMPT);
    await terminal.answer("y\ry\ry\ry\r");
    await terminal.until(`Several lines at once are not an answer.\r\n${PROMPT}`);
    expect(requests.map(({ open }) => open)).toEqual([true, true, true]);
  });
});
