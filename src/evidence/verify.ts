import type { KeyObject } from "node:crypto";
import type { ChainLink, Head } from "../audit/line.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";
import { derive, type Evidence, type EvidenceSummary } from "./derive.js";
import { encodeEvidence, MAX_EVIDENCE_SIZE, namedIn, parseEvidence, type Signature, signedPartOf } from "./file.js";
import { keyDigest, signerOf } from "./keys.js";

/** What the auditor got from elsewhere, out of reach of anybody who could change the file. */
export interface Anchors {
  /** The operator's public key. */
  readonly key?: KeyObject | undefined;
  /** A line of the audit log that was noted at the time. */
  readonly head?: Head | undefined;
}

/**
 * - `verified`: everything in it is as it was when the anchor was made;
 * - `unanchored`: it fits together, but somebody who rewrote all of it could have achieved that, too;
 * - `refused`: it does not fit together, or not to the anchor.
 */
export type EvidenceVerdict =
  | { readonly verdict: "refused"; readonly problems: readonly SafeText[] }
  | {
      readonly verdict: "verified" | "unanchored";
      readonly evidence: Evidence;
      readonly summary: EvidenceSummary;
      /** What it was checked against. */
      readonly anchoredBy: readonly SafeText[];
      /** SHA-256 of the public key in the file's own signature, which proves nothing by itself. */
      readonly signedBy?: string;
    };

/** Verifies the bytes of a file, offline, trusting nothing in it. */
export function verifyEvidence(bytes: Buffer, anchors: Anchors): EvidenceVerdict {
  if (bytes.length > MAX_EVIDENCE_SIZE) return refused([safe`It is too large to be evidence.`]);
  const parsed = parseEvidence(bytes);
  if (parsed === undefined) return refused([safe`It is not evidence from this program, or it is damaged.`]);
  const { evidence, signature } = parsed;
  const { summary, problems, links } = derive(evidence);
  const certificateFaults = certificateProblems(evidence);
  // Comparing byte for byte means writing the file again, which is not worth the time if the parts do not fit.
  if (problems.length + certificateFaults.length > 0) return refused([...problems, ...certificateFaults]);
  const signedPart = signedPartOf(evidence);
  if (!encodeEvidence(signedPart, signature).equals(bytes)) {
    return refused([safe`Something in it was changed: it is not what its own lines, sightings and certificates say.`]);
  }
  const signer = signature && signerOf(signature, signedPart);
  if (signature !== undefined && signer === undefined) return refused([safe`Its signature is wrong.`]);
  const anchored = [
    ...(anchors.key === undefined ? [] : [byKey(anchors.key, signature, signer)]),
    ...(anchors.head === undefined ? [] : [byHead(anchors.head, links, summary)]),
  ];
  const failed = anchored.flatMap((each) => ("problem" in each ? [each.problem] : []));
  if (failed.length > 0) return refused(failed);
  const anchoredBy = anchored.flatMap((each) => ("by" in each ? [each.by] : []));
  return {
    verdict: anchoredBy.length > 0 ? "verified" : "unanchored",
    evidence,
    summary,
    anchoredBy,
    ...(signer && { signedBy: keyDigest(signer) }),
  };
}

const refused = (problems: readonly SafeText[]): EvidenceVerdict => ({ verdict: "refused", problems });

/** Each certificate is the one that it is said to be, and one that was seen. */
function certificateProblems({ sightings, certificates }: Evidence): readonly SafeText[] {
  const wrong = [...certificates].filter(([digest, der]) => sha256Hex(der) !== digest);
  if (wrong.length > 0)
    return wrong.map(([digest]) => safe`The certificate labelled ${verbatim(digest.slice(0, 64))} is a different one.`);
  return namedIn(sightings, certificates).size === certificates.size
    ? []
    : [safe`It has certificates that nobody saw.`];
}

type Anchored = { readonly by: SafeText } | { readonly problem: SafeText };

function byKey(key: KeyObject, signature: Signature | undefined, signer: KeyObject | undefined): Anchored {
  if (signature === undefined) return { problem: safe`It is not signed.` };
  if (signer?.equals(key) !== true) return { problem: safe`It is signed with another key than the one given.` };
  return { by: safe`public key with SHA-256 ${verbatim(keyDigest(key))}` };
}

/** A line's hash covers all lines before it; lines after the head are not covered, so they must not be about the job. */
function byHead(head: Head, links: readonly ChainLink[], { last_line: last }: EvidenceSummary): Anchored {
  const first = links[0]?.seq ?? 0;
  const link = links.find(({ seq }) => seq === head.seq);
  if (link === undefined) {
    return head.seq < first
      ? { problem: safe`The head given, line ${head.seq}, is older than all of it: nothing covers what came later.` }
      : {
          problem: safe`The head given, line ${head.seq}, comes later than the lines in the file: export it again with --until ${head.seq} or --until end.`,
        };
  }
  if (link.hash !== head.hash) return { problem: safe`Line ${head.seq} is not the one whose hash was given.` };
  if (head.seq < last) {
    return { problem: safe`The head given, line ${head.seq}, is older than line ${last}, which is about the job.` };
  }
  return { by: safe`head of the audit log: line ${head.seq}, hash ${verbatim(head.hash)}` };
}
