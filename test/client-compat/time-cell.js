// One cell of the matrix: one client, one thing to do, one person. Tells its parent what the assistant read in turn, and
// whether any of it disagreed with what the cloud held at that moment.
//
//   node time-cell.js CLIENT SERVER-FILE KIND SECONDS, forked
import { setTimeout } from "node:timers/promises";
import { approveOnPage } from "./person.js";
import { kinds } from "./time-cases.js";
import { watchServer } from "./watched-server.js";

const [name, file, kind, seconds] = process.argv.slice(2);
const person = Number(seconds);
/** Where nobody decides, this often is enough. */
const callsForNobody = 2;

const server = await watchServer([file, "--sandbox", "--allow-purchases"]);
let change;
const decides = async () => {
  if (!Number.isFinite(person)) await new Promise(() => {});
  await setTimeout(person * 1_000);
};
const inForm = async () => {
  await decides();
  return { action: "accept", content: { approve: true, ...(change.typed !== "" && { confirm: change.typed }) } };
};
const { connect } = await import(`./clients/${name}.js`);
const client = await connect({ ...server, person: inForm });

const control = async (path) => (await fetch(new URL(path, await server.said(/what it holds: (http\S+)/)))).json();
// The server, and with it the sandbox, begins with the first call.
await client.call("list_vault", {});
const { certificates } = await control("/state");
change = await kinds[kind]((alias) => certificates.find((certificate) => certificate.alias === alias).id);
const onPage = async () => {
  const link = await server.said(/waits for approval: (http\S+)/);
  await decides();
  await approveOnPage(link, change.typed);
};
if (!client.hasForm) void onPage();

/** How often the change was made. */
async function made() {
  const requests = await control("/requests?mutating=1");
  return requests.filter(({ operation, outcome }) => operation === change.operation && outcome === "done").length;
}

/** What the reply says, in a word or two; and how many changes there are if it is true. */
function meaning(reply) {
  if (reply instanceof Error) return /time[d ]*out/i.test(reply.message) ? ["timed out", -1] : [reply.message, -1];
  if (reply.state === "waiting for approval") return ["waiting", 0];
  if (typeof reply.state === "string" && reply.happened)
    return [reply.state, reply.state === "being carried out" ? 1 : 0];
  return ["done", 1];
}

const reads = [];
let disagrees;
for (let calls = 1; ; calls += 1) {
  const reply = await client.call(change.name, change.args).catch((error) => new Error(String(error.message ?? error)));
  const [read, expected] = meaning(reply);
  reads.push(read);
  const holds = await made();
  if (holds !== expected) disagrees ??= `read "${read}" and the cloud holds ${holds}`;
  if (expected !== 0 || disagrees !== undefined || (!Number.isFinite(person) && calls === callsForNobody)) break;
}
const wanted = Number.isFinite(person) ? 1 : 0;
const holds = await made();
if (holds !== wanted) disagrees ??= `the cloud holds ${holds} at the end`;
await client.close().catch(() => {});
process.send({ reads, ...(disagrees && { disagrees }) }, () => process.exit());
