import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { codesOf } from "../catalogue/errors/index.js";
import { ownMember } from "../lib/json.js";
import { commaSeparated } from "../lib/lists.js";
import { escapeInvisible } from "../lib/safe-text.js";
import type { AccountCache, CertificateRow } from "./account-cache.js";
import type { Handlers } from "./handlers.js";
import { type ArgumentKind, deliveryServices } from "./prompts/arguments.js";
import { prompts } from "./prompts/index.js";
import type { ResourceDeps, ResourceType, VariableKind } from "./resources/resource-types.js";
import { templateUri } from "./resources/serve-resources.js";

/** How many values one reply may have, by the protocol. */
export const MAX_COMPLETIONS = 100;

/** Longest typed text, in characters: 20 domains have 5,000. */
const MAX_TYPED_LENGTH = 8_192;

/**
 * Completes prompt arguments and resource template variables. It only reads; it neither changes nor asks anything.
 * @param report a defect of this program
 */
export function completionHandler(
  resourceTypes: readonly ResourceType[],
  deps: ResourceDeps,
  report: (error: unknown) => void,
): Handlers["complete"] {
  const suggest = suggestionsFrom(deps);
  return async ({ ref, argument, context }) => {
    const kind =
      ref.type === "ref/prompt" ? kindInPrompt(ref.name, argument.name) : kindIn(resourceTypes, ref.uri, argument.name);
    // Nothing that can be completed is this long.
    const isLong = [argument.value, ...Object.values(context?.arguments ?? {})].some(
      ({ length }) => length > MAX_TYPED_LENGTH,
    );
    if (kind === undefined || isLong) return { completion: { values: [], hasMore: false } };
    const { values, more } = await suggest(kind, argument.value, context?.arguments ?? {}).catch((error: unknown) => {
      report(error);
      return { values: [], more: false };
    });
    return {
      completion: {
        values: values.slice(0, MAX_COMPLETIONS).map(escapeInvisible),
        ...(!more && { total: values.length }),
        hasMore: values.length > MAX_COMPLETIONS || more,
      },
    };
  };
}

/** What to complete an argument with; undefined if unknown. */
function kindInPrompt(name: string, argument: string) {
  const prompt = prompts.find((candidate) => candidate.name === name);
  if (prompt === undefined) throw new McpError(ErrorCode.InvalidParams, "There is no such prompt");
  return ownMember(prompt.arguments, argument)?.kind;
}

function kindIn(resourceTypes: readonly ResourceType[], uri: string, variable: string) {
  const family = resourceTypes.find((candidate) => templateUri(candidate) === uri);
  if (family === undefined) throw new McpError(ErrorCode.InvalidParams, "There is no such resource template");
  return ownMember(family.variables, variable);
}

/** Values that start with what was typed, and whether there are more. */
interface Suggestions {
  readonly values: readonly string[];
  readonly more: boolean;
}

type Chosen = Readonly<Record<string, string>>;

/** @param chosen the arguments that already have a value */
type Suggest = (kind: ArgumentKind | VariableKind, typed: string, chosen: Chosen) => Promise<Suggestions>;

/** Values for each kind, from the catalogue, the journal and the account. */
function suggestionsFrom({ operations, accountCache, context, listJobs }: ResourceDeps): Suggest {
  const services = [...context.services];
  const serviceIds = services.map(({ id }) => id);
  return async (kind, typed, chosen) => {
    switch (kind) {
      case "certificate":
      case "certificate or reference":
        return certificateIds(accountCache, typed);
      case "domain":
        return domains(accountCache, typed);
      case "domains":
        return completeLast(typed, (last) =>
          chosen.service === "tencent-edgeone" ? hosts(accountCache, last, chosen) : domains(accountCache, last),
        );
      case "zone":
        return zones(accountCache, typed);
      case "delivery service":
        return startingWith(
          serviceIds.filter((id) => deliveryServices.some((delivery) => delivery === id)),
          typed,
        );
      case "days":
        return startingWith(["7", "14", "30", "60", "90"], typed);
      case "operation":
        return startingWith(
          operations.map(({ name }) => name),
          typed,
        );
      case "service":
        return startingWith(serviceIds, typed);
      case "error code": {
        const service = services.find(({ id }) => id === chosen.service);
        return startingWith(service === undefined ? [] : codesOf(service).sort(), typed);
      }
      case "job":
        return startingWith(listJobs ? (await context.journal.list()).map(({ id }) => id) : [], typed);
    }
  };
}

/** Ids of certificates whose id, remark or names start with what was typed; matching ids come first. */
async function certificateIds(accountCache: AccountCache, typed: string): Promise<Suggestions> {
  const { rows, more } = await accountCache.certificates(typed);
  const ids = rows.map(({ CertificateId }) => CertificateId).filter((id) => matchesPrefix(id, typed));
  const others = rows.filter((row) => [row.Alias ?? "", ...namesOf(row)].some((text) => matchesPrefix(text, typed)));
  return { values: distinct([...ids, ...others.map(({ CertificateId }) => CertificateId)]), more };
}

async function domains(accountCache: AccountCache, typed: string): Promise<Suggestions> {
  const { rows, more } = await accountCache.certificates(typed);
  return startingWith(rows.flatMap(namesOf), typed, more);
}

/** EdgeOne hosts in the chosen zone that the chosen certificate covers. */
async function hosts(accountCache: AccountCache, typed: string, { certificate, zone }: Chosen): Promise<Suggestions> {
  // A reference is not a certificate of the account, so its hosts cannot be looked up.
  const id = certificate === "" || certificate?.includes(":") ? undefined : certificate;
  const { rows, more } = await accountCache.hosts(id);
  const inZone = zone ? rows.filter(({ ZoneId }) => ZoneId === zone) : rows;
  return startingWith(
    inZone.map(({ Host }) => Host),
    typed,
    more,
  );
}

async function zones(accountCache: AccountCache, typed: string): Promise<Suggestions> {
  const { rows, more } = await accountCache.hosts();
  return startingWith(
    rows.flatMap(({ ZoneId }) => ZoneId ?? []),
    typed,
    more,
  );
}

function namesOf({ Domain, SubjectAltName }: CertificateRow): readonly string[] {
  return [...(Domain ? [Domain] : []), ...SubjectAltName];
}

/** Completes the last of several comma-separated values; none is suggested twice. */
async function completeLast(typed: string, suggest: (last: string) => Promise<Suggestions>): Promise<Suggestions> {
  const before = commaSeparated(typed);
  const last = before.pop() ?? "";
  const { values, more } = await suggest(last);
  const fresh = values.filter((value) => !before.includes(value));
  return { values: fresh.map((value) => [...before, value].join(",")), more };
}

function startingWith(values: readonly string[], typed: string, more = false): Suggestions {
  return { values: distinct(values).filter((value) => matchesPrefix(value, typed)), more };
}

/** A domain also matches its wildcard. */
function matchesPrefix(text: string, typed: string): boolean {
  const [whole, start] = [text.toLowerCase(), typed.trim().toLowerCase()];
  return whole.startsWith(start) || whole.replace(/^\*\./, "").startsWith(start);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
