import { type SafeText, safe } from "../lib/safe-text.js";
import type { Finding, Verdict } from "./finding.js";

/** What is wrong with the arguments of a call, or what in them `preflight` has to look into. */
export type ArgumentCheck = Finding | GivenMaterial;

/** Certificates, keys and signing requests in the arguments of a call, as `preflight` checks them. */
export type GivenMaterial =
  | ({ readonly kind: "pair"; readonly verdicts: PairVerdicts } & GivenPair)
  | ({ readonly kind: "authority"; readonly verdicts: AuthorityVerdicts } & GivenAuthority)
  | ({ readonly kind: "signing request"; readonly verdict: Verdict } & GivenRequest)
  | ({ readonly kind: "SM halves" } & GivenHalves);

/** A server's certificate, its key, and the domains that they are for. */
export interface GivenPair {
  readonly parameter: string;
  readonly pem: string;
  readonly key?: GivenKey;
  readonly domains?: readonly string[];
}

export interface GivenKey {
  readonly parameter: string;
  readonly pem: string;
  /** If the operation takes one: the parameter and its value. */
  readonly password?: { readonly parameter: string; readonly value: string | undefined };
}

/** A CA's certificate: it comes without a key and covers no domain. */
export interface GivenAuthority extends Pick<GivenPair, "parameter" | "pem"> {
  /** What to do if it is a server's instead. */
  readonly ifServers: string;
}

export interface GivenRequest {
  readonly parameter: string;
  readonly pem: string;
  /** The required common name, if the call gives one. */
  readonly commonName?: string | undefined;
  readonly domains?: readonly string[] | undefined;
}

/** The two certificates of an SM2 server. */
export interface GivenHalves {
  readonly sign: GivenHalf;
  readonly enc: GivenHalf;
}

interface GivenHalf {
  readonly parameter: string;
  readonly pem: string | undefined;
}

/** A certificate that a call names by its id, to be served. */
export interface StoredUse {
  readonly parameter: string;
  readonly id: string;
  /** Where it will be served, as far as the call says. */
  readonly domains?: readonly string[];
  readonly verdicts?: Pick<PairVerdicts, "expired" | "uncovered">;
  /** Why it cannot be read here; absent if Tencent Cloud SSL stores it. */
  readonly unreadable?: SafeText;
}

/** The verdicts on faults of a certificate and its key; a warning if absent. */
export interface PairVerdicts {
  readonly unreadable: Verdict;
  readonly badKey: Verdict;
  readonly mismatch: Verdict;
  /** A later block of the chain does not parse. */
  readonly brokenChain?: Verdict;
  readonly expired?: Verdict;
  readonly uncovered?: Verdict;
  /** The standard that the certificate must follow. */
  readonly standard?: { readonly sm2: boolean; readonly otherwise: Verdict };
}

export interface AuthorityVerdicts extends Pick<PairVerdicts, "unreadable" | "brokenChain" | "standard"> {
  readonly notCa: Verdict;
}

/** A certificate in another store than Tencent Cloud SSL's. */
export const storedElsewhere = (store: SafeText) => ({
  unreadable: safe`a single operation does not read ${store}; find_certificates and deploy_certificate do`,
});
