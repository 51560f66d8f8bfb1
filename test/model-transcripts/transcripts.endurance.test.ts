import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { neededApproval } from "../support/requests.js";
import { changing } from "./changing.js";
import { deploying } from "./deploying.js";
import { estate } from "./estate.js";
import { estateChanges } from "./estate-changes.js";
import { everyday } from "./everyday.js";
import { finding } from "./finding.js";
import { following } from "./following.js";
import { keeping } from "./keeping.js";
import { ordering } from "./ordering.js";
import { Stage } from "./stage.js";
import { play, type Transcript } from "./transcript.js";

/** Requests as people write them, each with the shortest sequence of tools that satisfies it. */
const transcripts: readonly Transcript[] = [
  ...finding,
  ...deploying,
  ...changing,
  ...following,
  ...ordering,
  ...keeping,
  ...everyday,
  ...estate,
  ...estateChanges,
];

const requestOf = ({ request }: Transcript) => request({ folder: "certs", id: (alias) => `(${alias})` });
const toolsOf = ({ steps }: Transcript) => steps.map(({ tool }) => tool);

/** Requests that took an approval, each as it is named in `sent`. */
function changesIn({ sandbox }: Stage, since: number): string[] {
  const changes = sandbox.requests
    .slice(since)
    .filter(neededApproval)
    .map(({ operation, outcome }) => (outcome === "done" ? operation : `${operation}: ${outcome}`));
  return changes.filter((change, index) => change !== changes[index - 1]);
}

const charactersOf = new Map<Transcript, number>();

describe.concurrent("the assistant is asked", () => {
  it.each(transcripts.map((transcript) => [requestOf(transcript), transcript] as const))(
    "%s",
    async (_, transcript) => {
      const stage = await Stage.open(transcript.speed ?? 600, transcript.flags ?? []);
      try {
        await transcript.before?.(stage);
        const since = stage.sandbox.requests.length;
        await stage.begin();
        const known = await play(transcript, stage);
        charactersOf.set(transcript, known.characters);
        await transcript.holds(stage, known);
        expect(changesIn(stage, since)).toEqual(transcript.sent);
        expect(stage.questions).toHaveLength(transcript.asked);
        expectNoKeys(stage);
      } finally {
        await stage.close();
      }
    },
  );
});

/** Nothing that the client received holds a private key: those of the files, and those that the clouds handed out. */
function expectNoKeys({ assistant, folder, sandbox }: Stage): void {
  const received = assistant.received.map((message) => JSON.stringify(message)).join("\n");
  const stored = [...sandbox.account.ssl.certificates.values()].flatMap((it) => it.material?.privateKeyPem ?? []);
  const keys = [readFileSync(join(folder, "new.key"), "utf8"), ...stored];
  expect(keys.length).toBeGreaterThan(3);
  for (const key of keys) expect(received).not.toContain(key.split("\n")[1]);
}

describe("what the requests cost", () => {
  it("they are each another one, every second one in Chinese", () => {
    expect(new Set(transcripts.map(requestOf)).size).toBe(transcripts.length);
    const inChinese = transcripts.filter(({ language }) => language === "zh");
    expect(Math.abs(transcripts.length - 2 * inChinese.length)).toBeLessThanOrEqual(1);
  });

  it("none takes more than six calls, and half of them two at most", () => {
    const calls = transcripts.map((each) => toolsOf(each).length).sort((one, other) => one - other);
    expect(calls.at(-1)).toBeLessThanOrEqual(6);
    expect(calls[Math.floor(calls.length / 2)]).toBeLessThanOrEqual(2);
  });

  it("the person is asked once for a whole deployment", () => {
    const whole = transcripts.filter((each) =>
      ["deploy_certificate", "roll_back"].includes(toolsOf(each).at(-1) ?? ""),
    );
    // An upload or an order is a change of its own.
    const changes = ["CreateCertificate", "UploadCertificate"];
    const alone = whole.filter((each) => !toolsOf(each).some((tool) => changes.includes(tool)));
    expect(alone.filter(({ asked }) => asked > 1)).toEqual([]);
  });

  afterAll(() => {
    const lines = transcripts.map((each) => {
      const tools = toolsOf(each);
      return `${tools.length}  ${requestOf(each)}\n   ${tools.join(" → ")}; replies: ${charactersOf.get(each)} characters`;
    });
    process.stdout.write(`${lines.join("\n")}\n`);
  });
});
