import { asInDns } from "../lib/domain-name.js";
import type { SafeText } from "../lib/safe-text.js";
import type { DeliveryServiceId, ServiceId } from "./services.js";

/** In place of a certificate or its fingerprint, where no HTTPS is served. */
export const noHttps = "none";

/** What tells one leaf from another, in lower-case hexadecimal. */
export interface LeafFingerprints {
  /** A SHA-1 where the store of the certificate shows no more; {@link noHttps}, or "unknown" if it is not known. */
  readonly sha256: string;
  readonly sha1?: string | undefined;
}

/** What a call makes a resource serve. Its cloud has no read for it, or one that may lag, so jobs must know. */
export interface Serving {
  /** See {@link resourceId}. */
  readonly id: string;
  readonly service: DeliveryServiceId;
  /** "CDN domain img.example.com". */
  readonly name: SafeText;
  readonly domain: string;
  readonly forceRedirect?: boolean | undefined;
  /** PEM, if the call has it, or {@link noHttps}. */
  readonly certificate: string | undefined;
  /** At Tencent Cloud SSL. */
  readonly certificateId?: string | undefined;
  /** Ids of certificates also served, to clients with another algorithm. */
  readonly besideIds?: readonly string[] | undefined;
}

/** What a call asks a store for, such as a certificate for a domain. The store's list may show it late. */
export interface StoreRequest extends Omit<Serving, "service"> {
  readonly service: "tencent-ssl";
}

/** Unique name of a resource for any spelling of its domain; `scope` is the EdgeOne zone or Huawei Cloud project. */
export function resourceId(service: ServiceId, domain: string, scope?: string): string {
  return [service, ...(scope === undefined ? [] : [scope]), asInDns(domain)].join("/");
}
