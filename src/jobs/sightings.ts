import { z } from "zod";
import { sha256Hex } from "../lib/sha256.js";
import type { TlsReport } from "../tls-check/tls-check.js";

/** SHA-256 of a certificate, in lower-case hexadecimal. */
export const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

/** Addresses recorded of one check; a CDN returns a few to each visitor. */
const MAX_ADDRESSES = 32;

/** What the addresses of a domain served at one check. Its members' order is part of its digest. */
export const sightingSchema = z.strictObject({
  /** When the check began; ISO 8601. */
  at: z.string().datetime(),
  job: z.string(),
  target: z.string(),
  domain: z.string(),
  when: z.enum(["before", "after"]),
  /** What the target should serve once the job is done: SHA-256 or SHA-1 of a leaf, "none", or "unknown". */
  expected: z.string(),
  addresses: z
    .array(
      z.strictObject({
        address: z.string(),
        /** One for each certificate, with the kinds of clients that get it. */
        served: z
          .array(
            z.strictObject({
              /** SHA-256 of each certificate as sent, the leaf first. */
              chain: z.array(fingerprint).nonempty(),
              clients: z.array(z.string()),
              /** Why a public client would not trust it, in words. */
              distrust: z.string().optional(),
            }),
          )
          .readonly(),
        /** Why nothing was seen, or not everything, in words. */
        problem: z.string().optional(),
        /** Nothing answered there: this says nothing about what is served. */
        unreached: z.literal(true).optional(),
      }),
    )
    .max(MAX_ADDRESSES),
  /** Addresses that were looked at and are not recorded, if any. */
  left_out: z.number().int().positive().optional(),
  problem: z.string().optional(),
});
export type Sighting = z.output<typeof sightingSchema>;

/** The bytes that the digest of a sighting covers. */
export function encodeSighting(sighting: Sighting): string {
  return JSON.stringify(sightingSchema.parse(sighting));
}

/** A sighting, and the certificates seen in it: DER by SHA-256. */
export interface SeenServed {
  readonly sighting: Sighting;
  readonly certificates: ReadonlyMap<string, Buffer>;
}

/** What the journal keeps of a report; undefined if it combines several checks. */
export function sightingFrom(
  { at, addresses, problem }: TlsReport,
  about: Pick<Sighting, "job" | "target" | "domain" | "when" | "expected">,
): SeenServed | undefined {
  if (at === undefined) return undefined;
  const certificates = new Map<string, Buffer>();
  const recorded = addresses.slice(0, MAX_ADDRESSES).map((each) => ({
    address: each.address,
    served: each.certificates.map(({ encoded, clients, distrust }) => {
      const [leaf = "", ...rest] = encoded.map((der) => {
        const digest = sha256Hex(der);
        certificates.set(digest, der);
        return digest;
      });
      const chain: [string, ...string[]] = [leaf, ...rest];
      return { chain, clients: [...clients], ...(distrust !== undefined && { distrust }) };
    }),
    ...(each.problem !== undefined && { problem: each.problem }),
    ...(each.unreached && { unreached: each.unreached }),
  }));
  const leftOut = addresses.length - recorded.length;
  const tlsReport = {
    at,
    ...about,
    addresses: recorded,
    ...(leftOut > 0 && { left_out: leftOut }),
    ...(problem !== undefined && { problem }),
  };
  return { sighting: sightingSchema.parse(tlsReport), certificates };
}

/** What a job's targets were seen serving, oldest first, and the certificates seen. */
export interface JobSightings {
  readonly sightings: readonly Sighting[];
  /** DER by SHA-256. */
  readonly certificates: ReadonlyMap<string, Buffer>;
}

/** Where sightings are kept, only added to. */
export interface SightingStore {
  /** Adds sightings of a job's targets; they are on disk when this resolves. False if there is no more room for the job. */
  add(job: string, seen: readonly SeenServed[]): Promise<boolean>;
  /** All sightings of a job. Damaged ones are left out. */
  of(job: string): Promise<JobSightings>;
}

/** Size at which no more sightings are kept for a job, in bytes. A sighting of one address has 500, a chain 4,000. */
export const MAX_SIGHTINGS_BYTES = 8_000_000;
