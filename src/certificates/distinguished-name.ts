import { type Element, elements, oidOf } from "./der.js";

const commonNameId = "2.5.4.3";
const bmpString = 0x1e;

/** The last common name in a Name, which is the most specific one. */
export function commonNameIn(name: Element): string | undefined {
  const attributes = elements(name.content).flatMap((set) =>
    elements(set.content).map(({ content }) => elements(content)),
  );
  const [, value] = attributes.findLast(([type]) => oidOf(type) === commonNameId) ?? [];
  return value && textOf(value);
}

function textOf({ tag, content }: Element): string {
  return tag === bmpString ? Buffer.from(content).swap16().toString("utf16le") : content.toString("utf8");
}
