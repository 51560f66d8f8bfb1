import { z } from "zod";
import { opensslVersion, shownCommand, visit } from "./outside.js";
import { type Expected, servedIn, short } from "./served.js";
import { sites, unlisted } from "./sites.js";
import type { Stage } from "./stage.js";
import { check, heading, quote, tell } from "./telling.js";

/** The state before anything changes. */
export interface Before {
  /** The id at Tencent Cloud of the certificate that expires soon. */
  readonly oldId: string;
  /** What each site serves, as seen by openssl. */
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
      certificate_id: z.string(),
      names: z.array(z.string()),
      not_after: z.string(),
      days_left: z.number(),
      bindings: z.string(),
      bound_to: z.array(z.string()).optional(),
    }),
  ),
  served_on: z.array(
    z.object({
      domain: z.string(),
      served: z.array(z.object({ certificates: z.array(z.object({ not_after: z.string(), sha256: z.string() })) })),
    }),
  ),
  not_visible: z.array(z.string()),
});

export async function findWhatExpires({ assistant, view }: Stage): Promise<Before> {
  heading("What expires this month, and where is it used?");
  const question = { service: "tencent-ssl", expires_within_days: 30, with_bindings: true, served_on: unlisted };
  const { certificates, served_on, not_visible } = await assistant.call("find_certificates", question, found);
  for (const { certificate_id: id, names, days_left, bindings, bound_to = [] } of certificates) {
    tell(`${id}  ${names.join(", ")}  ends in ${days_left} days; used by ${bindings}`);
    for (const place of bound_to) tell(`          ${place}`);
  }
  quote("", not_visible);
  const shown = served_on.map(({ domain, served: [first] }) => ({ domain, one: first?.certificates[0] }));
  for (const { domain, one } of shown) {
    const end = one?.not_after.slice(0, "YYYY-MM-DD".length);
    tell(`${domain} serves one that expires ${end}, SHA-256 ${one?.sha256.slice(0, 16)}…`);
  }
  const old = certificates.find(({ bindings }) => bindings !== "none");
  if (old === undefined) throw new Error("nothing that is used expires this month");

  heading("What visitors get now, as openssl sees it from outside");
  tell(`${await opensslVersion()}: ${shownCommand}`);
  const before = new Map<string, Expected>();
  for (const site of sites) {
    const serves = servedIn(await visit(site, view));
    before.set(site, serves);
    tell(`${site.padEnd(20)} ${serves === "no HTTPS" ? serves : `SHA-256 ${short(serves)}…`}`);
  }
  check(
    "find_certificates saw the same",
    unlisted.every((site, index) => shown[index]?.one?.sha256 === before.get(site)?.replaceAll(":", "").toLowerCase()),
  );
  return { oldId: old.certificate_id, served: before };
}
