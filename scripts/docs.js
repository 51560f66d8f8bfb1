// Writes the generated parts of README.md and manifest.json. Run it after a change to the catalogue or the settings.
import { readFileSync, writeFileSync } from "node:fs";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { manifestTools, withGeneratedParts } from "../build/reference.js";
import { version } from "../build/version.js";

const readme = new URL("../README.md", import.meta.url);
writeFileSync(
  readme,
  withGeneratedParts(readFileSync(readme, "utf8"), (text) => encode(text).length),
);

const manifest = new URL("../manifest.json", import.meta.url);
const content = { ...JSON.parse(readFileSync(manifest, "utf8")), version, tools: manifestTools() };
writeFileSync(manifest, `${JSON.stringify(content, null, 2)}\n`);
