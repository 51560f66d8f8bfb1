import { escapeHtml, escapeInvisibleLines } from "../lib/invisible.js";

/** A page as plain data, which becomes HTML text in a report and elements in a host's frame: the same page in both. */
export interface Branch {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Branch | string)[];
}

/** `false` and `undefined` are nothing, for parts that are shown under a condition. */
export type PageContent = Branch | string | false | undefined | readonly PageContent[];

/** An element. Text is only ever text, and what is invisible in it is made visible. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | undefined>>,
  ...children: readonly PageContent[]
): Branch {
  const defined = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, escapeInvisibleLines(value)] as const],
  );
  return { tag, attributes: Object.fromEntries(defined), children: children.flatMap(flat) };
}

function flat(content: PageContent): (Branch | string)[] {
  if (content === undefined || content === false) return [];
  if (typeof content === "string") return [escapeInvisibleLines(content)];
  return "tag" in content ? [content] : content.flatMap(flat);
}

/** Elements of a drawing, which a browser creates in a way of their own. */
export const svgTags: ReadonlySet<string> = new Set(["svg", "rect"]);

/** The page as HTML. */
export function toHtml(part: Branch | string): string {
  if (typeof part === "string") return escapeHtml(part);
  const attributes = Object.entries(part.attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  return `<${part.tag}${attributes.join("")}>${part.children.map(toHtml).join("")}</${part.tag}>`;
}
