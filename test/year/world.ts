import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { parseSandboxCertificate } from "../../src/sandbox/certificate.js";
import { daysFrom, domainServing, type KeyPair } from "../../src/sandbox/delivery.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { materialOf } from "../../src/sandbox/tencent-ssl/application.js";
import { addCertificate } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import { status } from "../../src/sandbox/tencent-ssl/state.js";
import type { Zone } from "../../src/sandbox/zones.js";

/** The account of the year: domains on three clouds, and the tool that renews their certificates as files. */

export const day = 24 * 3600_000;

/** Where a domain is served. */
const places = ["edgeone", "cdn", "dcdn", "vod", "live"] as const;

export const yearDomain = z.object({
  name: z.string(),
  place: z.enum(places),
  /** Where its next certificate comes from: a file that a tool renews, or a free one that is applied for. */
  source: z.enum(["file", "free"]),
  /** Of each of its certificates, in days. */
  lifetime: z.number(),
});
export type YearDomain = z.output<typeof yearDomain>;

/** Let's Encrypt's shortest profile, and what the CA/Browser Forum allows from March 2029, in days. */
export const lifetimes = { short: 6, usual: 47, free: 91 } as const;

/** @param count of all; every place has some of each lifetime, and EdgeOne the free certificates */
export function domainsOfYear(count: number): readonly YearDomain[] {
  return Array.from({ length: count }, (_, index) => {
    const place = places[index % places.length] ?? "edgeone";
    const round = Math.floor(index / places.length);
    const isFree = place === "edgeone" && round % 2 === 1;
    const lifetime = isFree ? lifetimes.free : (index + round) % 4 === 0 ? lifetimes.short : lifetimes.usual;
    // The sandbox's own certificates cover names below example.com.
    return { name: `${place}-${round}.example.net`, place, source: isFree ? "free" : "file", lifetime } as const;
  });
}

export interface World {
  readonly sandbox: Sandbox;
  readonly domains: readonly YearDomain[];
  readonly acme: AcmeTool;
  /** The roots that clients of this world trust. */
  readonly roots: readonly string[];
}

export interface WorldOptions {
  readonly domains: readonly YearDomain[];
  readonly now: () => Date;
  /** Milliseconds that each address of the edge takes for a change, in turn. */
  readonly edgeStep: () => number;
  /** Where the tool keeps its files. */
  readonly folder: string;
}

/** The sandbox with these domains and no others; each has a certificate that is already some days old. */
export async function openWorld({ domains, now, edgeStep, folder }: WorldOptions): Promise<World> {
  const authority = await CertificateAuthority.create(now(), "Year Test CA");
  const acme = new AcmeTool(authority, folder, now);
  const first = new Map<string, KeyPair>();
  for (const [index, domain] of domains.entries()) {
    if (domain.source === "file") first.set(domain.name, await acme.obtain(domain, (index % 4) / 4));
  }
  const sandbox = await startSandbox({
    now: () => now().getTime(),
    edgeStep,
  });
  await furnish(sandbox, domains, first, now());
  // Whoever looks makes the edge learn of it; it serves all of it some minutes later.
  await fetch(`${sandbox.control}/state`);
  return { sandbox, domains, acme, roots: [sandbox.edge.rootPem, authority.rootPem] };
}

/** Empties the account, and gives it the domains. */
async function furnish(
  { account }: Sandbox,
  domains: readonly YearDomain[],
  first: ReadonlyMap<string, KeyPair>,
  now: Date,
): Promise<void> {
  for (const place of ["cdn", "dcdn", "vod", "live", "zones"] as const) account[place].clear();
  account.ssl.loadBalancers.length = 0;
  account.ssl.cdnDomains.length = 0;
  account.ssl.certificates.clear();
  const zone: Zone = { id: "zone-year", name: "example.net", hosts: new Map() };
  account.zones.set(zone.id, zone);
  for (const { name, place } of domains) {
    const age = { notBefore: daysFrom(now, -60), notAfter: daysFrom(now, 31), key: "EC-P256" } as const;
    const pair = first.get(name) ?? (await account.authority.issue({ names: [name], ...age }));
    if (place !== "edgeone") {
      account[place].set(name, domainServing(pair, name, now));
      continue;
    }
    const material = materialOf(pair.certificatePem, pair.privateKeyPem);
    const { id } = addCertificate(account, { status: status.issued, alias: name, material });
    zone.hosts.set(name, { name, mode: "sslcert", certificateIds: [id], clientCaIds: [], changedAt: now });
  }
}

/** What certbot or lego does: keeps a pair of files for each domain, and obtains a new pair before the end. */
export class AcmeTool {
  readonly folder: string;
  readonly #authority: CertificateAuthority;
  readonly #now: () => Date;
  readonly #ends = new Map<string, number>();

  constructor(authority: CertificateAuthority, folder: string, now: () => Date) {
    this.#authority = authority;
    this.folder = folder;
    this.#now = now;
  }

  /** Renews what has a third of its time left, or half of less than ten days, as certbot does; returns what it renewed. */
  async renew(domains: readonly YearDomain[]): Promise<readonly YearDomain[]> {
    const due = domains.filter(({ name, lifetime }) => {
      const end = this.#ends.get(name);
      const share = lifetime < 10 ? 1 / 2 : 1 / 3;
      return end !== undefined && end - this.#now().getTime() <= lifetime * day * share;
    });
    for (const domain of due) await this.obtain(domain);
    return due;
  }

  /** @param spent the share of its lifetime that is over already */
  async obtain({ name, lifetime }: YearDomain, spent = 0): Promise<KeyPair> {
    const begin = this.#now().getTime() - spent * lifetime * day;
    const notAfter = new Date(begin + lifetime * day);
    const order = { names: [name], key: "EC-P256", notBefore: new Date(begin), notAfter } as const;
    const pair = await this.#authority.issue(order);
    const folder = join(this.folder, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaced(join(folder, "privkey.pem"), pair.privateKeyPem);
    await replaced(join(folder, "fullchain.pem"), pair.certificatePem);
    this.#ends.set(name, parseSandboxCertificate(pair.certificatePem)?.notAfter.getTime() ?? 0);
    return pair;
  }
}

async function replaced(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
