import type { Reader } from "../lib/language.js";
import { momentFor } from "../lib/moment.js";
import { escapeInvisible, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { padTo, widthOf } from "../lib/text-width.js";
import { approvalStateTexts, type StandingApproval, type StandingApprovals } from "./store.js";
import { termLines } from "./terms.js";

const usage = "Usage: cloudcert-mcp approvals list | show ID | revoke ID [--sandbox | --audit-log PATH]\n";

/**
 * `cloudcert-mcp approvals list|show|revoke`; `args` is what follows `approvals`, without the settings.
 * @returns the exit code: 0; 1 if there is none with that id; 2 for wrong usage
 */
export async function runApprovals(
  args: readonly string[],
  standing: Pick<StandingApprovals, "list" | "revoke">,
  { out, err, reader }: { readonly out: TextOutput; readonly err: TextOutput; readonly reader: Reader },
): Promise<number> {
  const say = (text: SafeText) => out.write(`${escapeInvisible(text.for(reader))}\n`);
  const [verb, id, ...more] = args;
  const known = await standing.list();
  const found = known.find((each) => each.id === id);
  if (verb === "list" && id === undefined) {
    if (known.length === 0) say(safe`There are no standing approvals.`);
    for (const each of known) say(lineOf(each));
    return 0;
  }
  if ((verb !== "show" && verb !== "revoke") || id === undefined || more.length > 0) {
    err.write(usage);
    return 2;
  }
  if (found === undefined) {
    say(safe`There is no standing approval ${verbatim(id)}.`);
    return 1;
  }
  if (verb === "revoke") {
    await standing.revoke(id);
    say(safe`Standing approval ${verbatim(id)} was revoked. What it approved before stays as it is.`);
    return 0;
  }
  say(lineOf(found));
  const bounds = found.terms === undefined ? [] : termLines(found.terms);
  const width = Math.max(0, ...bounds.map(([name]) => widthOf(name.for(reader))));
  for (const [name, says] of bounds)
    out.write(`${escapeInvisible(`  ${padTo(name.for(reader), width)}  ${says.for(reader)}`)}\n`);
  for (const { at, planId } of found.uses)
    say(safe`  Used ${verbatim(momentFor(at, reader))}, plan ${verbatim(planId)}`);
  return 0;
}

function lineOf({ id, state, why, terms, uses }: StandingApproval): SafeText {
  const stands = why === undefined ? approvalStateTexts[state] : safe`${approvalStateTexts[state]}: ${why}`;
  const head = safe`Standing approval ${verbatim(id)} ${stands}`;
  if (terms === undefined) return head;
  return safe`${head}; used ${uses.length} of ${terms.uses} times, last day ${verbatim(terms.last_day)}`;
}
