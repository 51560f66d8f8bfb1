import type { Reader } from "../lib/language.js";
import { momentFor } from "../lib/moment.js";
import { escapeInvisible, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { padTo, widthOf } from "../lib/text-width.js";
import { approvalStateTexts, type StandingApproval, type StandingApprovals } from "./store.js";
import { termLines } from "./terms.js";

/** The standing approvals of one account; of the one of the environment if it has no name. */
interface AccountApprovals {
  readonly account: string | undefined;
  readonly standing: Pick<StandingApprovals, "list" | "revoke">;
}

const usage =
  "Usage: cloudcert-mcp approvals list | show ID | revoke ID [--account NAME] [--audit-log PATH | [--database URL] [--sandbox]]\n";

/**
 * `cloudcert-mcp approvals list|show|revoke`; `args` is what follows `approvals`, without the settings.
 * @param accounts those to look in
 * @returns the exit code: 0; 1 if there is none with that id; 2 for wrong usage
 */
export async function runApprovals(
  args: readonly string[],
  accounts: readonly AccountApprovals[],
  { out, err, reader }: { readonly out: TextOutput; readonly err: TextOutput; readonly reader: Reader },
): Promise<number> {
  const say = (text: SafeText) => out.write(`${escapeInvisible(text.for(reader))}\n`);
  const [verb, id, ...more] = args;
  const known: (AccountApprovals & { readonly approval: StandingApproval })[] = [];
  for (const each of accounts) for (const approval of await each.standing.list()) known.push({ ...each, approval });
  const found = known.find(({ approval }) => approval.id === id);
  if (verb === "list" && id === undefined) {
    if (known.length === 0) say(noneIn(accounts));
    for (const { account, approval } of known) say(describeApproval(approval, account));
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
    await found.standing.revoke(id);
    say(safe`Standing approval ${verbatim(id)} was revoked. What it approved before stays as it is.`);
    return 0;
  }
  const { terms, uses } = found.approval;
  say(describeApproval(found.approval, found.account));
  const bounds = terms === undefined ? [] : termLines(terms);
  const width = Math.max(0, ...bounds.map(([name]) => widthOf(name.for(reader))));
  for (const [name, says] of bounds)
    out.write(`${escapeInvisible(`  ${padTo(name.for(reader), width)}  ${says.for(reader)}`)}\n`);
  for (const { at, planId } of uses) say(safe`  Used ${verbatim(momentFor(at, reader))}, plan ${verbatim(planId)}`);
  return 0;
}

function noneIn([first, ...others]: readonly AccountApprovals[]): SafeText {
  return first?.account === undefined || others.length > 0
    ? safe`There are no standing approvals.`
    : safe`There are no standing approvals in account ${verbatim(first.account)}.`;
}

function describeApproval({ id, state, why, terms, uses }: StandingApproval, account: string | undefined): SafeText {
  const stands = why === undefined ? approvalStateTexts[state] : safe`${approvalStateTexts[state]}: ${why}`;
  const named = safe`Standing approval ${verbatim(id)} ${stands}`;
  const head = account === undefined ? named : safe`Account ${verbatim(account)}: ${named}`;
  if (terms === undefined) return head;
  return safe`${head}; used ${uses.length} of ${terms.uses} times, last day ${verbatim(terms.last_day)}`;
}
