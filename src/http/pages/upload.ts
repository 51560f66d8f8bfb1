import type { Person } from "../../identity/person.js";
import { pickContent } from "../../secrets/references/pick-content.js";
import { UnfitContent } from "../../secrets/references/refuse.js";
import { keyFacts, vaultCertificateFacts } from "../../secrets/vault/key-facts.js";
import type { NewEntry } from "../../secrets/vault/vault.js";

/** Where a person's uploads go. */
export interface Uploads {
  /** The accounts that the person may bring keys for. */
  accountsOf(person: Person): readonly string[];
  /** Puts it into the person's vault for the account; resolves to its reference. */
  keep(person: Person, account: string, entry: NewEntry): Promise<string>;
}

export interface StoredUpload {
  readonly what: "privateKey" | "certificate";
  readonly reference: string;
  /** Lets a person recognize it; reveals nothing of a key. */
  readonly facts: string;
}

/**
 * Stores what a file holds: a key, a certificate with its chain, or both.
 * @throws {UnfitContent} unless all that the file holds could be stored
 */
export async function storeUpload(
  bytes: Buffer,
  password: string | undefined,
  keep: (entry: NewEntry) => Promise<string>,
): Promise<readonly StoredUpload[]> {
  const origin = { operation: "upload", member: "file" };
  const certificate = await pickedOr(() => pickContent(bytes, "certificate"));
  const key = await pickedOr(() => pickContent(bytes, "private key", { ...(password && { password }) }));
  // A file that holds one of the two is fine; a key that does not open is not, and neither is a file without both.
  const unfit = [key, certificate].filter((each) => each instanceof UnfitContent);
  const fault = unfit.find((each) => each.fault.what !== "missing") ?? unfit[1];
  if (fault !== undefined) throw fault;
  const stored: StoredUpload[] = [];
  if (typeof key === "string") {
    const reference = await keep({ ...origin, content: "private key", text: key });
    stored.push({ what: "privateKey", reference, facts: keyFacts(key)?.type ?? "" });
  }
  if (typeof certificate === "string") {
    const reference = await keep({ ...origin, content: "certificate", text: certificate });
    stored.push({ what: "certificate", reference, facts: vaultCertificateFacts(certificate)?.names.join(", ") ?? "" });
  }
  return stored;
}

async function pickedOr(pickIt: () => Promise<string>): Promise<string | UnfitContent> {
  try {
    return await pickIt();
  } catch (error) {
    if (error instanceof UnfitContent) return error;
    throw error;
  }
}
