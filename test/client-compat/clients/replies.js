/** The structure in a tool's reply that must not be an error. */
export function structureOf({ isError, structuredContent, content }) {
  if (isError) throw new Error(content.map(({ text }) => text).join("\n"));
  return structuredContent;
}
