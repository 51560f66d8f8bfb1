// Writes the documents generated from the program. Run it after a change to the catalogue, the settings or the version.
import { readFileSync, writeFileSync } from "node:fs";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { generatedFiles } from "../build/scripts/docs/index.js";

const at = (path) => new URL(`../${path}`, import.meta.url);
const files = generatedFiles(
  (path) => readFileSync(at(path), "utf8"),
  (text) => encode(text).length,
);
for (const [path, content] of Object.entries(files)) writeFileSync(at(path), content);
