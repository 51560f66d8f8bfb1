import type { KeyPair } from "./delivery.js";

export type HostMode = "disable" | "eofreecert" | "eofreecert_manual" | "sslcert";

/** A certificate that EdgeOne obtained itself, outside the SSL service. */
export interface FreeCertificate extends KeyPair {
  readonly id: string;
  readonly notAfter: Date;
}

/** An accelerated domain and what it serves. */
export interface Host {
  readonly name: string;
  mode: HostMode;
  /** Ids in the SSL service with `sslcert`, in EdgeOne itself with the free modes. */
  certificateIds: readonly string[];
  /** Survives a change of mode: `eofreecert_manual` can deploy it again. */
  freeCertificate?: FreeCertificate;
  /** CAs that visitors' certificates must come from; empty while mutual TLS is off. */
  clientCaIds: readonly string[];
  /** Certificates shown to the origin; set in the console. */
  upstreamIds?: readonly string[];
  /** CAs that the origin's certificate must come from; empty if it is not checked, absent if that was never set. */
  originCaIds?: readonly string[];
  changedAt: Date;
}

/** A site connected by CNAME. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly hosts: Map<string, Host>;
}
