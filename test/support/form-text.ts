/** What Markdown reads of a paragraph, each code span replaced by one backtick; and what a person sees of it. */
export function readAsMarkdown(paragraph: string) {
  let [read, seen, at] = ["", "", 0];
  while (at < paragraph.length) {
    const fence = /^`+/.exec(paragraph.slice(at))?.[0];
    if (fence === undefined) {
      read += paragraph.charAt(at);
      seen += paragraph.charAt(at);
      at += 1;
      continue;
    }
    const from = at + fence.length;
    const length = [...paragraph.slice(from).matchAll(/`+/g)].find(([run]) => run === fence)?.index;
    if (length === undefined) throw new Error(`a code span without an end: ${paragraph.slice(at)}`);
    const inside = paragraph.slice(from, from + length);
    read += "`";
    seen += /^ .*[^ ].* $/s.test(inside) ? inside.slice(1, -1) : inside;
    at = from + length + fence.length;
  }
  return { read, seen };
}

/** What a person sees of a form's message: without the backticks of code spans and the spaces that keep lines apart. */
export function seenOf(message: string): string {
  return message
    .split("\n\n")
    .map((paragraph) => readAsMarkdown(paragraph).seen.replaceAll("  \n", "\n"))
    .join("\n\n");
}
