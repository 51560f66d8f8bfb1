/**
 * A server that writes to the audit log, as far as the log can tell: a process of its own.
 *
 *   node audit-writer.js PATH together COUNT [MAX_BYTES]   hands in COUNT entries at once
 *   node audit-writer.js PATH in-turn COUNT [MAX_BYTES]    hands in each when the one before is on disk
 *   node audit-writer.js PATH call                         comes as far as sending, says so and waits for the end
 *
 * It prints the planId of each entry once the log has acknowledged it.
 */
import { AuditLog } from "../../build/src/audit/log.js";

const [path, mode, count, maxBytes] = process.argv.slice(2);
const log = new AuditLog(path, {
  redact: (json) => json,
  ...(maxBytes !== undefined && { maxBytes: Number(maxBytes) }),
});

async function record(planId) {
  await log.append({ event: "sending", planId });
  process.stdout.write(`${planId}\n`);
}

const planIds = Array.from({ length: Number(count ?? 0) }, (_, index) => `${process.pid}-${index}`);

if (mode === "together") await Promise.all(planIds.map(record));
if (mode === "in-turn") for (const planId of planIds) await record(planId);
if (mode === "call") {
  await log.append({ event: "decision", planId: "a-call", channel: "test", verdict: "approved", tookMs: 1 });
  await record("a-call");
  setInterval(() => {}, 1000);
}
await log.close();
