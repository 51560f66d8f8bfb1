import type { Warning } from "../../catalogue/operation.js";
import { certificateInWords } from "../../edge/in-words.js";
import type { Before, Beside, JobTarget } from "../../jobs/job.js";
import type { SentRequest } from "../../jobs/requests.js";
import type { CarryOut, OwnToolContext, PendingValue, Step } from "../../own-tool.js";
import { type SafeText, safe, termInWords } from "../../visible.js";
import type { Arrival } from "./arrivals.js";
import type { Held, Stored } from "./held.js";
import type { Hosts } from "./hosts.js";
import type { Place } from "./places.js";
import type { Target } from "./targets.js";
import type { Wanted } from "./wanted.js";

/** The id that an upload gives, in what is planned before it. */
export const UPLOADED: PendingValue = {
  placeholder: "id of the certificate that is uploaded first",
  says: safe`the certificate that is uploaded first`,
};

/** The id of the certificate, or what stands for it until it is uploaded. */
export function idOf({ facts }: Pick<Wanted, "facts">) {
  const { certificateId: id } = facts;
  return id === undefined
    ? { id: UPLOADED.placeholder, inWords: safe`${certificateInWords(facts)}, uploaded first`, pending: [UPLOADED] }
    : { id, inWords: safe`certificate ${termInWords(id)}` };
}

/** What a target has now. */
export interface Sight {
  readonly before?: Before | undefined;
  /** It has the wanted certificate already. */
  readonly has: boolean;
  /** What should be known of it, in a sentence. */
  readonly says?: SafeText | undefined;
  /** Where a one-click update finds something to do. */
  readonly places?: readonly Place[] | undefined;
  /** Whether it was seen at the edge; otherwise the cloud told it, whose edge may be behind. */
  readonly isAtEdge?: boolean | undefined;
  /** It has the wanted certificate with a chain that lacks something, or has too much. */
  readonly otherChain?: boolean | undefined;
  /** It has what is wanted, and clients need an intermediate besides. */
  readonly incomplete?: boolean | undefined;
  /** Whether the cloud's own records tell what is under way, too, so that no journal is needed for it. */
  readonly tellsAll?: boolean | undefined;
  /** What was found: SHA-256 of leaves, or ids at Tencent Cloud SSL; "none" for no certificate. */
  readonly shows?: readonly string[] | undefined;
  /** Of an EdgeOne host: all that it has. */
  readonly held?: Held | undefined;
  /** What it has, or is given, beside the wanted one. */
  readonly beside?: readonly Beside[] | undefined;
  /** What a person should know before this is sent. */
  readonly warnings?: readonly Warning[] | undefined;
  /** Why nothing can be sent now, in a sentence. */
  readonly blocked?: string | undefined;
}

/** What deliveries of one job share. */
export interface Ground {
  readonly context: OwnToolContext;
  /** What is known of the hosts of a zone; read once for all of them. */
  hosts(zone: string): Promise<Hosts>;
  /** A certificate from which a read that lists hosts can start. */
  readonly anchor: string | undefined;
  /** One-click updates of Tencent Cloud that are under way; read once for all. */
  arrivals(): Promise<readonly Arrival[]>;
  /** The newest request for a target. */
  lastSent(targetId: string): SentRequest | undefined;
  /** When something was last sent to a target, refused or not, in milliseconds since the epoch. */
  lastTried(targetId: string): number | undefined;
  /** A certificate of Tencent Cloud SSL; read once. */
  stored(certificateId: string): Promise<Stored>;
}

/** How one service is given a certificate. What differs between the services stands behind this. */
export interface Delivery {
  look(target: Target, wanted: Wanted, ground: Ground): Promise<Sight>;
  /** The call that makes the target serve the certificate. */
  step(target: Target, wanted: Wanted, sight: Sight, ground: Ground): Step;
  /** Sends the step; gives what is known of the target once the cloud has taken it. */
  deliver(
    step: Step,
    carryOut: CarryOut,
    slots: ReadonlyMap<string, string>,
    context: OwnToolContext,
  ): Promise<Partial<JobTarget>>;
  /** Whether a request of which nothing is known took effect since then (ISO 8601); undefined where that does not show. */
  tookEffect(target: JobTarget, wanted: Wanted, ground: Ground, since: string): Promise<Partial<JobTarget> | undefined>;
}
