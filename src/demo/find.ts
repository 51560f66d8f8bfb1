import { z } from "zod";
import { commandInWords, opensslVersion, visit } from "./outside.js";
import { type Expected, servedIn, short } from "./served.js";
import { sites, unlisted } from "./sites.js";
import type { Stage } from "./stage.js";
import { check, heading, quote, tell } from "./telling.js";

/** What is there before anything changes. */
export interface Before {
  /** The certificate that ends soon, at Tencent Cloud. */
  readonly oldId: string;
  /** What each site serves, as openssl sees it. */
  readonly served: ReadonlyMap<string, Expected>;
}

export async function connect({ assistant }: Stage): Promise<void> {
  heading("An assistant connects");
  const { tools } = await assistant.connect();
  const reads = tools.filter(({ annotations }) => annotations?.readOnlyHint);
  tell(`${tools.length} tools: ${reads.length} read, ${tools.length - reads.length} change something`);
}

const found = z.object({
  certificates: z.array(
    z.object({
      id: z.string(),
      domains: z.array(z.string()),
      ends: z.string(),
      days_left: z.number(),
      bindings: z.string(),
      bound_to: z.array(z.string()).optional(),
    }),
  ),
  served: z.array(
    z.object({
      domain: z.string(),
      certificates: z.array(z.object({ addresses: z.number(), ends: z.string(), sha256: z.string() })),
    }),
  ),
  not_visible: z.array(z.string()),
});

export async function findWhatExpires({ assistant, view }: Stage): Promise<Before> {
  heading("What expires this month, and where is it used?");
  const question = { expires_within_days: 30, with_bindings: true, served_on: unlisted };
  const { certificates, served, not_visible } = await assistant.call("find_certificates", question, found);
  for (const { id, domains, days_left, bindings, bound_to = [] } of certificates) {
    tell(`${id}  ${domains.join(", ")}  ends in ${days_left} days; used by ${bindings}`);
    for (const place of bound_to) tell(`          ${place}`);
  }
  quote("", not_visible);
  for (const {
    domain,
    certificates: [one],
  } of served) {
    tell(
      `${domain} serves one that ends ${one?.ends.slice(0, "YYYY-MM-DD".length)}, SHA-256 ${one?.sha256.slice(0, 16)}…`,
    );
  }
  const old = certificates.find(({ bindings }) => bindings !== "none");
  if (old === undefined) throw new Error("nothing that is used expires this month");

  heading("What visitors get now, as openssl sees it from outside");
  tell(`${await opensslVersion()}: ${commandInWords}`);
  const before = new Map<string, Expected>();
  for (const site of sites) {
    const serves = servedIn(await visit(site, view));
    before.set(site, serves);
    tell(`${site.padEnd(20)} ${serves === "no HTTPS" ? serves : `SHA-256 ${short(serves)}…`}`);
  }
  const told = served.map(({ certificates: [one] }) => one?.sha256);
  check(
    "find_certificates saw the same",
    unlisted.every((site, index) => told[index] === before.get(site)?.replaceAll(":", "").toLowerCase()),
  );
  return { oldId: old.id, served: before };
}
