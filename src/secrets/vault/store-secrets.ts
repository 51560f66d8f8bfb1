import { documentedPart, noteOnOmitted } from "../../catalogue/documented-reply.js";
import type { Operation } from "../../catalogue/operation.js";
import { type Content, isSecret } from "../../catalogue/params.js";
import { sensitiveContents } from "../../catalogue/sensitive.js";
import { below, isObject, isUnread, type JsonObject } from "../../lib/json.js";
import { privateKeyLength } from "../redaction/der.js";
import { holdsSecret, isSecretMember, type SecretNames } from "../strip-secrets.js";
import { describeEntry } from "./describe.js";
import type { Vault } from "./vault.js";

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
  const evictedBefore = vault.evictedCount;
  let holdsPassword = false;
  let count = 0;

  const keep = (value: unknown, name: string, place: string, owner: string | undefined): string => {
    const notStored = (why: string): string => {
      if (notes.length < MAX_NOTES) notes.push(`${place} is not held: ${why}.`);
      return `[not held: ${why}]`;
    };
    if (isUnread(value)) return notStored("it is longer than any secret");
    if (count >= MAX_SECRETS) return notStored(`a reply holds at most ${MAX_SECRETS} secrets`);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const content = contentOf(text, sensitiveContents(operation.result).get(name));
    count += 1;
    const reference = vault.keep({ content, text, operation: operation.name, member: name, owner });
    holdsPassword ||= content === "password";
    const entry = vault.find(reference);
    if (entry !== undefined) notes.push(`${place} is held as ${reference}: ${describeEntry(entry)}.`);
    return reference;
  };

  const storeMembers = (members: JsonObject, at: string, owner: string | undefined): JsonObject => {
    const nearest = typeof members.CertificateId === "string" ? members.CertificateId : owner;
    return Object.fromEntries(
      Object.entries(members).map(([name, member]) => {
        const place = below(at, name);
        // Empty values are not stored and stay in place.
        const isSecretValue = isSecretMember(name, member, about.names);
        return [name, isSecretValue ? keep(member, name, place, nearest) : storeNested(member, place, nearest)];
      }),
    );
  };

  const storeNested = (value: unknown, at: string, owner: string | undefined): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => storeNested(item, below(at, index), owner));
    return isObject(value) ? storeMembers(value, at, owner) : value;
  };

  // Most replies have none, and copying a long one takes time.
  const stored = holdsSecret(result, about.names) ? storeMembers(result, "", about.owner) : result;
  const all = [...notes, ...evictionNotes(vault.evictedCount - evictedBefore)];
  if (!holdsPassword) return { result: stored, notes: all };
  // A cloud may repeat the password in undocumented members; searching for it would confirm a guess.
  const part = documentedPart(operation.result, stored, about.names);
  return { result: part.value, notes: [...all, ...noteOnOmitted(part, "the reply holds a password")] };
}

/** More than any documented reply has. Each is parsed, and archives are opened. */
const MAX_SECRETS = 8;
const MAX_NOTES = 2 * MAX_SECRETS;

/** The documented kind of a member, or else a guess from its content. */
function contentOf(text: string, documented: Content | undefined): Content {
  if (documented !== undefined && isSecret(documented)) return documented;
  if (text.includes("PRIVATE KEY-----") || privateKeyLength(Buffer.from(text, "base64")) !== undefined) {
    return "private key";
  }
  // Base64 of a ZIP file's signature.
  return text.startsWith("UEsDB") ? "archive" : "password";
}

function evictionNotes(count: number): string[] {
  if (count === 0) return [];
  return [`To make room, the vault dropped its ${count === 1 ? "oldest entry" : `${count} oldest entries`}.`];
}
