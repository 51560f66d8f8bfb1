import { explanationOf } from "../../../catalogue/errors/explanation.js";
import { errorStatus } from "../../../catalogue/errors/index.js";
import type { Service } from "../../../catalogue/services.js";

/** All that is known about an error code, in Markdown; undefined if nothing is. */
export function errorPage(service: Service, code: string): string | undefined {
  const explanation = explanationOf(service, code);
  if (explanation === undefined) return undefined;
  const { meaning, causes, checks, retry, next, documentedFor } = explanation;
  const status = errorStatus(service, code);
  return [
    `# ${code}`,
    `${service.title}${status === undefined ? "" : `, HTTP status ${status}`}`,
    meaning,
    listed("Likely causes, the most frequent first", numbered(causes)),
    listed("What to check", bulleted(checks)),
    `## Does a repeat help?\n${retry}`,
    `## Next\n${next}`,
    documentedFor.length === 0
      ? "No single operation lists this code: it may come from any call of the service."
      : listed("Listed in the documents of", bulleted(documentedFor)),
  ].join("\n\n");
}

const listed = (title: string, lines: readonly string[]) => [`## ${title}`, ...lines].join("\n");
const numbered = (items: readonly string[]) => items.map((item, index) => `${index + 1}. ${item}`);
const bulleted = (items: readonly string[]) => items.map((item) => `- ${item}`);
