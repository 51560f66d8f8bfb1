import { type Branch, svgTags } from "../html-tree.js";

const drawing = "http://www.w3.org/2000/svg";

function createNode(part: Branch | string): Node {
  if (typeof part === "string") return document.createTextNode(part);
  const node = svgTags.has(part.tag) ? document.createElementNS(drawing, part.tag) : document.createElement(part.tag);
  for (const [name, value] of Object.entries(part.attributes)) node.setAttribute(name, value);
  node.append(...part.children.map(createNode));
  return node;
}

/**
 * Shows `page` in place of what `parent` shows. What stays the same is left alone, and so are focus, what a person has
 * folded, and what a screen reader is reading.
 */
export function show(parent: Element, page: Branch): void {
  updateChildren(parent, [page]);
}

function updateChildren(parent: Element, wanted: readonly (Branch | string)[]): void {
  const present = [...parent.childNodes];
  for (const [index, part] of wanted.entries()) {
    const node = present[index];
    if (node === undefined) parent.append(createNode(part));
    else if (!updateNode(node, part)) parent.replaceChild(createNode(part), node);
  }
  for (const node of present.slice(wanted.length)) node.remove();
}

/** Makes `node` what `part` is; false if it is of another kind. */
function updateNode(node: Node, part: Branch | string): boolean {
  if (typeof part === "string") {
    if (!(node instanceof Text)) return false;
    if (node.data !== part) node.data = part;
    return true;
  }
  if (!(node instanceof Element) || node.localName !== part.tag) return false;
  const { attributes } = part;
  const folded = part.tag === "details" ? ["open"] : [];
  for (const { name } of [...node.attributes])
    if (!Object.hasOwn(attributes, name) && !folded.includes(name)) node.removeAttribute(name);
  for (const [name, value] of Object.entries(attributes))
    if (node.getAttribute(name) !== value && !folded.includes(name)) node.setAttribute(name, value);
  updateChildren(node, part.children);
  return true;
}
