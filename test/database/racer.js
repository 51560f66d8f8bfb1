import { randomBytes } from "node:crypto";
import { databaseState } from "../../build/src/database/state.js";
import { Journal } from "../../build/src/jobs/journal.js";
import { StandingApprovals } from "../../build/src/standing-approvals/store.js";

/**
 * One of several processes that race on one database: node test/database/racer.js SETTINGS. It carries out every operation
 * of its list, many at a time, and prints a line of JSON for each that was granted.
 */
const { url, key, name, uses, appends, jobs, certificate, target, application } = JSON.parse(process.argv[2] ?? "");

const { audit, auditSource, termsOf, jobsIn, close } = databaseState(
  { url, stateKeys: [Buffer.from(key, "base64")] },
  "real",
  (json) => json,
  () => {},
);
const standing = new StandingApprovals({
  terms: termsOf(),
  log: auditSource,
  append: (entry) => audit.append(entry),
  now: () => new Date(),
});
const journal = new Journal(jobsIn(""), () => new Date());

const granted = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** A use of a standing approval: granted, or refused because others took the last one. */
async function use(id, number) {
  const plan = `${name}-${number}`;
  try {
    await standing.use(id, plan, application);
    granted({ use: id, plan });
  } catch (error) {
    if (!/all of its|took its last use|no uses left/.test(error.message)) throw error;
  }
}

async function append(number) {
  const plan = `${name}-append-${number}`;
  await audit.append({ event: "sending", planId: plan });
  granted({ append: plan });
}

/** Whoever holds the claim and finds no job of this key opens it. */
async function openOnce(jobKey) {
  const claim = await journal.claim(jobKey);
  try {
    if ((await journal.list()).some((job) => job.key === jobKey)) return;
    const opened = await journal.open({ kind: "deployment", key: jobKey, certificate, targets: [target] });
    granted({ opened: opened.id, key: jobKey });
  } finally {
    await claim.release();
  }
}

const shuffled = (all) =>
  all
    .map((each) => [randomBytes(4).readUInt32BE(), each])
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);

const work = shuffled([
  ...uses.map((id, index) => () => use(id, index)),
  ...Array.from({ length: appends }, (_, index) => () => append(index)),
  ...jobs.map((jobKey) => () => openOnce(jobKey)),
]);

process.stdout.write('{"ready":true}\n');
process.stdin.once("data", async () => {
  const worker = async () => {
    for (let each = work.pop(); each !== undefined; each = work.pop()) await each();
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await close();
  process.exit(0);
});
