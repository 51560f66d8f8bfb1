import { serviceIds, storeIds } from "../../catalogue/services.js";
import { commaSeparated } from "../../lib/lists.js";

/** Services that serve visitors: certificates are deployed there by domain. */
export const deliveryServices = serviceIds.filter((id) => !storeIds.some((store) => store === id));

/** An id of any store, or the name under which one keeps it. */
const certificateId = /^[\p{L}\p{N}](?:[\p{L}\p{N}*._-]{0,62}[\p{L}\p{N}])?$/u;
const reference = /^(?:file|env|vault):[^\s`"<>]{1,300}$/;
const label = "[A-Za-z0-9\\p{L}_](?:[A-Za-z0-9\\p{L}_-]{0,61}[A-Za-z0-9\\p{L}_])?";
const domain = new RegExp(`^(?:\\*\\.)?(?:${label}\\.){1,10}${label}$`, "u");

/** A sentence of Chinese has no spaces: in such a script only the length tells it from a name. */
const beyondAsciiAtMost = 16;
const isShort = (value: string) => (value.match(/[^\0-\x7f]/gu)?.length ?? 0) <= beyondAsciiAtMost;
const withinLimit = `with at most ${beyondAsciiAtMost} characters beyond ASCII`;

/**
 * What a prompt argument may be. Narrow on purpose: an argument becomes part of an instruction to the model, so it must
 * carry neither keys nor further instructions. A few words still fit in where a name does, so the prompts put those in
 * quotation marks, which none of them can contain. `form` completes "must be".
 */
export const argumentKinds = {
  certificate: {
    form: `a certificate ID of any store, or a name without spaces, ${withinLimit}`,
    accepts: isIdOrName,
  },
  "certificate or reference": {
    form: `a certificate ID of any store, a name without spaces, or a reference (file:, env:, vault:), ${withinLimit}`,
    accepts: (value) => isIdOrName(value) || (reference.test(value) && isShort(value)),
  },
  domain: { form: "a domain name", accepts: isDomain },
  domains: {
    form: "up to 20 domain names, with commas between them",
    accepts: (value) =>
      value.length <= 8_192 && commaSeparated(value).length <= 20 && commaSeparated(value).every(isDomain),
  },
  zone: { form: "an EdgeOne zone ID (zone-…)", accepts: (value) => /^zone-[a-z0-9]{1,40}$/.test(value) },
  "delivery service": {
    form: `one of ${deliveryServices.join(", ")}`,
    accepts: (value) => deliveryServices.some((id) => id === value),
  },
  days: { form: "a number of days from 1 to 999", accepts: (value) => /^[1-9]\d{0,2}$/.test(value) },
} satisfies Readonly<Record<string, { readonly form: string; accepts(value: string): boolean }>>;

export type ArgumentKind = keyof typeof argumentKinds;

function isIdOrName(value: string): boolean {
  return certificateId.test(value) && isShort(value);
}

function isDomain(value: string): boolean {
  return value.length <= 253 && domain.test(value) && isShort(value);
}
