import {
  alibabaCas,
  alibabaCasAbroad,
  type Service,
  type ServiceId,
  type Site,
  services,
} from "../catalogue/services.js";
import { formatName, joined, type SafeText, safe, titled } from "../lib/safe-text.js";
import type { PlannedCall } from "./call-binding.js";

/** Determines whether a call reaches anything real. */
interface Destination {
  readonly sandbox: boolean;
  readonly site: Site;
  /** Endpoints that replace the vendor's. */
  readonly endpoint: Partial<Readonly<Record<ServiceId, URL>>>;
}

/** "sandbox, no real account is touched"; "the real account, Tencent Cloud's international site". */
export function environmentOf(
  { operation, params, parts = [] }: Pick<PlannedCall, "operation" | "params" | "parts">,
  { sandbox, site, endpoint }: Destination,
): SafeText {
  // What is sent later without asking touches what it will touch, although this call itself sends nothing.
  const later = operation.letsThrough?.(params) ?? [];
  const ids = new Set([operation, ...parts, ...later].map(({ service }) => service.id));
  if (ids.has("this-computer") && later.length === 0) return safe`this computer`;
  const involved = [...services.filter(({ id }) => ids.has(id)), ...(ids.has(alibabaCas.id) ? [alibabaCasAbroad] : [])];
  const elsewhere = involved.flatMap(({ id, title }: Service) => {
    const given = endpoint[id];
    return given === undefined ? [] : [safe`${placeOf(given)} in place of ${titled(title)}`];
  });
  if (elsewhere.length > 0) {
    const set = safe`endpoints that the operator set: ${joined(elsewhere)}`;
    return sandbox ? safe`sandbox, with ${set}` : set;
  }
  if (sandbox) return safe`sandbox, no real account is touched`;
  return involved.some(({ cloud }) => cloud === "tencent")
    ? safe`the real account, Tencent Cloud's ${siteTexts[site]} site`
    : safe`the real account`;
}

const siteTexts: Readonly<Record<Site, SafeText>> = { intl: safe`international`, mainland: safe`mainland China` };

/** A local port means nothing to the reader. */
function placeOf({ hostname, host }: URL): SafeText {
  return /^(?:localhost|127\..*|\[::1\])$/.test(hostname) ? safe`this computer` : formatName(host);
}
