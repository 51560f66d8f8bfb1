import { parseDomainName } from "../lib/domain-name.js";
import type { SafeText } from "../lib/escape-text.js";
import type { ServiceId } from "./services.js";

/** What a resource comes to serve by a call: its cloud has no read, or one that may be behind, so jobs must know of it. */
export interface Serving {
  /** See {@link resourceId}. */
  readonly id: string;
  readonly service: Exclude<ServiceId, "tencent-ssl">;
  /** "CDN domain img.example.com". */
  readonly name: SafeText;
  readonly domain: string;
  readonly forceRedirect?: boolean | undefined;
  /** PEM, where the call has it; "none" for no HTTPS. */
  readonly certificate: string | undefined;
  /** At Tencent Cloud SSL. */
  readonly certificateId?: string | undefined;
  /** The same, of those that are served besides, to clients of another algorithm. */
  readonly besides?: readonly string[] | undefined;
}

/** The name of a resource among all, however its domain is spelled; `scope` is the EdgeOne zone or the Huawei Cloud project. */
export function resourceId(service: ServiceId, domain: string, scope?: string): string {
  const name = parseDomainName(domain)?.ascii ?? domain.trim().toLowerCase();
  return [service, ...(scope === undefined ? [] : [scope]), name].join("/");
}
