import type { SentChain } from "../certificates/sent-chain.js";

/** What the edge of a cloud serves over TLS, as a visitor meets it: looked at, never taken from an API. */

export interface TlsCheckOptions {
  /** Addresses that stand in for those of every domain: the sandbox's edge. Empty: domains are resolved. */
  readonly overrides: readonly TlsAddress[];
  /** Domains that may be looked at, with `*` for any run of characters; empty: all. */
  readonly domains: readonly string[];
  /** Whether addresses may be connected to that are not public ones. */
  readonly allowPrivate: boolean;
  /** Root certificates in PEM; absent: those that Node.js trusts, NODE_EXTRA_CA_CERTS included. */
  readonly roots?: readonly string[] | undefined;
  /** Longest time for one connection, in milliseconds. */
  readonly timeout: number;
  readonly now: () => Date;
  /** Where a defect of this program is reported that kept what one address serves from being told. */
  readonly report?: (error: unknown) => void;
  /** Gives the addresses of a name; absent: the resolver of this machine, hosts file included. */
  readonly resolve?: Resolve;
}

/** Gives all addresses of a name, IPv4 and IPv6; rejects with the codes of node:dns. */
export type Resolve = (domain: string) => Promise<readonly string[]>;

export interface TlsAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Kinds of clients, by what they offer; a server may have another certificate for each. `default` offers what clients do
 * today: TLS 1.3 and 1.2, ECDSA and RSA.
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
  /** Of its key: ECDSA, RSA, or what the field calls it. */
  readonly algorithm: string;
  /** The key in words: "EC prime256v1", "RSA 2048". */
  readonly key: string;
  /** Those that get it. */
  readonly clients: readonly ClientKind[];
  /** SHA-256 of the leaf, 64 lower-case hexadecimal digits; so is SHA-1 with 40. */
  readonly sha256: string;
  readonly sha1: string;
  readonly names: readonly string[];
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
  /** Subjects of the chain as it was sent, the leaf first. */
  readonly chain: readonly string[];
  readonly chainOrder: "right" | "wrong";
  /** The chain as it is compared with another. */
  readonly sent: SentChain;
  /** The leaf was sent alone, and no root that clients trust issued it. */
  readonly incomplete?: true;
  /** Whether a public client would trust it under this name. */
  readonly trusted: boolean;
  /** Why not, in words. */
  readonly distrust?: string;
}

/** What one address serves for the domain. */
export interface AddressReport {
  /** As it was connected to; with its port where that is not 443. */
  readonly address: string;
  /** All that it serves, to one kind of clients or another. */
  readonly certificates: readonly ServedCertificate[];
  /** Why there is none, or not all could be seen, in words. */
  readonly problem?: string;
  /** Clients of which it is not known what they get; a certificate is seen all the same. */
  readonly unseen?: readonly ClientKind[];
  /** Nothing answered there, or it was not connected to: says nothing about what is served. */
  readonly unreached?: true;
}

export interface TlsReport {
  readonly domain: string;
  readonly addresses: readonly AddressReport[];
  /** Why there is no address to look at, or not all were, in words. */
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
  /**
   * Connects to each address of `domain`, or to `address` alone, once as each kind of client. What comes of it is
   * what this machine meets: a CDN gives other addresses elsewhere.
   * @throws {ToolError} where `domain` is no host name or `address` no address, where the operator's settings do not
   *   allow it, or the call was taken back
   */
  inspect(
    domain: string,
    options: { readonly signal: AbortSignal; readonly address?: string | undefined },
  ): Promise<TlsReport>;
}
