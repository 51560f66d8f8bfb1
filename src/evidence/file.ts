import { z } from "zod";
import { pemOf } from "../certificates/pem.js";
import { encodeSighting, type Sighting, sightingSchema } from "../jobs/sightings.js";
import { unlessThrown } from "../lib/failure.js";
import { sha256Hex } from "../lib/sha256.js";
import { derive, digestsIn, type Evidence } from "./derive.js";

/*
 * The file that an auditor gets. It must be, byte for byte, what this program writes for the parts in it, so that the
 * checks cover everything in it.
 */

const signature = z.strictObject({
  algorithm: z.literal("Ed25519"),
  /** The public key: SubjectPublicKeyInfo in DER, in base64. */
  public_key: z.string(),
  /** In base64. */
  value: z.string(),
});
export type Signature = z.output<typeof signature>;

const evidenceFormat = "cloudcert-evidence/1";

/** Largest file that is read, in bytes. */
export const MAX_EVIDENCE_SIZE = 64 * 1024 * 1024;

const fileSchema = z.strictObject({
  format: z.literal(evidenceFormat),
  job: z.string(),
  summary: z.unknown(),
  looks: z.array(sightingSchema),
  certificates: z.array(z.strictObject({ sha256: z.string(), pem: z.string() })),
  lines: z.array(z.string()).nonempty(),
  signature: signature.optional(),
});

/** The file up to its signature: what the signature covers. */
export function signedPartOf(evidence: Evidence): string {
  const { job, lines, certificates } = evidence;
  const members = {
    format: evidenceFormat,
    job,
    summary: derive(evidence).summary,
    looks: evidence.sightings.map((sighting): unknown => JSON.parse(encodeSighting(sighting))),
    certificates: [...certificates].map(([sha256, der]) => ({ sha256, pem: pemOf("CERTIFICATE", der) })),
    lines,
  };
  return JSON.stringify(members, null, 2).slice(0, -"\n}".length);
}

export function encodeEvidence(signedPart: string, signature: Signature | undefined): Buffer {
  const end = signature === undefined ? "" : `,\n  "signature": ${JSON.stringify(signature)}`;
  return Buffer.from(`${signedPart}${end}\n}\n`);
}

/** What a file says it is; undefined if it is no evidence. Nothing about it is checked yet. */
export function parseEvidence(
  bytes: Buffer,
): { readonly evidence: Evidence; readonly signature: Signature | undefined } | undefined {
  const parsed = fileSchema.safeParse(unlessThrown((): unknown => JSON.parse(bytes.toString())));
  if (!parsed.success) return undefined;
  const { job, lines, looks: sightings, certificates, signature } = parsed.data;
  const ders = certificates.map(({ sha256, pem }) => [sha256, derOf(pem)] as const);
  return { evidence: { job, lines, sightings, certificates: new Map(ders) }, signature };
}

/** The certificates that the sightings name, in their order; all others are left out. */
export function namedIn(
  sightings: readonly Sighting[],
  certificates: ReadonlyMap<string, Buffer>,
): ReadonlyMap<string, Buffer> {
  return new Map(
    [...new Set(sightings.flatMap(digestsIn))].sort().flatMap((digest) => {
      const der = certificates.get(digest);
      return der === undefined || sha256Hex(der) !== digest ? [] : [[digest, der] as const];
    }),
  );
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, ""), "base64");
}
