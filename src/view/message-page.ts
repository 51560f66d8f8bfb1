import type { ViewTexts } from "./texts.js";
import { type Branch, element } from "./tree.js";
import { membersIn, rowsIn, sentencesIn, textIn } from "./values.js";

/** A page with a title and sentences. */
export function messagePage(title: string, sentences: readonly string[], look = "card"): Branch {
  return element(
    "main",
    {},
    element(
      "section",
      { class: look, role: "status" },
      element("h1", {}, title),
      sentences.map((sentence) => element("p", { dir: "auto" }, sentence)),
    ),
  );
}

/** A reply that is neither: a failure, a call that goes on, or something that is only text. */
export function otherReply(result: unknown, texts: ViewTexts): Branch {
  const { isError, structuredContent, content } = membersIn(result);
  const structure = membersIn(structuredContent);
  const facts = membersIn(structure.error ?? structure);
  const next = textIn(facts.next);
  const told = sentencesIn([facts.happened, next === undefined ? undefined : texts.labelled(texts.next_step, next)]);
  if (isError === true) {
    const text = sentencesIn(rowsIn(content).map((part) => part.text));
    return messagePage(texts.failed, told.length > 0 ? told : text, "card failed");
  }
  return told.length > 0 ? messagePage(texts.waiting, told) : messagePage(texts.textOnly, []);
}
