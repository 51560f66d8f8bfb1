import { struct, text } from "../catalogue/params.js";
import { unseen } from "../catalogue/planned.js";
import { array, members, string } from "../catalogue/results.js";
import { ownTool, thisComputer } from "../own-tool.js";
import { saveEntry } from "../secrets/vault/save.js";

export const saveToFile = ownTool({
  name: "save_to_file",
  title: "Save a held secret to files",
  service: thisComputer,
  summary:
    "Write a vault entry, or an archive's certificate, chain and key, into a directory that the operator named. Never over a file.",
  effect: "create",
  params: struct({
    reference: text("vault: reference; #key, #leaf, #chain or #fullchain for one part"),
    directory: text("Allowed directory"),
    name: text("File name without ending, e.g. the domain"),
  }),
  result: members({ files: array(members({ path: string(), what: string() })) }),
  ask: (p) => `Write ${p.reference} to files named ${p.name} in ${p.directory}?`,
  warn: () => ["A private key on disk can be read by every program of its owner."],
  changes: (p) => [{ subject: unseen(`Files ${p.name}.* in ${p.directory}`), aspect: "existence", then: "written" }],
  run: async ({ reference, directory, name }, { vault, directories }) => ({
    files: await saveEntry(vault, reference, directory, name, { directories }),
  }),
});
