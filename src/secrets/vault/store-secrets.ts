import { documentedPart, noteOnOmitted } from "../../catalogue/documented-reply.js";
import type { Operation } from "../../catalogue/operation.js";
import { type Content, isSecret } from "../../catalogue/params.js";
import { sensitiveContents } from "../../catalogue/sensitive.js";
import { isObject, isUnread, type JsonObject } from "../../lib/json.js";
import { privateKeyLength } from "../redaction/der.js";
import { holdsSecret, isSecretMember, type SecretNames } from "../strip-secrets.js";
import { describeEntry } from "./describe.js";
import type { Vault } from "./vault.js";

/** A place in a reply, turned into text only for stored secrets: a long reply has a hundred thousand places. */
interface Place {
  readonly within: Place | undefined;
  readonly step: string | number;
}

function pathOf({ within, step }: Place): string {
  return within === undefined ? String(step) : `${pathOf(within)}.${step}`;
}

export interface StoredSecrets {
  readonly result: JsonObject;
  /** One sentence for each stored secret. */
  readonly notes: readonly string[];
}

/**
 * Moves the secret members of a result into the vault; the result holds their references instead.
 * @param about `names` of secret members, at any depth: a cloud may add one that its documents do not mention; the
 * `owner`, the requested certificate or CSR, unless there is a CertificateId next to the secret
 */
export function storeSecrets(
  operation: Pick<Operation, "name" | "result">,
  result: JsonObject,
  vault: Vault,
  about: { readonly names: SecretNames; readonly owner?: string | undefined },
): StoredSecrets {
  const notes: string[] = [];
  const droppedBefore = vault.dropped;
  let holdsPassword = false;
  let count = 0;

  const keep = (value: unknown, name: string, place: Place, owner: string | undefined): string => {
    const unkept = (why: string): string => {
      if (notes.length < notesAtMost) notes.push(`${pathOf(place)} is not held: ${why}.`);
      return `[not held: ${why}]`;
    };
    if (isUnread(value)) return unkept("it is longer than any secret");
    if (count >= secretsAtMost) return unkept(`a reply holds at most ${secretsAtMost} secrets`);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const content = contentOf(text, sensitiveContents(operation.result).get(name));
    count += 1;
    const reference = vault.keep({ content, text, operation: operation.name, member: name, owner });
    holdsPassword ||= content === "password";
    const entry = vault.find(reference);
    if (entry !== undefined) notes.push(`${pathOf(place)} is held as ${reference}: ${describeEntry(entry)}.`);
    return reference;
  };

  const membersOf = (members: JsonObject, at: Place | undefined, owner: string | undefined): JsonObject => {
    const nearest = typeof members.CertificateId === "string" ? members.CertificateId : owner;
    return Object.fromEntries(
      Object.entries(members).map(([name, member]) => {
        const place: Place = { within: at, step: name };
        // Empty values are not stored and stay in place.
        const held = isSecretMember(name, member, about.names);
        return [name, held ? keep(member, name, place, nearest) : within(member, place, nearest)];
      }),
    );
  };

  const within = (value: unknown, at: Place, owner: string | undefined): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => within(item, { within: at, step: index }, owner));
    return isObject(value) ? membersOf(value, at, owner) : value;
  };

  // Most replies have none, and copying a long one takes time.
  const kept = holdsSecret(result, about.names) ? membersOf(result, undefined, about.owner) : result;
  const all = [...notes, ...noteOfDropped(vault.dropped - droppedBefore)];
  if (!holdsPassword) return { result: kept, notes: all };
  // A cloud may repeat the password in undocumented members; searching for it would confirm a guess.
  const part = documentedPart(operation.result, kept, about.names);
  return { result: part.value, notes: [...all, ...noteOnOmitted(part, "the reply holds a password")] };
}

/** More than any documented reply has. Each is parsed, and archives are opened. */
const secretsAtMost = 8;
const notesAtMost = 2 * secretsAtMost;

/** The documented kind of a member, or else a guess from its content. */
function contentOf(text: string, documented: Content | undefined): Content {
  if (documented !== undefined && isSecret(documented)) return documented;
  if (text.includes("PRIVATE KEY-----") || privateKeyLength(Buffer.from(text, "base64")) !== undefined) {
    return "private key";
  }
  // Base64 of a ZIP file's signature.
  return text.startsWith("UEsDB") ? "archive" : "password";
}

function noteOfDropped(count: number): string[] {
  if (count === 0) return [];
  return [`To make room, the vault dropped its ${count === 1 ? "oldest entry" : `${count} oldest entries`}.`];
}
