import { z } from "zod";
import { toAscii } from "../certificates/domain-names.js";
import { targetServices } from "../jobs/job.js";
import { byKey } from "../lib/lists.js";
import { dayFor } from "../lib/moment.js";
import { formatId, formatName, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";

/** What a standing approval may allow besides deploying a certificate; each is granted separately. */
export const grants = ["key_to_other_cloud", "apply_free_certificate", "put_back"] as const;
export type Grant = (typeof grants)[number];

/** How long a standing approval may last, in days. */
export const MAX_DAYS = 366;

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const count = z.number().int().positive();

/**
 * The bounds that a person approved in advance. Strict: a member of another version makes the whole void. What each
 * means is said by {@link termLines}, and decided by `brokenBounds`.
 */
export const standingTerms = z.strictObject({
  id: z.string().regex(/^sa-[0-9a-f]{8}$/),
  /** In DNS form. `*.example.com` stands for that name and for each one level below example.com. */
  domains: z.array(z.string().min(1)).min(1),
  services: z.array(z.enum(targetServices)).min(1),
  /** Zones of EdgeOne; all of the account if absent. */
  zones: z.array(z.string().min(1)).min(1).optional(),
  /** Ids of the credentials that sign; not secrets. */
  accounts: z.array(z.string().min(1)).min(1),
  /** Where the calls that it lets through go: the same key may be known elsewhere, too. */
  endpoints: z.array(z.strictObject({ service: z.enum(targetServices), endpoint: z.string().min(1) })).min(1),
  /** Absolute paths: certificate and key may come from files below them. */
  directories: z.array(z.string().min(1)).min(1).optional(),
  /** Whether the certificate may come from a cloud's store. */
  from_store: z.boolean(),
  /** Organizations that may have issued it; any trusted one if absent. */
  issuers: z.array(z.string().min(1)).min(1).optional(),
  /** How much later the new certificate must end than each that it replaces, in days. */
  least_gain_days: count,
  /** A certificate is replaced only with at most this much time left, in days; at any time if absent. */
  replace_within_days: count.optional(),
  uses_a_day: count,
  uses: count,
  /** The first and the last day, both included, in `time_zone` (IANA); a day of `uses_a_day` is one there, too. */
  first_day: day,
  last_day: day,
  time_zone: z.string().min(1),
  grants: z.array(z.enum(grants)),
});
export type StandingTerms = z.output<typeof standingTerms>;

/** SHA-256 of the terms, whatever the order of their members in the file. */
export function digestOfTerms(terms: StandingTerms): string {
  return sha256Hex(JSON.stringify(Object.entries(terms).sort(byKey)));
}

/** Whether a name is one of the domains that the terms allow at most. */
export function isAmong(name: string, domains: readonly string[]): boolean {
  const ascii = toAscii(name);
  if (ascii === "") return false;
  if (domains.includes(ascii)) return true;
  const [label = "", ...parent] = ascii.split(".");
  return label !== "*" && domains.includes(["*", ...parent].join("."));
}

/** A bound: what it is about, and what it says. */
type TermLine = readonly [name: SafeText, says: SafeText];

/** A bound that may name several things, and how these are joined where it is one text. */
interface Bound {
  readonly name: SafeText;
  readonly says: readonly SafeText[];
  readonly separator?: SafeText;
}

/** All that the terms allow, for the person who has approved them and for every list. */
export function termLines(terms: StandingTerms): readonly TermLine[] {
  return boundsOf(terms).map(({ name, says, separator }) => [name, joined(says, separator)]);
}

/**
 * Like {@link termLines}, but for the person who is asked to approve them, each thing that a bound names on a line of
 * its own: no text of theirs is then so long that its end would be left out.
 */
export function termRows(terms: StandingTerms): readonly TermLine[] {
  return boundsOf(terms).flatMap(({ name, says }) =>
    says.length === 1
      ? says.map((each): TermLine => [name, each])
      : says.map((each, index): TermLine => [safe`${name} (${index + 1} of ${says.length})`, each]),
  );
}

function boundsOf(terms: StandingTerms): readonly Bound[] {
  const { zones = [], directories = [], issuers, replace_within_days: within } = terms;
  const zone = verbatim(terms.time_zone);
  return [
    {
      name: safe`Allowed`,
      says: [
        safe`deploying a certificate that covers all that the replaced one covers, with its upload, without asking; nothing is deleted, bought, revoked or turned off, and no certificate returns to where it was rolled back`,
      ],
    },
    { name: safe`Domains at most`, says: terms.domains.map(describeDomain) },
    { name: safe`Where`, says: terms.services.map(describeService) },
    ...(zones.length === 0 ? [] : [{ name: safe`Of EdgeOne only`, says: zones.map(formatId) }]),
    { name: safe`Access keys`, says: terms.accounts.map(formatId) },
    {
      name: safe`Endpoints`,
      says: terms.endpoints.map(({ service, endpoint }) => safe`${verbatim(service)} at ${formatId(endpoint)}`),
    },
    {
      name: safe`Certificate from`,
      says: [
        ...directories.map((directory) => safe`files below ${formatId(directory)}`),
        ...(terms.from_store ? [safe`Tencent Cloud's certificate store`] : []),
      ],
      separator: safe` or `,
    },
    {
      name: safe`Issued by`,
      says: issuers?.map(formatId) ?? [safe`any CA that clients trust`],
      separator: safe` or `,
    },
    {
      name: safe`Least gain`,
      says: [
        terms.least_gain_days === 1
          ? safe`expires at least a day later than each that it replaces`
          : safe`expires at least ${terms.least_gain_days} days later than each that it replaces`,
      ],
    },
    {
      name: safe`Replaces`,
      says: [
        within === undefined
          ? safe`certificates with any time left`
          : within === 1
            ? safe`only certificates with at most a day left`
            : safe`only certificates with at most ${within} days left`,
      ],
    },
    {
      name: safe`Uses`,
      says: [
        safe`at most ${terms.uses_a_day} a day and ${terms.uses} in all; an application for a certificate is a use, too`,
      ],
    },
    {
      name: safe`Days`,
      says: [safe`${formatId(terms.first_day)} to ${formatId(terms.last_day)}, as days are in ${zone}`],
    },
    ...grants.map((grant) => ({
      name: grantTexts[grant],
      says: [terms.grants.includes(grant) ? safe`allowed` : safe`not allowed`],
    })),
  ];
}

/** Where the day of `at` stands among those of the terms. */
export function validityAt(
  { first_day: first, last_day: last, time_zone: timeZone }: StandingTerms,
  at: Date,
): "not yet" | "valid" | "ended" {
  const day = dayFor(at, { timeZone });
  if (day > last) return "ended";
  return day < first ? "not yet" : "valid";
}

const grantTexts: Readonly<Record<Grant, SafeText>> = {
  key_to_other_cloud: safe`Taking a key from Tencent Cloud to another cloud`,
  apply_free_certificate: safe`Applying for free certificates for these domains`,
  put_back: safe`Putting the old certificate back if the proof of a wave fails`,
};

/** One-click updates reach more than their service's name says. */
function describeService(service: StandingTerms["services"][number]): SafeText {
  return service === "tencent-ssl"
    ? safe`tencent-ssl (load balancers, CDN and whatever else uses the replaced certificate)`
    : verbatim(service);
}

/** `*.example.com (and each name one level below example.com)`. */
function describeDomain(domain: string): SafeText {
  if (!domain.startsWith("*.")) return formatName(domain);
  return safe`${formatName(domain)} (and each name one level below ${formatName(domain.slice(2))})`;
}
