import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import { replyTo } from "../../src/approval/channel.js";
import { Gate } from "../../src/approval/gate.js";
import type { ApprovalRequest, ChannelKind } from "../../src/approval/request.js";
import type { ChangeOperation } from "../../src/catalogue/operation.js";
import { createCertificate } from "../../src/catalogue/tencent-ssl/create-certificate.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { updateCertificateInstance } from "../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import { callTimes } from "../../src/config/options.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { CallTime } from "../../src/mcp/call-time.js";
import { OngoingCalls } from "../../src/mcp/ongoing-calls.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { FakeTime } from "../support/fake-time.js";

/**
 * Clients with their limits × a person who takes a while × what is done, on a clock of the test's: what the client reads
 * agrees with what the cloud holds, always. The same with real clients and real seconds: npm run client-times.
 */

interface ClientKind {
  readonly name: string;
  /** After how many seconds it gives a call up. */
  readonly limit: number;
  readonly takesProgress: boolean;
  /** Whether each progress begins its limit anew. */
  readonly resets: boolean;
  /** How long it waits in all. */
  readonly total?: number;
}

/**
 * SDK v1: DEFAULT_REQUEST_TIMEOUT_MSEC, resetTimeoutOnProgress false. Inspector: MCP_REQUEST_MAX_TOTAL_TIMEOUT 60000.
 * MCPJam: 10 s (MCPJam/inspector issue 1603). chat-ui: 30 s, reset by progress (huggingface/chat-ui pull request 1992).
 * Claude Code: idle time, reset by progress (vfarcic/dot-ai pull request 708). opencode: 60 s, reset (pull request 32477).
 */
const sdk: ClientKind = { name: "sdk-v1", limit: 60, takesProgress: false, resets: false };
const clients: readonly ClientKind[] = [
  sdk,
  { name: "sdk-v1 with onprogress", limit: 60, takesProgress: true, resets: false },
  { name: "mcp-inspector", limit: 60, takesProgress: true, resets: true, total: 60 },
  { name: "mcpjam", limit: 10, takesProgress: false, resets: false },
  { name: "chat-ui", limit: 30, takesProgress: true, resets: true },
  { name: "claude-code", limit: 300, takesProgress: true, resets: true },
  { name: "opencode", limit: 60, takesProgress: true, resets: true },
];

interface Kind {
  readonly operation: ChangeOperation;
  readonly params: Readonly<Record<string, unknown>>;
  /** Seconds that planning, sending and following take. */
  readonly takes: { readonly plan: number; readonly send: number; readonly follow: number };
}

const kinds = {
  deployment: {
    operation: updateCertificateInstance,
    params: { OldCertificateId: "aaaaaaaa", CertificateId: "bbbbbbbb", ResourceTypes: ["cdn"] },
    takes: { plan: 8, send: 3, follow: 30 },
  },
  delete: {
    operation: deleteCertificate,
    params: { CertificateId: "aaaaaaaa" },
    takes: { plan: 1, send: 1, follow: 0 },
  },
  purchase: {
    operation: createCertificate,
    params: { ProductId: 25, DomainNum: 1, TimeSpan: 1 },
    takes: { plan: 1, send: 1, follow: 0 },
  },
} satisfies Readonly<Record<string, Kind>>;

const kindNames = ["deployment", "delete", "purchase"] as const;

/** What the assistant reads, and what the cloud held at that moment. */
interface Read {
  readonly text: string;
  readonly sent: number;
  /** Milliseconds from the call. */
  readonly after: number;
}

/** Where a question stands, and whether the person sees it there without being told of it. */
interface Put {
  readonly place: ChannelKind;
  readonly shown: boolean;
  /** Milliseconds after which that turns into its opposite. */
  readonly turnsAfter?: number;
}

const onScreen: Put = { place: "page", shown: true };

class Story {
  readonly time = new FakeTime();
  readonly reads: Read[] = [];
  sent = 0;
  asked = 0;
  /** Changes that were sent while no request waited for the reply. */
  unheard = 0;
  readonly #client: ClientKind;
  readonly #kind: Kind;
  readonly #calls = new OngoingCalls(this.time);
  readonly #callTime = new CallTime(callTimes);
  readonly #gate: Gate;

  /** @param decidesAfter seconds; undefined: never */
  constructor(client: ClientKind, kind: Kind, decidesAfter: number | undefined, put = onScreen, wait?: number) {
    this.#client = client;
    this.#kind = kind;
    const person = async (request: ApprovalRequest) => {
      this.asked += 1;
      if (decidesAfter === undefined) return;
      await this.time.pause(decidesAfter * 1_000);
      request.decide(true, "person", request.plan.typed);
    };
    const turn = async (request: ApprovalRequest) => {
      if (put.turnsAfter === undefined) return;
      await this.time.pause(put.turnsAfter);
      request.offerAt(put.place, !put.shown);
    };
    this.#gate = new Gate({
      policy: { readOnly: false, allowPurchases: true, allow: [], deny: [] },
      channels: [
        {
          present: async (request) => {
            request.offerAt(put.place, put.shown);
            void turn(request);
            void person(request);
            return true;
          },
          close: async () => {},
        },
      ],
      token: { offered: false, forDestructive: false },
      store: new ApprovalStore({ now: () => new Date(this.time.elapsed()), elapsed: this.time.elapsed }),
      audit: { append: async () => {} },
      readCurrentState: async () => {
        await this.time.pause(kind.takes.plan * 1_000);
        return { rows: [], facts: [] };
      },
      timer: this.time.timer,
      wait,
      log: () => {},
    });
  }

  /**
   * One call, until it is answered or given up; gives whether the assistant calls again.
   * @param stopAfter seconds after which somebody takes it back
   */
  async call(stopAfter = Number.POSITIVE_INFINITY): Promise<boolean> {
    const { name, limit, takesProgress, resets, total = Number.POSITIVE_INFINITY } = this.#client;
    const began = this.time.now;
    const taken = new AbortController();
    const giveUp = () => taken.abort("McpError: MCP error -32001: Request timed out");
    let over = this.time.timer(limit * 1_000, giveUp);
    const end = this.time.timer(Math.min(total, 86_400) * 1_000, giveUp);
    const stop = this.time.timer(Math.min(stopAfter, 86_400) * 1_000, () => taken.abort("The user stopped it"));
    const progress = () => {
      if (!takesProgress || !resets) return;
      over();
      over = this.time.timer(limit * 1_000, giveUp);
    };
    // As the gate does, every five seconds.
    const heartbeat = async () => {
      while (!taken.signal.aborted && !answered) {
        await this.time.pause(5_000);
        progress();
      }
    };
    let answered = false;
    void heartbeat();
    const request = {
      signal: taken.signal,
      time: this.#callTime.timeLimitFor({ name, takesProgress }),
      client: { progress },
    };
    const text = await this.#calls
      .answer(this.#kind.operation.name, this.#kind.params, request, (caller, signal) => this.#work(caller, signal))
      .then(
        ({ result }) => String(result.says),
        (error) => {
          if (!(error instanceof ToolError)) throw error;
          return error.details.ongoing === undefined ? `failed: ${error.details.happened}` : error.details.happened;
        },
      );
    answered = true;
    over();
    end();
    stop();
    const heard = !taken.signal.aborted;
    if (!heard) this.#callTime.recordGivenUp(this.time.now - began, taken.signal.reason);
    this.reads.push({ text: heard ? text : "timed out", sent: this.sent, after: this.time.now - began });
    return !/done|failed/.test(text) || !heard;
  }

  async #work(caller: Parameters<Parameters<OngoingCalls["answer"]>[3]>[0], signal: AbortSignal) {
    const { operation, params, takes } = this.#kind;
    const call = {
      operation,
      params,
      account: "account-1",
      approval: undefined,
      redactor: new Redactor([]),
      caller: { ...caller, signal, sending: signal },
    };
    const permit = await this.#gate.approve(call);
    try {
      await permit.execute(async () => {
        this.sent += 1;
        this.unheard += replyTo(caller).awaited ? 0 : 1;
        await this.time.pause(takes.send * 1_000);
        return {};
      });
      await this.time.pause(Math.min(takes.follow * 1_000, Math.max(0, replyTo(caller).timeLeft - 3_000)));
    } finally {
      permit.end();
    }
    return { result: { says: "done" }, notes: [] };
  }
}

const persons = [1, 35, 58, 70, 200, undefined];

describe.each(clients)("$name", (client) => {
  describe.each(Object.entries(kinds))("%s", (_name, kind) => {
    it.each(persons)("a person who takes %s seconds: what is read is what happened", async (seconds) => {
      const story = new Story(client, kind, seconds);
      let calls = 0;
      const assistant = async () => {
        // As long as the reply says that the same call takes it up, and no longer than the question stands.
        while (calls < 60 && story.time.now < began + 290_000) {
          calls += 1;
          if (!(await story.call())) return;
        }
      };
      const began = story.time.now;
      const over = assistant();
      await story.time.pass(700_000);
      await over;
      const texts = story.reads.map(({ text }) => text);
      for (const { text, sent } of story.reads) {
        if (/Nothing was sent|nothing was sent/.test(text)) expect(sent, text).toBe(0);
        if (/^done/.test(text)) expect(sent).toBe(1);
      }
      expect(story.asked).toBe(1);
      expect(story.sent).toBe(seconds === undefined ? 0 : 1);
      if (seconds !== undefined) expect(texts.at(-1)).toBe("done");
      // A limit below the usual one is known after it has been met once.
      expect(texts.filter((text) => text === "timed out").length).toBeLessThanOrEqual(client.limit < 55 ? 1 : 0);
    });
  });
});

describe("a question that the person sees nowhere", () => {
  /** Makes the same call until it is done, and gives after how many milliseconds each was answered. */
  async function told(put: Put, { decidesAfter = 40, wait }: { decidesAfter?: number; wait?: number } = {}) {
    const story = new Story(sdk, kinds.purchase, decidesAfter, put, wait);
    const assistant = async () => {
      while (await story.call());
    };
    const over = assistant();
    await story.time.pass(290_000);
    await over;
    expect([story.asked, story.sent, story.unheard]).toEqual([1, 1, 0]);
    expect(story.reads.at(-1)?.text).toBe("done");
    for (const { sent } of story.reads.slice(0, -1)) expect(sent).toBe(0);
    return story.reads;
  }

  it("is told of in the first reply at once; the same call waits for the decision", async () => {
    const [first, ...others] = await told({ place: "page", shown: false });
    expect(first).toMatchObject({ text: expect.stringMatching(/waiting for approval.*Nobody could be asked yet/) });
    expect(first?.after).toBeLessThan(1_100);
    expect(others).toHaveLength(1);
    expect(others[0]?.after).toBeGreaterThan(35_000);
  });

  it("is told of once, however short a call may wait", async () => {
    const [first, ...others] = await told({ place: "page", shown: false }, { wait: 10_000 });
    expect(first?.after).toBeLessThan(1_100);
    expect(others.slice(0, 3).map(({ after }) => Math.round(after / 1_000))).toEqual([10, 10, 10]);
  });

  it("is told of in each reply that was waited for when it was put", async () => {
    const story = new Story(sdk, kinds.purchase, undefined, { place: "page", shown: false });
    void Promise.all([story.call(), story.call()]);
    await story.time.pass(2_000);
    expect(story.reads).toMatchObject([{ after: 1_000 }, { after: 1_000 }]);
  });

  it("may show up in a terminal by itself, and is waited for then", async () => {
    const [first, ...others] = await told({ place: "terminal", shown: false, turnsAfter: 600 });
    expect(first).toMatchObject({ text: "done" });
    expect(others).toEqual([]);
  });

  it("is told of at once when no terminal shows it by itself", async () => {
    const [first] = await told({ place: "terminal", shown: false });
    expect(first?.text).toContain("cloudcert-mcp approve` in a terminal");
    expect(first?.after).toBeLessThan(2_100);
  });

  it("is told of at once although an earlier reply named the page that the person has lost since", async () => {
    const [first, second] = await told({ place: "page", shown: true, turnsAfter: 60_000 }, { decidesAfter: 100 });
    expect(first?.text).toContain("A person has been asked on the page");
    expect(second?.text).toContain("Nobody could be asked yet");
    expect(second?.after).toBeLessThan(12_000);
  });

  it("is told of as soon as it turns out that the client does not show its link", async () => {
    const [first] = await told({ place: "page", shown: true, turnsAfter: 3_000 });
    expect(first?.text).toContain("Nobody could be asked yet");
    expect(first?.after).toBeLessThan(4_100);
  });
});

/** The next call, and after how many seconds it is taken back. */
const attempts = fc.array(
  fc.record({ pause: fc.integer({ min: 0, max: 90 }), stopAfter: fc.integer({ min: 0, max: 90 }) }),
  {
    maxLength: 5,
  },
);

const puts: readonly Put[] = [
  onScreen,
  { place: "page", shown: false },
  { place: "page", shown: true, turnsAfter: 30_000 },
  { place: "terminal", shown: false, turnsAfter: 30_000 },
];

it("whenever calls are taken back and made again, a change is sent once, and while somebody waits for the reply", async () => {
  const anyClient = fc.constantFrom(...clients);
  const anyKind = fc.constantFrom(...kindNames);
  await fc.assert(
    fc.asyncProperty(
      anyClient,
      anyKind,
      fc.integer({ min: 0, max: 250 }),
      attempts,
      fc.constantFrom(...puts),
      async (client, kind, seconds, tried, put) => {
        const story = new Story(client, kinds[kind], seconds, put);
        const assistant = async () => {
          for (const { pause, stopAfter } of tried) {
            await story.time.pause(pause * 1_000);
            await story.call(stopAfter);
            if (story.reads.at(-1)?.text === "done") return;
          }
          // In the end somebody has the patience, with a new question if need be.
          do await story.call();
          while (story.reads.at(-1)?.text !== "done");
        };
        const over = assistant();
        await story.time.pass(3_600_000);
        await over;
        expect(story.unheard).toBe(0);
        // A change that was sent for a call that was taken back is told to the next one, which sends nothing.
        expect(story.sent).toBe(1);
        expect(story.reads.at(-1)?.text).toBe("done");
        for (const { text, sent } of story.reads) if (/nothing was sent/i.test(text)) expect(sent, text).toBe(0);
      },
    ),
    { numRuns: Number(process.env.CLIENT_TIME_RUNS ?? 100) },
  );
});
