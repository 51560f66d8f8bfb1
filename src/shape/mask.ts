import { type PersonalKind, personalMembers } from "../catalogue/tencent-ssl/words-members.js";
import { isObject } from "../json.js";
import { isEmpty } from "./empty.js";
import { enumerated } from "./words.js";

type Members = Readonly<Record<string, unknown>>;

/** Personal data of certificate orders, masked so that somebody who knows the person still recognises it. */
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

const noteOn = (names: readonly string[]) => `Personal data is masked, as this server is set up: ${enumerated(names)}.`;

const stars = "***";

/** A value of another type than documented is masked whole. */
function maskedValue(value: unknown, kind: PersonalKind): string {
  if (typeof value !== "string") return stars;
  const domain = value.lastIndexOf("@");
  if (kind === "e-mail" && domain > 0) return `${maskedWords(value.slice(0, domain))}${value.slice(domain)}`;
  return kind === "number" ? maskedNumber(value) : maskedWords(value);
}

function maskedWords(words: string): string {
  const [first = "", ...rest] = words;
  return rest.length === 0 ? stars : `${first}${stars}`;
}

/** The last two, of a number long enough to have others. */
function maskedNumber(number: string): string {
  return number.length > 4 ? `${stars}${number.slice(-2)}` : stars;
}
