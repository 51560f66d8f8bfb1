// Makes the README's two pictures, docs/approval-page.png and docs/session.svg, from the built server on its sandbox. Run it
// when the page or the words of a question change, and look at what came of it; ids and dates differ from run to run.
// Needs Debian's Chromium.
import { mkdirSync, writeFileSync } from "node:fs";
import { approvalPage } from "./approval-page.js";
import { asSvg } from "./as-svg.js";
import { session } from "./session.js";

const docs = new URL("../../docs/", import.meta.url);
mkdirSync(docs, { recursive: true });
writeFileSync(new URL("approval-page.png", docs), await approvalPage());
writeFileSync(new URL("session.svg", docs), asSvg(await session()));
