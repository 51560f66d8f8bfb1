import { clients, nodes } from "./versions.js";

/** The outcomes of a cell that are neither "works" nor "lacks". */
const failuresOf = ({ outcomes }) =>
  Object.entries(outcomes).filter(([, outcome]) => !["works", "lacks"].includes(outcome));

export const failuresIn = (cells) => cells.flatMap(failuresOf);

/** The Markdown table: clients down, Nodes across. */
export function table(cells) {
  const columns = Object.entries(nodes);
  const head = ["Client", ...columns.map(([, version]) => `Node ${version}`)];
  const rows = Object.entries(clients).map(([client, { title, package: name }]) => [
    `${title}: \`${name}\``,
    ...columns.map(([node]) =>
      describeCell(cells.find((cell) => cell.client === client && cell.node === Number(node))),
    ),
  ]);
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** What a client has no way to do. */
const lacking = { resource: "reads no resources", prompt: "has no prompts" };

function describeCell(cell) {
  const failures = failuresOf(cell).map(([step]) => step);
  if (failures.length > 0) return `${cell.version} ✗ ${failures.join(", ")}`;
  const lacks = Object.keys(lacking).filter((step) => cell.outcomes[step] === "lacks");
  return [`${cell.version} ✓ ${cell.asked}`, ...lacks.map((step) => lacking[step])].join("; ");
}
