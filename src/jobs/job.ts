import { z } from "zod";
import type { Expectation } from "../certificates/sent-chain.js";

/* What the journal records about a job. Strict, so that nothing else, least of all a secret, is ever written. */

const targetStates = [
  /** Nothing has been sent for it. */
  "pending",
  /** The request may have been sent; the outcome is unknown. */
  "sending",
  /** The cloud accepted the request; it has not been seen served. */
  "accepted",
  /** Seen at every address of the edge, or in every resource of the cloud's own record. */
  "served",
  /** Seen at every address as the job sent it: without an intermediate that clients need. */
  "incomplete chain",
  /** It already had the certificate; nothing was sent. */
  "unchanged",
  "failed",
  /** Skipped because an earlier one failed. */
  "not attempted",
  /** The cloud accepted it, but later accepted another request for the same resource, which counts instead. */
  "superseded",
] as const;

export const targetServices = [
  "tencent-ssl",
  "tencent-edgeone",
  "alibaba-cdn",
  "alibaba-dcdn",
  "alibaba-vod",
  "huawei-live",
] as const;

/** The rest of the chain, as in `SentChain`. */
const chainSchema = z.strictObject({
  intermediates: z.array(z.string()).readonly(),
  flaws: z.array(z.string()).readonly(),
  exact: z.boolean().optional(),
});

/** What a target served before, as far as it could be seen. */
const beforeSchema = z.strictObject({
  /** Ids at Tencent Cloud SSL. */
  certificateIds: z.array(z.string()).optional(),
  /** The leaves that the edge served; fingerprints in lower-case hexadecimal, notAfter in ISO 8601. */
  served: z
    .array(
      z.strictObject({
        sha256: z.string(),
        sha1: z.string(),
        names: z.array(z.string()),
        notAfter: z.string(),
        chain: chainSchema.optional(),
      }),
    )
    .optional(),
  /** Nothing was served over HTTPS. */
  none: z.boolean().optional(),
  /** Huawei Live only: whether HTTP was redirected to HTTPS. */
  redirect: z.boolean().optional(),
});
export type PreviousState = z.output<typeof beforeSchema>;

/** A certificate of another algorithm that stays next to the job's own, for the clients that use it. */
const besideSchema = z.strictObject({
  /** At Tencent Cloud SSL, if known. */
  certificateId: z.string().optional(),
  /** Of the leaf, if known. */
  sha256: z.string().optional(),
  /** RSA, ECDSA, …, if known. */
  algorithm: z.string().optional(),
  /** The job was asked to serve it, too, so it has to be seen like the job's own. */
  wanted: z.literal(true).optional(),
});
export type Beside = z.output<typeof besideSchema>;

/** The owner of the resource, and the cloud: what was sent to a stand-in says nothing about the real one. */
const accountSchema = z.strictObject({
  /** Id of the credential that signs calls; not a secret. */
  credential: z.string(),
  /** Host, with port and path unless they are the defaults. */
  endpoint: z.string(),
  /** Of an account that the operator named: then it tells accounts apart, whatever key signs. */
  name: z.string().optional(),
});
export type JobAccount = z.output<typeof accountSchema>;

/** What a target is, whatever a job does there. */
const placeSchema = z.object({
  /** Unique among all targets: service and domain, or service and old certificate. */
  id: z.string(),
  service: z.enum(targetServices),
  /** Of a target to which something was sent it is always there. */
  account: accountSchema.optional(),
  /** Identifies it to the cloud. */
  domain: z.string().optional(),
  zoneId: z.string().optional(),
  projectId: z.string().optional(),
  oldCertificateId: z.string().optional(),
  resourceTypes: z.array(z.string()).optional(),
  regions: z.array(z.string()).optional(),
});
type Place = z.output<typeof placeSchema>;

const targetSchema = placeSchema
  .extend({
    /** For people: "EdgeOne host www.example.com (zone-1)". */
    name: z.string(),
    forceRedirect: z.boolean().optional(),
    /**
     * What it should serve if not the job's certificate: SHA-256 of a leaf, "none" for no HTTPS, "unknown" if the
     * request does not say.
     */
    expected: z.string().optional(),
    /** The SHA-1 of that leaf: a store may know the same leaf by no more. */
    expectedSha1: z.string().optional(),
    beside: z.array(besideSchema).optional(),
    /** The chain sent with it, if `expected` is given. */
    chain: chainSchema.optional(),
    state: z.enum(targetStates),
    before: beforeSchema.optional(),
    /** Deployment record of Tencent Cloud. */
    recordId: z.number().int().optional(),
    /** When it was last sent; ISO 8601, like `acceptedAt`. */
    sentAt: z.string().optional(),
    /** Which of all requests for the target it was, from 1: clocks are set, and differ from machine to machine. */
    order: z.number().int().positive().optional(),
    /** What was accepted before and still on its way when this was sent, in words. */
    supersedes: z.string().optional(),
    /** What the request could not change and left as it was, in words. */
    left: z.string().optional(),
    /** What a rollback puts back, in words. */
    putsBack: z.string().optional(),
    /** Name of the copy that the cloud keeps of the certificate sent. */
    copy: z.string().optional(),
    /** A line for each resource of its record, and for what the edge showed under each name. */
    resources: z.array(z.string()).optional(),
    seen: z.array(z.string()).optional(),
    /** When the cloud accepted it. */
    acceptedAt: z.string().optional(),
    /** What went wrong, or what else is known. */
    says: z.string().optional(),
    code: z.string().optional(),
    requestId: z.string().optional(),
    /** It is served, and clients do not trust it. */
    untrusted: z.literal(true).optional(),
    /** The wave that it is sent with, from 1; absent if the job sends to all at once. */
    wave: z.number().int().optional(),
    /** When its wave was proven: served everywhere, trusted, and not worse than before. ISO 8601. */
    provenAt: z.string().optional(),
  })
  .strict();
export type JobTarget = z.output<typeof targetSchema>;

const certificateSchema = z.strictObject({
  /**
   * Of the leaf, lower-case hexadecimal, like SHA-1. A SHA-1, too, if the store that holds the certificate shows no
   * more.
   */
  sha256: z.string(),
  sha1: z.string().optional(),
  /** The chain sent with it; absent if unknown. */
  chain: chainSchema.optional(),
  names: z.array(z.string()),
  /** ISO 8601. */
  notAfter: z.string(),
  /** At Tencent Cloud SSL, if it is stored there. */
  certificateId: z.string().optional(),
  /** In the store of another cloud, if it was deployed from there. */
  storedAs: z.string().optional(),
  /** Where certificate and key came from: references, never their content. */
  source: z.strictObject({ certificate: z.string().optional(), privateKey: z.string().optional() }),
});
export type JobCertificate = z.output<typeof certificateSchema>;

export const jobSchema = z.strictObject({
  id: z.string(),
  /** "operation": a single call. It is kept as long as it may be on its way, and is not listed as a job. */
  kind: z.enum(["deployment", "rollback", "deletion", "operation"]),
  /** The deployment that a rollback undoes. */
  of: z.string().optional(),
  /** ISO 8601, like `changedAt`. */
  startedAt: z.string(),
  changedAt: z.string(),
  /** Set when a run has finished, whatever the states of the targets. */
  endedAt: z.string().optional(),
  /** Why a wave was not followed by the next, in a sentence. */
  stopped: z.string().optional(),
  /** Whether the caller chose to send to all at once. */
  withoutWaves: z.boolean().optional(),
  /** Identifies the certificate and the targets: the same call resumes this job. For an operation, its name. */
  key: z.string(),
  /** The plans in the audit log under which it was carried out, oldest first; a resumed job has several. */
  plans: z.array(z.string()).optional(),
  certificate: certificateSchema,
  /** The process that is working on it, if any. */
  owner: z.strictObject({ pid: z.number().int(), host: z.string() }).optional(),
  targets: z.array(targetSchema),
});
export type Job = z.output<typeof jobSchema>;

/** A job as one that nobody works on. */
export function withoutOwner({ owner: _, ...left }: Job): Job {
  return left;
}

/** The target without anything that a job wanted, did or saw there. */
export function targetPlace(target: JobTarget): Place {
  return placeSchema.parse(target);
}

/** Whether nothing in it is left to do or to watch. */
export function isOver({ targets }: Pick<Job, "targets">): boolean {
  return targets.every((target) => isSeen(target) || target.state === "unchanged" || target.state === "superseded");
}

/** Whether every address was seen serving what the job sent. */
export function isSeen({ state }: Pick<JobTarget, "state">): boolean {
  return state === "served" || state === "incomplete chain";
}

/** Whether its wave was proven after it was sent. */
export function isProven({ provenAt }: Pick<JobTarget, "provenAt">): boolean {
  return provenAt !== undefined;
}

/** What a target should serve; "none" or "unknown" if that is not a leaf. */
export function expectationOf({ certificate }: Pick<Job, "certificate">, target: JobTarget): Expectation {
  const { sha256, sha1, chain } = certificate;
  return target.expected === undefined
    ? { sha256, sha1, chain }
    : { sha256: target.expected, sha1: target.expectedSha1, chain: target.chain };
}

/** The target once the cloud has accepted the request; remarks from before the call are dropped. */
export function accepted({ says: _, code: __, ...target }: JobTarget, now: Date): JobTarget {
  return { ...target, state: "accepted", acceptedAt: now.toISOString() };
}
