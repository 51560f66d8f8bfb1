import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { auditEntry } from "../../src/audit/entry.js";
import { decodeLine, encodeLine, type Head } from "../../src/audit/line.js";
import type { Evidence } from "../../src/evidence/derive.js";
import { encodeEvidence, namedIn, parseEvidence, signedPartOf } from "../../src/evidence/file.js";
import { signedBy } from "../../src/evidence/keys.js";
import { verifyEvidence } from "../../src/evidence/verify.js";
import { encodeSighting } from "../../src/jobs/sightings.js";
import { sha256Hex } from "../../src/lib/sha256.js";
import { runs } from "../support/width.js";
import { operator, Records, stranger } from "./support.js";

const evidence = await (await Records.deployed()).evidence();
const signedPart = signedPartOf(evidence);
const original = encodeEvidence(signedPart, signedBy(operator.privateKey, signedPart));
const lastLine = decodeLine(Buffer.from(evidence.lines.at(-1) ?? ""));
const head: Head = lastLine.ok ? lastLine.link : { seq: 0, hash: "" };
const key = operator.publicKey;

/** Somewhere in something that has `length` parts. */
const somewhere = (at: number, length: number) => Math.floor(at * length);
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const arrays = ["lines", "looks", "certificates"] as const;
const members = z.record(z.unknown());

/** The file with one of its arrays changed, written as this program writes files. */
function withArray(name: (typeof arrays)[number], change: (items: unknown[]) => unknown[]): Buffer {
  const read = members.parse(JSON.parse(original.toString()));
  const { signature, ...rest } = { ...read, [name]: change(z.array(z.unknown()).parse(read[name])) };
  const text = JSON.stringify(rest, null, 2).slice(0, -"\n}".length);
  return Buffer.from(`${text},\n  "signature": ${JSON.stringify(signature)}\n}\n`);
}

function swapped(items: unknown[], one: number, other: number): unknown[] {
  const [a, b] = [somewhere(one, items.length), somewhere(other, items.length)];
  return items.map((item, index) => (index === a ? items[b] : index === b ? items[a] : item));
}

const without = (items: unknown[], at: number) => items.filter((_, index) => index !== somewhere(at, items.length));

/** Damage to the bytes, and parts in another order, twice or gone. */
const damaged: fc.Arbitrary<Buffer> = fc.oneof(
  fc.tuple(share, fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
    const bytes = Buffer.from(original);
    const index = somewhere(at, bytes.length);
    bytes[index] = (bytes[index] ?? 0) ^ bits;
    return bytes;
  }),
  fc.tuple(share, fc.integer({ min: 1, max: 300 })).map(([at, length]) => {
    const from = somewhere(at, original.length);
    return Buffer.concat([original.subarray(0, from), original.subarray(from + length)]);
  }),
  fc.tuple(share, fc.string({ minLength: 1, maxLength: 20 })).map(([at, text]) => {
    const from = somewhere(at, original.length);
    return Buffer.concat([original.subarray(0, from), Buffer.from(text), original.subarray(from)]);
  }),
  fc
    .tuple(fc.constantFrom(...arrays), share, share)
    .map(([name, a, b]) => withArray(name, (all) => swapped(all, a, b))),
  fc.tuple(fc.constantFrom(...arrays), share).map(([name, at]) => withArray(name, (all) => without(all, at))),
  fc.tuple(fc.constantFrom(...arrays), share).map(([name, at]) => {
    return withArray(name, (all) => [...all, all[somewhere(at, all.length)]]);
  }),
);

type Entry = Readonly<Record<string, unknown>>;

/** The lines with new hashes after each was changed, as by somebody who can write the whole log. */
function relinked(lines: readonly string[], change: (entry: Entry, index: number) => Entry | undefined): string[] {
  const first = decodeLine(Buffer.from(lines[0] ?? ""));
  if (!first.ok) throw new Error("a good line");
  let at: Head = { seq: first.link.seq - 1, hash: first.link.prev };
  return lines.flatMap((text, index) => {
    const line = decodeLine(Buffer.from(text));
    if (!line.ok) throw new Error("a good line");
    const entry = change(line.entry, index);
    if (entry === undefined) return [];
    const written = encodeLine(at, { at: line.link.at, pid: line.link.pid }, auditEntry.parse(entry));
    at = written.head;
    return [written.bytes.toString().trimEnd()];
  });
}

/** A text that says something else and fits the same place. */
const otherText = (text: string) => text.replace(/[a-z0-9]/i, (letter) => (letter === "b" ? "c" : "b"));

/** One member of one line says something else, and all hashes fit. */
const rewrittenLine = fc.tuple(share, share).map(([at, which]): Evidence => {
  const chosen = somewhere(at, evidence.lines.length);
  const lines = relinked(evidence.lines, (entry, index) => {
    const texts = Object.keys(entry).filter((name) => name !== "event" && typeof entry[name] === "string");
    const name = texts[somewhere(which, texts.length)];
    if (index !== chosen || name === undefined) return entry;
    const changed = auditEntry.safeParse({ ...entry, [name]: otherText(String(entry[name])) });
    // Members with few values get another of them.
    return changed.success ? changed.data : { ...entry, ...("tookMs" in entry && { tookMs: 1 }) };
  });
  return { ...evidence, lines };
});

/** A look says something else, and so does its digest in the log. */
const rewrittenLook = fc
  .tuple(share, fc.constantFrom("address", "expected", "leaf", "at"))
  .map(([at, what]): Evidence => {
    const chosen = somewhere(at, evidence.sightings.length);
    const sightings = evidence.sightings.map((look, index) => {
      if (index !== chosen) return look;
      const [first, ...rest] = look.addresses;
      if (first === undefined) return look;
      if (what === "address") return { ...look, addresses: [{ ...first, address: "203.0.113.9" }, ...rest] };
      if (what === "leaf") return { ...look, addresses: [{ ...first, served: [] }, ...rest] };
      if (what === "expected") return { ...look, expected: "none" };
      return { ...look, at: new Date(Date.parse(look.at) + 1_000).toISOString() };
    });
    let seen = -1;
    const lines = relinked(evidence.lines, (entry) => {
      if (entry.event !== "seen") return entry;
      seen += 1;
      const look = sightings[seen];
      return look === undefined ? entry : { ...entry, look: sha256Hex(encodeSighting(look)) };
    });
    return { ...evidence, lines, sightings, certificates: namedIn(sightings, evidence.certificates) };
  });

/** A line is gone, or all after one, and the rest is numbered anew. */
const shortened = fc.tuple(share, fc.boolean()).map(([at, all]): Evidence => {
  const chosen = 1 + somewhere(at, evidence.lines.length - 1);
  const lines = relinked(evidence.lines, (entry, index) => {
    return index === chosen || (all && index > chosen) ? undefined : entry;
  });
  const count = lines.filter((line) => line.includes('"event":"seen"')).length;
  const sightings = evidence.sightings.slice(0, count);
  return { ...evidence, lines, sightings, certificates: namedIn(sightings, evidence.certificates) };
});

/** Rewritten throughout; signed by a stranger, with the old signature, or not at all. */
const rewritten = fc
  .tuple(fc.oneof(rewrittenLine, rewrittenLook, shortened), fc.constantFrom("stranger", "old", "none"))
  .map(([changed, by]) => {
    const part = signedPartOf(changed);
    const signature =
      by === "stranger"
        ? signedBy(stranger.privateKey, part)
        : by === "old"
          ? parseEvidence(original)?.signature
          : undefined;
    return encodeEvidence(part, signature);
  });

const partIn = (bytes: Buffer) => {
  const read = parseEvidence(bytes);
  return read && signedPartOf(read.evidence);
};

describe("evidence that was changed", () => {
  it("is verified as it was", () => {
    expect(verifyEvidence(original, { key, head }).verdict).toBe("verified");
    expect(verifyEvidence(original, {}).verdict).toBe("unanchored");
  });

  it("is refused with either anchor, and is never verified without one", { timeout: 0 }, () => {
    const counts = { refused: 0, unanchored: 0, same: 0 };
    fc.assert(
      fc.property(fc.oneof(damaged, rewritten), (bytes) => {
        if (bytes.equals(original)) {
          counts.same += 1;
          return;
        }
        expect(verifyEvidence(bytes, { key }).verdict).toBe("refused");
        expect(verifyEvidence(bytes, { key, head }).verdict).toBe("refused");
        const alone = verifyEvidence(bytes, {}).verdict;
        expect(alone).not.toBe("verified");
        counts[alone === "refused" ? "refused" : "unanchored"] += 1;
        // A head covers all but the signature, which may be taken away.
        if (verifyEvidence(bytes, { head }).verdict === "verified") expect(partIn(bytes)).toBe(signedPart);
      }),
      { numRuns: runs(100, 10_000) },
    );
    // Some rewrites fit together: only the anchor tells them.
    expect(counts.unanchored).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(counts.unanchored);
  });

  it("is refused after any byte of it was flipped", () => {
    const step = runs(97, 1);
    // Each byte of the signature at any width: of its base64, not every bit is decoded.
    const signature = original.lastIndexOf('"signature"');
    for (let index = 0; index < original.length; index += index < signature ? step : 1) {
      const bytes = Buffer.from(original);
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      expect([index, verifyEvidence(bytes, { head }).verdict]).toEqual([index, "refused"]);
    }
  });
});
