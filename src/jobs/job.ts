import { z } from "zod";
import type { Expectation } from "../certificates/sent-chain.js";

/**
 * What the journal remembers of a job. Strict, so that nothing else, a secret least of all, is ever written.
 */

/** Where one target of a job stands. */
export const targetStates = [
  /** Nothing has been sent for it. */
  "pending",
  /** The request may have left; what became of it is not known. */
  "sending",
  /** The cloud took the request; that it is served has not been seen. */
  "accepted",
  /** Seen at every address of the edge, or in every resource of the cloud's own record. */
  "served",
  /** Seen at every address, sent as the job sends it: without an intermediate that clients need. */
  "incomplete chain",
  /** It had the certificate already; nothing was sent. */
  "unchanged",
  "failed",
  /** Left out because one before it failed. */
  "not attempted",
  /** The cloud took it, and later took another request for the same resource, which is the one that counts. */
  "superseded",
] as const;
export type TargetState = (typeof targetStates)[number];

export const targetServices = ["tencent-ssl", "tencent-edgeone", "alibaba-cdn", "alibaba-vod", "huawei-live"] as const;

/** What goes with a leaf, as `SentChain` has it. */
const chain = z
  .object({
    intermediates: z.array(z.string()).readonly(),
    flaws: z.array(z.string()).readonly(),
    exact: z.boolean().optional(),
  })
  .strict();

/** What a target served before, as far as it could be seen. */
const before = z
  .object({
    /** Ids at Tencent Cloud SSL. */
    certificateIds: z.array(z.string()).optional(),
    /** The leaves that the edge served; fingerprints in lower-case hexadecimal, the end in ISO 8601. */
    served: z
      .array(
        z
          .object({
            sha256: z.string(),
            sha1: z.string(),
            names: z.array(z.string()),
            notAfter: z.string(),
            chain: chain.optional(),
          })
          .strict(),
      )
      .optional(),
    /** Nothing was served over HTTPS. */
    none: z.boolean().optional(),
  })
  .strict();
export type PreviousState = z.output<typeof before>;

/** A certificate of another algorithm that stays beside the job's own, for the clients that take it. */
const beside = z
  .object({
    /** At Tencent Cloud SSL, where it is known. */
    certificateId: z.string().optional(),
    /** Of the leaf, where it is known. */
    sha256: z.string().optional(),
    /** RSA, ECDSA, …; where it is known. */
    algorithm: z.string().optional(),
  })
  .strict();
export type Beside = z.output<typeof beside>;

/** Whose resource it is, and in which cloud: what was sent to a stand-in says nothing about the real one. */
const account = z
  .object({
    /** Id of the credential that calls are signed with; not a secret. */
    credential: z.string(),
    /** Host, and port and path where they are not the usual ones. */
    endpoint: z.string(),
  })
  .strict();
export type JobAccount = z.output<typeof account>;

const target = z
  .object({
    /** Names it among all targets: service and domain, or service and old certificate. */
    id: z.string(),
    service: z.enum(targetServices),
    /** Absent in what earlier versions wrote, which is nobody's therefore. */
    account: account.optional(),
    /** For a person: "EdgeOne host www.example.com (zone-1)". */
    name: z.string(),
    /** What identifies it to the cloud. */
    domain: z.string().optional(),
    zoneId: z.string().optional(),
    projectId: z.string().optional(),
    oldCertificateId: z.string().optional(),
    resourceTypes: z.array(z.string()).optional(),
    regions: z.array(z.string()).optional(),
    forceRedirect: z.boolean().optional(),
    /**
     * What it is to serve, where that is not the job's certificate: SHA-256 of a leaf, "none" for no HTTPS, "unknown"
     * where the request does not tell.
     */
    expected: z.string().optional(),
    beside: z.array(beside).optional(),
    /** What is sent with it, where `expected` is given. */
    chain: chain.optional(),
    state: z.enum(targetStates),
    before: before.optional(),
    /** Deployment record of Tencent Cloud. */
    recordId: z.number().int().optional(),
    /** When it was last sent; ISO 8601, as is `acceptedAt`. */
    sentAt: z.string().optional(),
    /** What was accepted before and was still on its way when this was sent, in words. */
    supersedes: z.string().optional(),
    /** What a rollback puts back, in words. */
    putsBack: z.string().optional(),
    /** Name of the copy that the cloud keeps of what it was sent. */
    copy: z.string().optional(),
    /** Each resource of its record, and what the edge showed under each name, a line each. */
    resources: z.array(z.string()).optional(),
    seen: z.array(z.string()).optional(),
    /** When the cloud took it. */
    acceptedAt: z.string().optional(),
    /** What went wrong, or what is known besides. */
    says: z.string().optional(),
    code: z.string().optional(),
    requestId: z.string().optional(),
  })
  .strict();
export type JobTarget = z.output<typeof target>;

const certificate = z
  .object({
    /** Of the leaf, lower-case hexadecimal; so is SHA-1. */
    sha256: z.string(),
    sha1: z.string().optional(),
    /** What is sent with it; absent where that is not known. */
    chain: chain.optional(),
    names: z.array(z.string()),
    /** ISO 8601. */
    notAfter: z.string(),
    /** At Tencent Cloud SSL, where it is kept there. */
    certificateId: z.string().optional(),
    /** Where certificate and key came from: references, never what they lead to. */
    source: z.object({ certificate: z.string().optional(), privateKey: z.string().optional() }).strict(),
  })
  .strict();
export type JobCertificate = z.output<typeof certificate>;

export const job = z
  .object({
    id: z.string(),
    /** An operation was called by itself; it is kept as long as it may be on its way, and is no job of the lists. */
    kind: z.enum(["deployment", "rollback", "operation"]),
    /** The deployment that a rollback takes back. */
    of: z.string().optional(),
    /** ISO 8601, as is `changedAt`. */
    startedAt: z.string(),
    changedAt: z.string(),
    /** Set when a run came to its end, whatever became of the targets. */
    endedAt: z.string().optional(),
    /** Stands for the certificate and the targets: the same call again takes this job up. An operation's is its name. */
    key: z.string(),
    certificate,
    /** The process that works on it, while one does. */
    owner: z.object({ pid: z.number().int(), host: z.string() }).strict().optional(),
    targets: z.array(target),
  })
  .strict();
export type Job = z.output<typeof job>;

/** Whether nothing of it is left to do or to watch. */
export function isOver({ targets }: Pick<Job, "targets">): boolean {
  return targets.every((target) => isSeen(target) || target.state === "unchanged" || target.state === "superseded");
}

/** Whether every address was seen to serve what the job sent. */
export function isSeen({ state }: Pick<JobTarget, "state">): boolean {
  return state === "served" || state === "incomplete chain";
}

/** What a target is to serve; "none" or "unknown" where that is no leaf. */
export function expectationOf({ certificate }: Pick<Job, "certificate">, target: JobTarget): Expectation {
  if (target.expected === undefined) return { sha256: certificate.sha256, chain: certificate.chain };
  return { sha256: target.expected, chain: target.chain };
}
