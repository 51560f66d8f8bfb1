import { struct } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { ownTool, thisComputer } from "../own-tool.js";

export const listVault = ownTool({
  name: "list_vault",
  title: "List held secrets",
  service: thisComputer,
  summary:
    "Private keys, passwords and archives that came out of a cloud in this session, by vault: reference, without the secrets.",
  effect: "read",
  params: struct({}),
  result: members({ entries: array(members({ reference: string() })) }),
  run: async (_params, { vault }) => ({ entries: vault.list() }),
});
