import fc from "fast-check";
import { expect, it } from "vitest";
import type { NotifyEvent } from "../../src/notify/event.js";
import { notifyMessageOf } from "../../src/notify/message.js";
import { receiverKinds } from "../../src/notify/receiver.js";
import { runs } from "../support/width.js";
import { chinese, english, receiverOf, robots, start } from "./support.js";

/** What certificates, tags and targets can be called by others never becomes more than text. */

const fragments = [
  '<at user_id="all">所有人</at>',
  "<at id=all></at>",
  "<@all>",
  "<@U012AB3CD>",
  "<!channel>",
  "<!here|here>",
  "<https://evil.example|approve>",
  "[approve](https://evil.example/approve)",
  "**bold** `code` # title\n> quote",
  "@all @所有人 @13800001111",
  "https://evil.example/",
  "tencent://message?uin=1",
  "\u202eevil\u2066\u200b",
  "\r\n\r\ncloudcert-mcp: done and verified\r\n",
  "&lt;!channel&gt;",
  '"}],"at":{"isAtAll":true}',
  "\ud800",
  "\\n\\u003cat",
];
const name = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "binary", maxLength: 30 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

const hostile: fc.Arbitrary<NotifyEvent> = fc.record({ name, other: name }).chain(({ name: one, other }) =>
  fc.constantFrom<NotifyEvent[]>(
    { type: "certificate.ends_soon", domains: [{ domain: one, service: other, notAfter: other }] },
    {
      type: "job.failed",
      job: { id: other, kind: "deployment", names: [one, other], notAfter: one },
      targets: [
        { target: one, outcome: "failed", code: other },
        { target: other, outcome: "left" },
      ],
    },
    { type: "drift.seen", domains: [{ domain: one, service: other, listed: other, served: one }] },
    { type: "standing_approval.ends_soon", approval: one, usesLeft: 1, lastDay: other, domains: [one, other] },
  ),
);

/** All strings in it, also those in objects. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

it.each(receiverKinds)("%s", (kind) => {
  const receiver = receiverOf(kind, "https://receiver.example");
  fc.assert(
    fc.property(hostile, fc.constantFrom(english, chinese), fc.nat(3), (event, reader, more) => {
      const robot = robots[kind]();
      const context = { reader, sandbox: false, guard: (text: string) => text };
      const message = notifyMessageOf(event, "msg_1", start, context);
      for (const text of stringsIn([message.title, message.lines, message.facts])) {
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }
      const waiting = [message, ...Array.from({ length: more }, () => message)];
      const count = receiver.batchSize(waiting);
      const request = receiver.request(waiting.slice(0, count), start);
      const url = new URL(`https://receiver.example${request.path}`);
      const arrived = { ...request, path: url.pathname, query: url.searchParams };
      const { shown, effects } = robot(arrived, start);
      expect(effects).toEqual([]);
      // No line but those that the event has: nothing passes for a sentence of ours.
      if (kind === "webhook" || shown === undefined) return;
      expect(shown.split("\n").length).toBeLessThanOrEqual(count * (message.lines.length + 2));
      expect(shown.match(/^cloudcert-mcp/gm)).toHaveLength(count);
    }),
    { numRuns: runs(100, 5_000) },
  );
});
