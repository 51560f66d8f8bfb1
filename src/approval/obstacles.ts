import type { Obstacle, Warning } from "../catalogue/operation.js";
import { describeOtherStore, otherStoreNext } from "../catalogue/store-ids.js";
import { certificateNotFound } from "../catalogue/tencent-ssl/params.js";
import { caution } from "../catalogue/warnings.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { ToolError } from "../lib/tool-error.js";
import type { PlannedCall } from "./call-binding.js";
import { type StateSnapshot, stateChanges, withoutPersonalIn } from "./current-state/read-current-state.js";
import { stateChanged } from "./refusals.js";

/** Why a call cannot succeed or has nothing to do in the current state: nobody should be asked for nothing. */
export function obstaclesTo(
  { operation, params }: PlannedCall,
  snapshot: StateSnapshot,
  { sandbox = false }: { readonly sandbox?: boolean },
): ToolError | undefined {
  const { missing = [], state } = snapshot;
  const found: Obstacle[] = [
    ...missing.flatMap((each) => otherStoreOf(each) ?? []),
    ...missing.map(({ object, code }) => ({
      says: sandbox
        ? safe`This sandbox has no ${withinSentence(object)}`
        : safe`${object} does not exist in this account and site`,
      next:
        otherStoreOf({ object, code })?.next ??
        safe`Look its id up (find_certificates, DescribeCSRSet, DescribeHostUpdateRecord); intl and mainland are separate sites.`,
    })),
    ...((state && operation.obstacles?.(params, state)) ?? []),
  ];
  if (found.length === 0) return undefined;
  const [first] = missing;
  return new ToolError({
    kind: "input",
    happened: `${operation.name} was not carried out, and nobody was asked: ${found.map(({ says }) => says).join("; ")}. Nothing was sent.`,
    changed: "no",
    sent: false,
    next: [...new Set(found.map(({ next }) => String(next)))].join(" "),
    ...(first !== undefined && { code: first.code }),
  });
}

type Missing = NonNullable<StateSnapshot["missing"]>[number];

/** That a certificate may be in another store than Tencent Cloud SSL. The name of an object ends with its id. */
function otherStoreOf({ object, code }: Missing): Obstacle | undefined {
  const id = String(object).split(" ").at(-1) ?? "";
  const says = code === certificateNotFound ? describeOtherStore(id) : undefined;
  return says && { says, next: otherStoreNext };
}

/**
 * Why an approved change must not be sent, by a second reading: the state is not as shown, or an obstacle that could
 * not be read before is now known.
 */
export function voidedBy(
  call: PlannedCall,
  before: StateSnapshot,
  after: StateSnapshot,
  options: { readonly sandbox?: boolean; readonly showsPersonalData?: boolean },
): ToolError | undefined {
  const found = stateChanges(before, after);
  if (found.length === 0) return obstaclesTo(call, after, options);
  return stateChanged(call, options.showsPersonalData ? found : withoutPersonalIn(found, before, after));
}

/** "certificate abcd1234"; "CSR 701" stays as it is. */
const withinSentence = (object: SafeText) =>
  verbatim(String(object).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()));

/** Warns about preconditions that could not be checked. */
export function uncheckedIn({ operation }: PlannedCall, { unread = [] }: StateSnapshot): Warning[] {
  if (operation.obstacles === undefined) return [];
  return unread.map(({ object, why }) =>
    caution(safe`Whether ${object} is in a state that allows this was not checked: ${why}.`),
  );
}
