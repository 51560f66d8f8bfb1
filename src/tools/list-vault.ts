import { struct } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { defineTool, thisComputerService } from "../pipeline/tool.js";
import type { VaultListing } from "../secrets/vault/vault.js";
import { expiryMembers, namesForReply } from "./certificate-members.js";

export const listVault = defineTool({
  name: "list_vault",
  title: "List held secrets",
  service: thisComputerService,
  summary:
    "Private keys, passwords and archives that came out of a cloud in this session, by vault: reference, without the secrets.",
  effect: "read",
  params: struct({}),
  result: members({ entries: array(members({ reference: string() })) }),
  run: async (_params, { vault, now }) => {
    await vault.refresh();
    const entries = vault.list().map((entry) => rowOf(entry, now()));
    return { entries, ...(entries.length === 0 && { says: "Nothing is held: no secret came out of a cloud yet." }) };
  },
});

function rowOf({ owner, keptAt, key, certificate, parts, ...entry }: VaultListing, now: Date) {
  const publicKey = key?.publicKeySha256 ?? certificate?.publicKeySha256;
  return {
    ...entry,
    ...(owner !== undefined && { belongs_to: owner }),
    kept_at: keptAt,
    ...(key && { key: key.type }),
    ...(publicKey && { public_key_sha256: publicKey }),
    ...(certificate && {
      certificate: { ...namesForReply(certificate.names), ...expiryMembers(certificate.notAfter, now) },
    }),
    ...(parts && { parts }),
  };
}
