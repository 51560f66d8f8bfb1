import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { shownPlan } from "../../build/examples/demo/person.js";
import { startAssistant } from "./assistant.js";
import { deployment, search, successorIn } from "./storefront.js";

/** A faster answer is not taken for a person's; milliseconds. */
const READING_TIME = 400;
/** A rollout at an edge takes a minute; here a second. */
const SPEED = "60";

/**
 * A renewal on the sandbox. Only the person's requests are written here. Calls are shown completely, questions without
 * the facts and arguments at their end, replies with the members named here.
 * @returns {Promise<readonly Entry[]>}
 * @typedef {{ readonly kind: "person" | "call" | "question" | "answer" | "reply", readonly lines: readonly string[] }} Entry
 */
export async function session() {
  const entries = [];
  const tell = (kind, ...lines) => void entries.push({ kind, lines });
  const assistant = await startAssistant(["--sandbox-speed", SPEED, "--approve", "elicit"], answer);

  async function answer({ message, requestedSchema }) {
    tell("question", ...shownPlan(message));
    await setTimeout(READING_TIME);
    tell("answer", `${requestedSchema.properties.approve.title}: yes`);
    return { action: "accept", content: { approve: true } };
  }

  async function call(name, args, shown) {
    tell("call", `${name} ${inLine(args)}`);
    const reply = await assistant.call(name, args);
    tell("reply", ...shown(reply));
    return reply;
  }

  try {
    tell("person", "Certificate storefront expires soon. Put its successor on www, shop and img.example.com.");
    const id = successorIn(await call("find_certificates", search, certificatesOf));
    const { job } = await call("deploy_certificate", deployment(id), deployedOf);
    const { state } = await call("wait_for", { what: "deployment", id: job }, watchedOf);
    if (state !== "done") throw new Error(`the deployment ended as ${state}`);
    return entries;
  } finally {
    await assistant.close();
  }
}

const inLine = (args) =>
  inspect(args, { compact: true, depth: null, breakLength: Number.POSITIVE_INFINITY }).replace(
    /([{[]) | ([\]}])/g,
    "$1$2",
  );

const certificatesOf = ({ certificates }) =>
  certificates.map(
    ({ certificate_id, alias = "", status, not_after, ends_on = not_after, days_left }) =>
      `${certificate_id}  ${alias.padEnd(16)}  ${status}, expires ${ends_on.slice(0, 10)}, ${days_left} days left`,
  );

const deployedOf = ({ targets, next }) => [...targets.map(({ target, state }) => `${state}  ${target}`), next];

const watchedOf = ({ details }) => details.targets.map(({ target, state }) => `${target}: ${state}`);
