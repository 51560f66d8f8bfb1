import { ratios, type Spread, spreadOf } from "./measure.js";

/** One comparison: a line of the table. */
export interface Row {
  readonly what: string;
  readonly rival: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: Spread;
  /** The limit for the ratio; a row without one is only for information. */
  readonly limit?: Limit;
}

export type Limit = { readonly atLeast: number } | { readonly atMost: number };

export interface Comparison {
  readonly what: string;
  readonly rival: string;
  /** The measured values of ours and of the rival, round by round. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly unit: Unit;
  readonly limit?: Limit;
}

/** The format of a measured number, and the direction of its ratio. */
export interface Unit {
  readonly name: string;
  readonly digits: number;
  /** `speed`: how many times as fast as the rival; `share`: how many times as much as the rival. */
  readonly ratio: "speed" | "share";
}

export function rowOf({ ours, theirs, unit, limit, ...names }: Comparison): Row {
  const ratio = unit.ratio === "speed" ? ratios(theirs, ours) : ratios(ours, theirs);
  return {
    ...names,
    ours: formatSpread(spreadOf(ours), unit),
    theirs: formatSpread(spreadOf(theirs), unit),
    ratio: spreadOf(ratio),
    ...(limit && { limit }),
  };
}

function formatSpread({ median, lower, upper }: Spread, { name, digits }: Unit): string {
  const number = (value: number) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number(median)} ${name} (${number(lower)}–${number(upper)})`;
}

export function meetsLimit({ ratio, limit }: Row): boolean {
  if (limit === undefined) return true;
  return "atLeast" in limit ? ratio.median >= limit.atLeast : ratio.median <= limit.atMost;
}

/** An exact figure without a rival. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
}

/** The rows as a Markdown table. */
export function tableOf(rows: readonly (Row | Figure)[]): string {
  const lines = rows.map((row) => ("value" in row ? figureLine(row) : rowLine(row)));
  return ["| What | Ours | Rival | Rival's | Ratio | Limit |", "|---|---|---|---|---|---|", ...lines].join("\n");
}

function rowLine(row: Row): string {
  const { what, rival, ours, theirs, ratio, limit } = row;
  const times = `**${twoDigits(ratio.median)} ×** (${twoDigits(ratio.lower)}–${twoDigits(ratio.upper)})`;
  return `| ${what} | ${ours} | ${rival} | ${theirs} | ${times} | ${formatLimit(limit)}${meetsLimit(row) ? "" : ", missed"} |`;
}

function figureLine({ what, value, unit, atMost }: Figure): string {
  const limit = atMost === undefined ? "" : `≤ ${atMost.toLocaleString("en")}${value <= atMost ? "" : ", missed"}`;
  return `| ${what} | ${value.toLocaleString("en")} ${unit} | | | | ${limit} |`;
}

function formatLimit(limit: Limit | undefined): string {
  if (limit === undefined) return "";
  return "atLeast" in limit ? `≥ ${limit.atLeast} ×` : `≤ ${limit.atMost} ×`;
}

const twoDigits = (value: number) => value.toFixed(2);
