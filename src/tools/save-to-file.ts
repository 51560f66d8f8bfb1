import { directory, struct, text } from "../catalogue/params.js";
import { newSubject, planned } from "../catalogue/planned-change.js";
import { array, members, string } from "../catalogue/results.js";
import { loss } from "../catalogue/warnings.js";
import { brief, inQuotes, type SafeText, safe } from "../lib/safe-text.js";
import { defineTool, thisComputerService } from "../pipeline/tool.js";
import { fileName, nextWithFiles, planSave, saveEntry } from "../secrets/vault/save.js";

export const saveToFile = defineTool({
  name: "save_to_file",
  title: "Save a held secret to files",
  service: thisComputerService,
  summary:
    "Write a vault entry, or an archive's certificate, chain and key, into a directory that the operator named. Never overwrites.",
  effect: "create",
  params: struct({
    reference: text("vault: reference; #key, #leaf, #chain or #fullchain for one part"),
    directory: directory("Allowed directory"),
    name: text("File name without ending, e.g. the domain"),
  }),
  result: members({ files: array(members({ path: string(), what: string() })), next: string() }),
  approvalQuestion: (p) => writeFiles(brief(p.reference), p.name, p.directory),
  warnings: () => [loss(safe`A private key on disk can be read by every program of its owner.`)],
  plannedChanges: (p) => [
    planned(
      newSubject(safe`Files ${inQuotes(`${fileName(p.name)}.*`)} in ${inQuotes(p.directory)}`),
      "existence",
      safe`written`,
    ),
  ],
  check: async (given, { vault, directories, otherAccounts: others }) => {
    const { reference, directory, name } = given;
    const { place, files, what } = await planSave(vault, reference, directory, name, { directories, others });
    return {
      params: { ...given, directory: place },
      question: writeFiles(what, name, place),
      changes: files.map(({ path, says }) => planned(newSubject(safe`File ${inQuotes(path)}`), "existence", says)),
    };
  },
  run: async ({ reference, directory, name }, { vault, directories }) => {
    const files = await saveEntry(vault, reference, directory, name, { directories, shown: directory });
    const next = nextWithFiles(files);
    return { files, ...(next !== undefined && { next }) };
  },
});

const writeFiles = (what: SafeText, name: string, directory: string) =>
  safe`Write ${what} to files named ${brief(fileName(name))} in ${brief(directory)}?`;
