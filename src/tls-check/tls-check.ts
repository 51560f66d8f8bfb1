import type { CertificateList } from "../certificates/certificate.js";
import type { SentChain } from "../certificates/sent-chain.js";

/* What the edge of a cloud serves over TLS, as a visitor sees it: by connecting, never from an API. */

export interface TlsCheckOptions {
  /** Addresses used for every domain instead of its own: the sandbox's edge. Empty: domains are resolved. */
  readonly overrides: readonly TlsAddress[];
  /** Domains that may be looked at, with `*` for any run of characters; empty: all. */
  readonly domains: readonly string[];
  /** Whether connections to non-public addresses are allowed. */
  readonly allowPrivate: boolean;
  /** Root certificates in PEM; absent: those that Node.js trusts, including NODE_EXTRA_CA_CERTS. */
  readonly roots?: readonly string[] | undefined;
  /**
   * Returns the fault of a chain at a time, given the one that OpenSSL found; absent: that one counts. OpenSSL judges dates
   * by the machine's clock, and node:tls has no way to give it another.
   */
  readonly judge?: ((now: Date, chain: CertificateList, fault: string | undefined) => string | undefined) | undefined;
  /** Longest time for one connection, in milliseconds. */
  readonly timeout: number;
  readonly now: () => Date;
  /** Receives defects of this program that prevented the report on an address. */
  readonly report?: (error: unknown) => void;
  /** Returns the addresses of a name; absent: DNS, then what else this machine knows names from. */
  readonly resolve?: Resolve;
}

/**
 * Returns all addresses of a name, IPv4 and IPv6; rejects with the codes of node:dns.
 * @param signal aborts when nobody waits for them any more
 */
export type Resolve = (domain: string, signal: AbortSignal) => Promise<readonly string[]>;

export interface TlsAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Kinds of clients, by what they offer; a server may have another certificate for each. `default` offers what clients
 * use today: TLS 1.3 and 1.2, ECDSA and RSA.
 */
export const clientKinds = [
  "default",
  "TLS 1.2",
  "ECDSA only, TLS 1.2",
  "RSA only, TLS 1.2",
  "ECDSA only, TLS 1.3",
  "RSA only, TLS 1.3",
] as const;
export type ClientKind = (typeof clientKinds)[number];

/** A certificate that an address serves. */
export interface ServedCertificate {
  /** Of its key: ECDSA, RSA, or the usual name of another kind. */
  readonly algorithm: string;
  /** The key in words: "EC prime256v1", "RSA 2048". */
  readonly key: string;
  /** In bits of security, see `strengthOf`. */
  readonly strength: number;
  /** Clients that get it. */
  readonly clients: readonly ClientKind[];
  /** SHA-256 of the leaf, 64 lower-case hexadecimal digits; SHA-1 likewise, with 40. */
  readonly sha256: string;
  readonly sha1: string;
  readonly names: readonly string[];
  readonly issuer: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
  /** The certificates in DER as sent, the leaf first. */
  readonly encoded: readonly Buffer[];
  /** Subjects of the chain as sent, the leaf first. */
  readonly chain: readonly string[];
  readonly chainOrder: "right" | "wrong";
  /** When clients stop accepting the chain, ISO 8601, if that is before the leaf's own end. */
  readonly chainEnds?: string;
  /** The chain in the form used for comparison. */
  readonly sent: SentChain;
  /** The leaf was sent alone, and was not issued by a root that clients trust. */
  readonly incomplete?: true;
  /** Whether a public client would trust it for this name. */
  readonly trusted: boolean;
  /** Why not, in words. */
  readonly distrust?: string;
}

/** What one address serves for the domain. */
export interface AddressReport {
  /** As connected to; with its port unless that is 443. */
  readonly address: string;
  /** All certificates that it serves, to any kind of client. */
  readonly certificates: readonly ServedCertificate[];
  /** Why there is none, or why not all could be seen, in words. */
  readonly problem?: string;
  /** Clients for which it is unknown what they get, although a certificate was seen. */
  readonly unseen?: readonly ClientKind[];
  /** Nothing answered there, or it was not connected to: this says nothing about what is served. */
  readonly unreached?: true;
}

export interface TlsReport {
  readonly domain: string;
  /** When the check began; ISO 8601. Absent if the report combines several checks. */
  readonly at?: string;
  readonly addresses: readonly AddressReport[];
  /** Why there is no address to look at, or not all were looked at, in words. */
  readonly problem?: string;
}

/** How what is served compares with what was expected. */
export type ServedState =
  | "serving"
  | "incomplete chain"
  | "other chain"
  | "some clients"
  | "propagating"
  | "other certificate"
  | "no TLS"
  | "unreachable";

/** Looks at what is served. */
export interface TlsCheck {
  /** The roots that it trusts, in PEM. */
  readonly roots: readonly string[];
  /**
   * Connects to each address of `domain`, or only to `address`, once as each kind of client. The result is what this
   * machine sees: a CDN returns other addresses elsewhere.
   * @throws {ToolError} if `domain` is not a host name or `address` not an address, if the operator's settings do not
   * allow it, or the call was cancelled
   */
  inspect(
    domain: string,
    options: { readonly signal: AbortSignal; readonly address?: string | undefined },
  ): Promise<TlsReport>;
  /**
   * The newest report on all addresses of `domain`, if it is kept and began between the two times (milliseconds). A look
   * from the future was taken before the clock was set back: nobody knows how old it is.
   */
  recent?(domain: string, notBefore: number, notAfter: number): TlsReport | undefined;
}
