import { BREAK } from "./seal-compact.js";
import type { OpenPart, Strand } from "./seal-strands.js";

/** A stretch of a compact text that is also in a strand, as long as it can be. */
export interface Run {
  readonly strand: Strand;
  /** Where it begins in the text and in the strand. */
  readonly at: number;
  readonly inStrand: number;
  readonly length: number;
}

/** Fewer characters than these around an open part can be alike by chance; they are alike in other structures too. */
const CHANCE = 8;

/** Characters that show that a text goes on as a public key does. */
const EVIDENCE = 4;

/** Whether a run holds nothing but what is in a certificate too. */
export function isOfOpenParts(run: Run): boolean {
  const shared = openPartsOf(run).reduce((sum, part) => sum + overlap(part, run), 0);
  return run.length - shared < CHANCE;
}

/**
 * Whether the open parts in a run stand where they stand in public. The middle of a public key alone does not: nobody
 * would show it, and it may as well be a piece of the private key.
 */
export function standsInPublic(text: string, run: Run): boolean {
  return openPartsOf(run).every((part) =>
    part.holds === "algorithm" || part.lead === undefined ? isWithin(text, run) : follows(text, run, part, part.lead),
  );
}

/** Whether more comes before and after the run: the name of an algorithm stands in the midst of a certificate. */
function isWithin(text: string, { at, length }: Run): boolean {
  const [before, after] = [text[at - 1] ?? BREAK, text[at + length] ?? BREAK];
  return before !== BREAK && after !== BREAK;
}

/** Whether the head of a public key comes before a public key. */
function follows(text: string, run: Run, part: OpenPart, lead: string): boolean {
  const start = run.at + part.from - run.inStrand;
  if (start < run.at - 2) return false;
  let same = 0;
  while (same < lead.length && same < start && text[start - 1 - same] === lead.at(-1 - same)) same += 1;
  return start - same <= run.at - EVIDENCE;
}

function openPartsOf(run: Run): OpenPart[] {
  return run.strand.open.filter((part) => overlap(part, run) > 0);
}

function overlap({ from, to }: OpenPart, { inStrand, length }: Run): number {
  return Math.max(0, Math.min(to, inStrand + length) - Math.max(from, inStrand));
}
