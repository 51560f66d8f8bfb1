// Makes the pictures of the documents, docs/approval-page.png, docs/session.svg, docs/estate.png and docs/deployment.png,
// from the built server on its sandbox, and every look of view and report, for looking at them, in build/pictures.
// Run it when the page or the wording of a question changes, and check the result; ids and dates differ between runs.
// Needs Debian's Chromium.
import { mkdirSync, writeFileSync } from "node:fs";
import { approvalPage } from "./approval-page.js";
import { asSvg } from "./as-svg.js";
import { session } from "./session.js";
import { views } from "./views.js";

const docs = new URL("../../docs/", import.meta.url);
mkdirSync(docs, { recursive: true });
writeFileSync(new URL("approval-page.png", docs), await approvalPage());
writeFileSync(new URL("session.svg", docs), asSvg(await session()));

const looks = new URL("../../build/pictures/", import.meta.url);
mkdirSync(looks, { recursive: true });
const seen = await views();
for (const [name, picture] of Object.entries(seen)) writeFileSync(new URL(`${name}.png`, looks), picture);
writeFileSync(new URL("estate.png", docs), seen["estate-desktop-light"]);
writeFileSync(new URL("deployment.png", docs), seen["deployment-desktop-light"]);
