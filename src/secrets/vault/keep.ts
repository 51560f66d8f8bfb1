import { documentedPart, noteOfLeftOut } from "../../catalogue/documented.js";
import type { Operation } from "../../catalogue/operation.js";
import { type Content, isSecret } from "../../catalogue/params.js";
import { sensitiveValues } from "../../catalogue/sensitive.js";
import { isObject } from "../../json.js";
import { privateKeyLength } from "../redaction/der.js";
import { describeEntry } from "./describe.js";
import type { Vault } from "./vault.js";

/** What is known of a result besides its members. */
export interface About {
  /** Names of the members that are secret, wherever they stand: a cloud may add one where its documents have none. */
  readonly names: ReadonlySet<string>;
  /** The id of the certificate or CSR that was asked for; a CertificateId beside the secret goes before it. */
  readonly owner?: string | undefined;
}

export interface Kept {
  readonly result: Record<string, unknown>;
  /** A sentence for each secret that was kept. */
  readonly notes: readonly string[];
}

/** Puts the secret members of a result into the vault; the result holds their references instead. */
export function keepSecrets(
  operation: Pick<Operation, "name" | "result">,
  result: Readonly<Record<string, unknown>>,
  vault: Vault,
  about: About,
): Kept {
  const notes: string[] = [];
  const documented = new Map(sensitiveValues(operation.result, result).map(({ path, content }) => [path, content]));
  const droppedBefore = vault.dropped;
  let holdsPassword = false;

  const keep = (value: unknown, name: string, path: string, owner: string | undefined): string => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const content = contentOf(text, documented.get(path));
    const reference = vault.keep({ content, text, operation: operation.name, member: name, owner });
    holdsPassword ||= content === "password";
    const entry = vault.find(reference);
    if (entry !== undefined) notes.push(`${path} is held as ${reference}: ${describeEntry(entry)}.`);
    return reference;
  };

  const membersOf = (members: Readonly<Record<string, unknown>>, path: string, owner: string | undefined) => {
    const nearest = typeof members.CertificateId === "string" ? members.CertificateId : owner;
    return Object.fromEntries(
      Object.entries(members).map(([name, member]): [string, unknown] => {
        const place = path === "" ? name : `${path}.${name}`;
        const held = about.names.has(name) && !isNothing(member);
        return [name, held ? keep(member, name, place, nearest) : within(member, place, nearest)];
      }),
    );
  };

  const within = (value: unknown, path: string, owner: string | undefined): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => within(item, `${path}.${index}`, owner));
    return isObject(value) ? membersOf(value, path, owner) : value;
  };

  const kept = membersOf(result, "", about.owner);
  const all = [...notes, ...noteOfDropped(vault.dropped - droppedBefore)];
  if (!holdsPassword) return { result: kept, notes: all };
  // A cloud that repeats the password does so where its documents have nothing; a search for it would confirm a guess.
  const part = documentedPart(operation.result, kept, about.names);
  return { result: part.value, notes: [...all, ...noteOfLeftOut(part, "the reply holds a password")] };
}

/** Nothing that could be kept: what is empty stays as it is. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

/** What a member is by the documents, or else by its looks. */
function contentOf(text: string, documented: Content | undefined): Content {
  if (documented !== undefined && isSecret(documented)) return documented;
  if (text.includes("PRIVATE KEY-----") || privateKeyLength(Buffer.from(text, "base64")) !== undefined) {
    return "private key";
  }
  // How the signature of a ZIP file begins in base64.
  return text.startsWith("UEsDB") ? "archive" : "password";
}

function noteOfDropped(count: number): string[] {
  if (count === 0) return [];
  return [`To make room, the ${count === 1 ? "oldest entry" : `${count} oldest entries`} of the vault had to go.`];
}
