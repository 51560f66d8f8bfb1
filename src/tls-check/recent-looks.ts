import { keepNewest } from "../lib/keep-newest.js";
import type { TlsCheck, TlsReport } from "./tls-check.js";

/** Domains whose newest look is kept; a job has at most a hundred targets. */
const KEPT = 200;

/** Keeps the newest look at each domain, so that what was just looked at need not be looked at again. */
export function keepingLooks(check: TlsCheck): Required<TlsCheck> {
  /** By domain in lower case, the newest last. */
  const looks = new Map<string, TlsReport>();
  return {
    get roots() {
      return check.roots;
    },
    inspect: async (domain, options) => {
      const look = await check.inspect(domain, options);
      if (options.address === undefined) keepNewest(looks, domain.toLowerCase(), look, KEPT);
      return look;
    },
    recent: (domain, notBefore, notAfter) => {
      const look = looks.get(domain.toLowerCase());
      const began = Date.parse(look?.at ?? "");
      return began >= notBefore && began <= notAfter ? look : undefined;
    },
  };
}
