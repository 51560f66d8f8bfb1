import type { Language } from "../lib/language.js";
import { cspHash } from "../lib/sha256.js";
import { version } from "../lib/version.js";
import { element, toHtml } from "./html-tree.js";
import { inventoryPage } from "./inventory-page.js";
import { inventoryIn } from "./inventory-view.js";
import { renewalsCard } from "./renewals-card.js";
import { viewScript } from "./script.js";
import { viewStyle } from "./style.js";
import { minuteIn, viewTextsIn } from "./texts.js";

/** Neither document loads or sends anything; what runs is known by its hash. */
function documentWith(lang: string, title: string, body: string, script?: string): string {
  const policy = [
    "default-src 'none'",
    `style-src '${cspHash(viewStyle)}'`,
    ...(script === undefined ? [] : [`script-src '${cspHash(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${toHtml(title)} · cloudcert-mcp</title>
<style>${viewStyle}</style>
</head>
<body>
${body}
${script === undefined ? "" : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** The document of the view, which shows what a host sends to it. */
export function viewDocument(): string {
  const { lang, inventory, reading } = viewTextsIn.en;
  const body = toHtml(element("main", {}, element("p", { role: "status" }, reading)));
  return documentWith(lang, inventory, body, viewScript);
}

/**
 * The inventory as a document of its own, without a script.
 * @param reply of find_certificates, with all pages
 * @param plan of plan_renewals, with all pages
 */
export function reportDocument(reply: unknown, language: Language, madeAt: Date, plan?: unknown): string {
  const texts = viewTextsIn[language];
  const view = inventoryIn(reply);
  if (view === undefined) throw new Error("This is no reply of find_certificates.");
  const remark = texts.madeAt(minuteIn(madeAt.toISOString()), version);
  return documentWith(
    texts.lang,
    texts.inventory,
    toHtml(inventoryPage(view, texts, remark, renewalsCard(plan, texts))),
  );
}
