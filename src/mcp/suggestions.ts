import { codesOf } from "../catalogue/errors/index.js";
import { commaSeparated } from "../lib/lists.js";
import type { AccountView, CertificateRow } from "./account-view.js";
import { type ArgumentKind, deliveryServices } from "./prompts/index.js";
import type { ResourceDeps, VariableKind } from "./resource-types.js";

/** Values that start with what was typed, and whether there are more. */
export interface Suggested {
  readonly values: readonly string[];
  readonly more: boolean;
}

type Chosen = Readonly<Record<string, string>>;

/** @param chosen the arguments that already have a value */
export type Suggest = (kind: ArgumentKind | VariableKind, typed: string, chosen: Chosen) => Promise<Suggested>;

/** Values for each kind, from the catalogue, the journal and the account. */
export function suggestionsFrom({ operations, account, context, listJobs }: ResourceDeps): Suggest {
  const services = [...context.services];
  const serviceIds = services.map(({ id }) => id);
  return async (kind, typed, chosen) => {
    switch (kind) {
      case "certificate":
      case "certificate or reference":
        return certificateIds(account, typed);
      case "domain":
        return domains(account, typed);
      case "domains":
        return asLastOf(typed, (last) => (isEdgeone(chosen) ? hosts(account, last, chosen) : domains(account, last)));
      case "zone":
        return zones(account, typed);
      case "delivery service":
        return among(
          serviceIds.filter((id) => deliveryServices.some((delivery) => delivery === id)),
          typed,
        );
      case "days":
        return among(["7", "14", "30", "60", "90"], typed);
      case "operation":
        return among(
          operations.map(({ name }) => name),
          typed,
        );
      case "service":
        return among(serviceIds, typed);
      case "error code": {
        const service = services.find(({ id }) => id === chosen.service);
        return among(service === undefined ? [] : codesOf(service).sort(), typed);
      }
      case "job":
        return among(listJobs ? (await context.journal.list()).map(({ id }) => id) : [], typed);
    }
  };
}

function isEdgeone({ service }: Chosen): boolean {
  return service === "tencent-edgeone";
}

/** Ids of certificates whose id, remark or names start with what was typed; matching ids come first. */
async function certificateIds(account: AccountView, typed: string): Promise<Suggested> {
  const { rows, more } = await account.certificates(typed);
  const ids = rows.map(({ CertificateId }) => CertificateId).filter((id) => begins(id, typed));
  const others = rows.filter((row) => [row.Alias ?? "", ...namesOf(row)].some((text) => begins(text, typed)));
  return { values: distinct([...ids, ...others.map(({ CertificateId }) => CertificateId)]), more };
}

async function domains(account: AccountView, typed: string): Promise<Suggested> {
  const { rows, more } = await account.certificates(typed);
  return among(rows.flatMap(namesOf), typed, more);
}

/** EdgeOne hosts in the chosen zone that the chosen certificate covers. */
async function hosts(account: AccountView, typed: string, { certificate, zone }: Chosen): Promise<Suggested> {
  // A reference is not a certificate of the account, so its hosts cannot be looked up.
  const id = certificate === "" || certificate?.includes(":") ? undefined : certificate;
  const { rows, more } = await account.hosts(id);
  const inZone = zone ? rows.filter(({ ZoneId }) => ZoneId === zone) : rows;
  return among(
    inZone.map(({ Host }) => Host),
    typed,
    more,
  );
}

async function zones(account: AccountView, typed: string): Promise<Suggested> {
  const { rows, more } = await account.hosts();
  return among(
    rows.flatMap(({ ZoneId }) => ZoneId ?? []),
    typed,
    more,
  );
}

function namesOf({ Domain, SubjectAltName }: CertificateRow): readonly string[] {
  return [...(Domain ? [Domain] : []), ...(SubjectAltName ?? [])];
}

/** Completes the last of several comma-separated values; none is suggested twice. */
async function asLastOf(typed: string, suggest: (last: string) => Promise<Suggested>): Promise<Suggested> {
  const before = commaSeparated(typed);
  const last = before.pop() ?? "";
  const { values, more } = await suggest(last);
  const fresh = values.filter((value) => !before.includes(value));
  return { values: fresh.map((value) => [...before, value].join(",")), more };
}

function among(values: readonly string[], typed: string, more = false): Suggested {
  return { values: distinct(values).filter((value) => begins(value, typed)), more };
}

/** A domain also matches its wildcard. */
function begins(text: string, typed: string): boolean {
  const [whole, start] = [text.toLowerCase(), typed.trim().toLowerCase()];
  return whole.startsWith(start) || whole.replace(/^\*\./, "").startsWith(start);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
