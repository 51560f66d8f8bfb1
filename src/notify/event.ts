import type { SafeText } from "../lib/safe-text.js";

/**
 * What people are notified of outside the conversation. An event contains facts, and no link, token or code by which
 * anybody could decide something: the only address in it asks for a login. Names from clouds, certificates and callers
 * are unchanged here: `texts.ts` quotes them, each receiver escapes what its chat would interpret, and everything
 * passes the redactor.
 */
export type NotifyEvent =
  /** Certificates in use whose end is near and whose successor is not served yet. One event per check of all domains. */
  | { readonly type: "certificate.ends_soon"; readonly domains: readonly EndingDomain[] }
  /** A plan that is or would be carried out without asking anybody now. */
  | { readonly type: "plan.made"; readonly plan: PlanSummary }
  | PlanWaits
  | PlanLeft
  /** Every target was seen serving what was sent, over TLS connections from here, or its cloud's record says so. */
  | (JobEnded & { readonly type: "job.done" })
  /** At least one target failed or was not proven. */
  | (JobEnded & { readonly type: "job.failed" })
  /** A domain serves something other than what its cloud lists. One event per check of all domains. */
  | { readonly type: "drift.seen"; readonly domains: readonly DriftingDomain[] }
  /** A change was let through without a question. */
  | (StandingApprovalRemainder & { readonly type: "standing_approval.used"; readonly plan: PlanSummary })
  /** A standing approval is about to end, by time or by uses; with the domains that it covers. */
  | (StandingApprovalRemainder & { readonly type: "standing_approval.ends_soon"; readonly domains: readonly string[] });

export interface EndingDomain {
  readonly domain: string;
  /** For people: "EdgeOne". */
  readonly service?: string;
  /** ISO 8601. */
  readonly notAfter: string;
}

/** A plan waits for a person's decision, which is made where the server asks, not where this is read. */
export interface PlanWaits {
  readonly type: "plan.waits";
  readonly plan: PlanSummary;
  /** Until when it can be decided; ISO 8601. Absent if it stays open. */
  readonly until?: string;
  /** Who asks for it, where that is known by name. */
  readonly asker?: SafeText;
  /** Where it is decided after logging in, if this server knows its own address. Knowing it decides nothing. */
  readonly address?: string;
}

/** A plan needs a person, and the command that made it asks nobody: it waits nowhere, and the command has to be run again. */
interface PlanLeft extends CommandPlace {
  readonly type: "plan.left";
  readonly plan: PlanSummary;
}

/** Where a command runs: the account of the system, and the computer. */
export interface CommandPlace {
  readonly user: string;
  readonly host: string;
}

/** The plan as its channels show it. */
export interface PlanSummary {
  /** The plan's number, as in the audit log. Knowing it approves nothing. */
  readonly id: string;
  readonly question: SafeText;
  /** Worst first. */
  readonly warnings: readonly SafeText[];
}

interface JobEnded {
  readonly job: JobSummary;
  /** All of them: also what was done, and what is left. */
  readonly targets: readonly TargetOutcome[];
}

export interface JobSummary {
  readonly id: string;
  readonly kind: "deployment" | "rollback" | "deletion" | "https off";
  /** The certificate that the job is about, if it is about one. */
  readonly names?: readonly string[];
  /** ISO 8601. */
  readonly notAfter?: string;
}

export interface TargetOutcome {
  /** For people: "EdgeOne host www.example.com (zone-1)". */
  readonly target: string;
  /** `proven` also if nothing had to be sent; `left`: not attempted, or not seen served yet. */
  readonly outcome: "proven" | "failed" | "left";
  /** The cloud's code. */
  readonly code?: string;
}

export interface DriftingDomain {
  readonly domain: string;
  readonly service?: string;
  /** Certificates as SHA-256 of the leaf, or an id of the cloud; absent for none. */
  readonly listed?: string | undefined;
  readonly served?: string | undefined;
}

interface StandingApprovalRemainder {
  /** Its id; knowing it approves nothing. */
  readonly approval: string;
  readonly usesLeft: number;
  /** Last day, or moment in ISO 8601. */
  readonly lastDay: string;
}

/** Notifies people in the background: returns at once and never throws. */
export type Notify = (event: NotifyEvent) => void;

/** When a standing approval ends soon: so many uses are left, or days. */
export const nearEnd = { uses: 3, days: 14 };
