import { maskedValue } from "../catalogue/personal.js";
import { personalMembers } from "../catalogue/tencent-ssl/member-facts.js";
import { isObject } from "../lib/json.js";
import { isEmpty } from "./empty.js";
import { enumerated } from "./enumerated.js";

type Members = Readonly<Record<string, unknown>>;

/** Masks personal data of certificate orders, leaving enough for someone who knows the person to recognize it. */
export function maskPersonal(result: Members): { result: Members; notes: string[] } {
  const masked = new Set<string>();
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(within);
    return isObject(value) ? membersOf(value) : value;
  };
  const membersOf = (members: Members): Members =>
    Object.fromEntries(
      Object.entries(members).map(([name, member]) => {
        const kind = personalMembers.get(name);
        if (kind === undefined) return [name, within(member)];
        if (isEmpty(member)) return [name, member];
        masked.add(name);
        return [name, maskedValue(member, kind)];
      }),
    );
  const shown = membersOf(result);
  return { result: shown, notes: masked.size === 0 ? [] : [noteOn([...masked])] };
}

const noteOn = (names: readonly string[]) =>
  `Personal data is masked, as this server is configured: ${enumerated(names)}.`;
