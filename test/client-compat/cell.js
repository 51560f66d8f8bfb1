// One cell of the table: one client on this Node against the server on this Node. Tells its parent what came of each step:
// "works", "lacks" where the client has nothing to do it with, or an error's text.
//
//   node cell.js CLIENT SERVER-FILE TOOLS-AS-JSON, forked
import { steps } from "./steps.js";
import { watchServer } from "./watched-server.js";

const [name, file, tools] = process.argv.slice(2);
const server = await watchServer([file, "--sandbox"]);
const { connect } = await import(`./clients/${name}.js`);
const client = await connect(server);
const ground = { server, tools: JSON.parse(tools) };

/** The member of a client that a step needs, for those that not every client has. */
const needs = { resource: "resource", prompt: "prompt" };

const outcomes = {};
for (const [step, take] of Object.entries(steps)) {
  const lacks = step in needs && client[needs[step]] === undefined;
  outcomes[step] = lacks ? "lacks" : await take(client, ground).then(() => "works", String);
}
process.send({ asked: client.hasForm ? "form" : "page", outcomes }, () => process.exit());
