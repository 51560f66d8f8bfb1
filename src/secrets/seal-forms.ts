import { privateKeysIn } from "./seal-blocks.js";
import type { Piece } from "./seal-index.js";
import { encodedLiterals, type Literal, textLiterals, wrappedLiteral } from "./seal-literals.js";
import { keyStrands, type Strand, tokenStrand } from "./seal-strands.js";

/** A piece of a strand; from it a match is followed in both directions. */
export interface Anchor extends Piece {
  readonly strand: Strand;
}

/** All that one secret is looked for by. */
export interface Forms {
  /** In the text and in the text without escapes. */
  readonly texts: readonly Literal[];
  /** In the compact text. */
  readonly encoded: readonly Literal[];
  readonly anchors: readonly Anchor[];
}

/** 12 characters of base64 are 72 bits: no chance hits. */
export const ANCHOR_WIDTH = 12;

const LONG_TOKEN = 64;

export function formsOf(secret: string): Forms {
  const texts = textLiterals(secret);
  const strands = privateKeysIn(secret).flatMap(keyStrands);
  if (strands.length > 0) return { texts, encoded: [], anchors: strands.flatMap(anchorsOf) };
  const wrapped = wrappedLiteral(secret);
  const tokens = wrapped.filter(({ text }) => text.length >= LONG_TOKEN).map(({ text }) => tokenStrand(text));
  return { texts, encoded: [...encodedLiterals(secret), ...wrapped], anchors: tokens.flatMap(anchorsOf) };
}

/**
 * So close together that every stretch of the shortest length holds a whole one. Of those that read the same only the
 * first is ever followed, so that of a strand that repeats itself no more are kept.
 */
function anchorsOf(strand: Strand): Anchor[] {
  const { text } = strand;
  const step = strand.shortest - ANCHOR_WIDTH + 1;
  const anchors = new Map<string, Anchor>();
  for (let offset = 0; offset + ANCHOR_WIDTH <= text.length; offset += step) {
    const piece = text.slice(offset, offset + ANCHOR_WIDTH);
    if (!anchors.has(piece)) anchors.set(piece, { strand, text, offset });
  }
  return [...anchors.values()];
}
