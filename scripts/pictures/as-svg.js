import { wrapped } from "../../build/examples/demo/telling.js";

/** In pixels. */
const width = 880;
const margin = 22;
const labels = {
  width: 122,
  person: "you",
  call: "assistant",
  reply: "",
  question: "you are asked",
  answer: "you answer",
};
const line = 19;
const gaps = { person: 0, call: 12, reply: 3, question: 12, answer: 5 };
/** The widest common fonts, DejaVu Sans Mono and Menlo, are 0.602 of their size wide per character. */
const font = 13;
const columns = Math.floor((width - 2 * margin - labels.width) / (font * 0.602));

const style = `
text { font: ${font}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre; fill: #1a1f26 }
.card { fill: #fff; stroke: #d5dae1 }
.asked, .bar { shape-rendering: crispEdges }
.asked { fill: #eef3fc }
.bar { fill: #0b57d0 }
.person, .head, .answer { font-weight: 600 }
.label, .reply { fill: #57606c; font-weight: 400 }
.answer, .question.label { fill: #0b57d0 }
.accepted { fill: #8a5a00; font-weight: 600 }
.served { fill: #17693a; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #e7eaef }
  .card { fill: #171b21; stroke: #333a44 }
  .asked { fill: #1d2736 }
  .bar { fill: #a8c7fa }
  .label, .reply { fill: #a3acb8 }
  .answer, .question.label { fill: #a8c7fa }
  .accepted { fill: #f5dfa3 }
  .served { fill: #84d6a1 }
}`;

/** @param entries {readonly import("./session.js").Entry[]} */
export function asSvg(entries) {
  let y = margin;
  const drawn = entries.map((entry) => {
    y += gaps[entry.kind];
    const { svg, height } = drawnAt(y, entry);
    y += height;
    return svg;
  });
  const height = y + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" xml:space="preserve">
<title>A session with cloudcert-mcp on its sandbox</title>
<style>${style}
</style>
<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="12"/>
${drawn.join("\n")}
</svg>
`;
}

function drawnAt(top, { kind, lines }) {
  const left = margin + labels.width;
  const parts = lines.flatMap(folded);
  const height = parts.length * line;
  const text = (classes, x, index, content) =>
    `<text class="${classes}" x="${x}" y="${top + index * line + 14}">${content}</text>`;
  const svg = [
    text(`label ${kind}`, margin, 0, labels[kind]),
    ...parts.map((part, index) => text(kind, left, index, marked(kind, part, index))),
  ];
  if (kind !== "question" && kind !== "answer") return { svg: svg.join("\n"), height };
  // The question and its answer share one background.
  const below = kind === "answer" ? 5 : 0;
  const box = `x="${left - 14}" y="${top - 5}" height="${height + 5 + below}"`;
  svg.unshift(
    `<rect class="asked" ${box} width="${width - margin - left + 20}"/>`,
    `<rect class="bar" ${box} width="3"/>`,
  );
  return { svg: svg.join("\n"), height: height + 2 * below };
}

/** Lines of at most `columns`; the new value of a change goes below the old one. */
function folded(text) {
  const [now, ...then] = text.split(/ (?=→ )/);
  return [...wrapped(now, columns), ...then.flatMap((part) => wrapped(`    ${part}`, columns))];
}

/** Highlights the tool's name, the question, new values, and the state of a target. */
function marked(kind, part, index) {
  const text = escaped(part);
  if (index === 0 && kind === "call") return text.replace(/^\w+/, '<tspan class="head">$&</tspan>');
  if (kind === "question" && (index === 0 || /^ +→/.test(part))) return `<tspan class="head">${text}</tspan>`;
  return kind === "reply"
    ? text.replace(/(?<=^|: )(accepted|served)(?= {2}| \()/, '<tspan class="$1">$1</tspan>')
    : text;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
