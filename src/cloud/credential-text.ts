import type { Cloud } from "../catalogue/services.js";
import { codePoint, type SafeText, safe, verbatim } from "../lib/safe-text.js";

/** One half of a credential as it was set, and where. */
export interface Setting {
  /** The variable, or the field and its file, that a person has to correct. */
  readonly from: string;
  readonly value: string;
}

/** Characters of ids, keys and tokens of the three clouds: base64 in both alphabets, and the dot of `STS.`. */
const alphabet = /[^A-Za-z0-9+/=_.~-]/;

/**
 * The value without a byte order mark and white space around it: files, Kubernetes secrets and here-documents end in a
 * line break. INI files of the vendors' tools are read like that, too.
 */
export const trimmed = ({ value }: Setting): string => value.trim();

/**
 * Why a setting cannot be a credential, as a sentence without the value; undefined if it can. A cloud would only say
 * that it does not know the key, and such characters cannot even be sent in a header.
 */
export function credentialFault(setting: Setting): SafeText | undefined {
  const value = trimmed(setting);
  const from = verbatim(setting.from);
  if (value === "") return safe`${from} is blank.`;
  if (isPlaceholder(value)) return safe`${from} still holds a placeholder instead of a credential.`;
  if (/^(["'`“‘]).*["'`”’]$/su.test(value)) return safe`${from} is in quotation marks.`;
  // No base64 has a single = in its middle.
  if (/^[A-Za-z]+_\w+=[^=]/.test(value)) return safe`${from} holds NAME=value, not the value alone.`;
  const at = value.search(alphabet);
  if (at === -1) return undefined;
  const [character = ""] = value.slice(at);
  const found = nameOf(character);
  return safe`${from} holds ${found} (character ${at + 1}), which no id, key or token has.`;
}

/** Ids of Tencent Cloud, of Alibaba Cloud (permanent, temporary) and of Huawei Cloud; no key has their form. */
const idForm = /^(?:(?:AKID|LTAI)\w{8,}|STS\.\w{8,}|[A-Z0-9]{20})$/;

/** Why two settings cannot be id and key, as a sentence without the values; undefined if they can. */
export function swapFault(id: Setting, key: Setting): SafeText | undefined {
  if (!idForm.test(trimmed(key))) return undefined;
  return safe`${verbatim(key.from)} holds what looks like an id: ${verbatim(id.from)} and ${verbatim(key.from)} look swapped.`;
}

/**
 * Why what is set as an id cannot be one of this cloud, as a sentence without the value; undefined if it can. Tencent
 * Cloud's international site gives ids of another form, so only what is certainly another cloud's is refused.
 */
export function idFault(cloud: Cloud, id: Setting, hasToken: boolean): SafeText | undefined {
  const value = trimmed(id);
  const temporary = /^STS\.\w{8,}$/.test(value);
  if (cloud !== "alibaba" && (temporary || /^LTAI\w{8,}$/.test(value)))
    return safe`${verbatim(id.from)} holds an id of Alibaba Cloud.`;
  // 20 capital letters and digits may be Huawei Cloud's.
  if (cloud !== "tencent" && /^AKID\w{17,}$/.test(value))
    return safe`${verbatim(id.from)} holds an id of Tencent Cloud.`;
  return temporary && !hasToken
    ? safe`${verbatim(id.from)} holds a temporary id (STS.…), which counts only with its token, and that is not set.`
    : undefined;
}

/** Keys have 30 characters and more. */
const MAX_ID_LENGTH = 20;

/** Whether what is set as an id may be a key: such a value is treated as a secret. */
export function mayBeKey(id: string): boolean {
  return id.length > MAX_ID_LENGTH && !/^(?:AKID|LTAI|STS\.|[A-Z0-9]+$)/.test(id);
}

/** Placeholders that clients and documents use: `${input:id}`, `{{ID}}`, `<your-secret-id>`, `…`, `xxxxxx`. */
function isPlaceholder(value: string): boolean {
  return (
    /^(\$\{.*\}|\{\{.*\}\}|\$\(.*\)|<.*>|\[.*\]|%\w+%|\$[A-Za-z_]\w*)$/su.test(value) ||
    /…|\.\.\.|[*•]{3}|^x+$/iu.test(value) ||
    /^(your|my|insert|enter|paste|replace|change|put|fill|placeholder|example)([-_ ]|me\b|$)/iu.test(value) ||
    /^(your)?[-_ ]?(secret|access|api)[-_ ]?(key)?[-_ ]?(id|key|secret)?$/iu.test(value) ||
    /^(todo|tbd|null|none|undefined)$/iu.test(value)
  );
}

const names: Readonly<Record<number, SafeText>> = {
  9: safe`a tab`,
  10: safe`a line break`,
  13: safe`a line break`,
  32: safe`a space`,
  34: safe`a quotation mark`,
  39: safe`a quotation mark`,
  160: safe`a no-break space`,
  8203: safe`an invisible space`,
  65279: safe`a byte order mark`,
};

function nameOf(character: string): SafeText {
  return (
    names[character.charCodeAt(0)] ??
    safe`the character ${verbatim(/^[!-~]$/.test(character) ? character : codePoint(character))}`
  );
}
