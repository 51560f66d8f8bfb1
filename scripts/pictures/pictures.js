// Makes the README's two pictures, docs/approval-page.png and docs/session.svg, from the built server on its sandbox.
// Run it when the page or the wording of a question changes, and check the result; ids and dates differ between runs.
// Needs Debian's Chromium.
import { mkdirSync, writeFileSync } from "node:fs";
import { approvalPage } from "./approval-page.js";
import { asSvg } from "./as-svg.js";
import { session } from "./session.js";

const docs = new URL("../../docs/", import.meta.url);
mkdirSync(docs, { recursive: true });
writeFileSync(new URL("approval-page.png", docs), await approvalPage());
writeFileSync(new URL("session.svg", docs), asSvg(await session()));
