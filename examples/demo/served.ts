import { type Visit, visit } from "./outside.js";
import type { Stage } from "./stage.js";
import { check } from "./telling.js";

/** What every address of the edge should serve for a site: the SHA-256 of a leaf in openssl's format, or no HTTPS. */
export type Expected = string | "no HTTPS";

export const short = (fingerprint: string) => fingerprint.replaceAll(":", "").slice(0, 16).toLowerCase();

/** Checks with openssl what each address serves for each site. */
export async function checkOutside(expected: ReadonlyMap<string, Expected>, { view }: Pick<Stage, "view">) {
  for (const [site, wanted] of expected) {
    const visits = await visit(site, view);
    const all = `${site.padEnd(20)} all ${visits.length} addresses`;
    if (wanted === "no HTTPS") {
      check(`${all} refuse the handshake: no HTTPS`, visits.length > 0 && visits.every(({ leaf }) => !leaf));
      continue;
    }
    const holds = visits.every(({ leaf, trusted }) => leaf?.fingerprint256 === wanted && trusted);
    check(`${all} serve SHA-256 ${short(wanted)}…, Verify return code: 0`, visits.length > 0 && holds);
  }
}

/**
 * What all addresses serve for a site.
 * @throws {Error} if they differ
 */
export function servedIn(visits: readonly Visit[]): Expected {
  const [first = "no HTTPS", ...others] = new Set(visits.map(({ leaf }) => leaf?.fingerprint256 ?? "no HTTPS"));
  if (others.length > 0) throw new Error("its addresses do not serve the same");
  return first;
}
