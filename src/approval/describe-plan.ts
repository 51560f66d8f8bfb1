import { randomBytes } from "node:crypto";
import { MAX_PLAN_TEXT_LENGTH, MAX_QUESTION_LENGTH, uniqueNames } from "../catalogue/naming.js";
import type { Warning } from "../catalogue/operation.js";
import { isSecret } from "../catalogue/params.js";
import { aspectTexts } from "../catalogue/planned-change.js";
import { domainValues, sensitiveValues } from "../catalogue/sensitive.js";
import { caution, describeWarning, loss, worstFirst } from "../catalogue/warnings.js";
import { isInternational, lookAlikeOf, parseDomainName } from "../lib/domain-name.js";
import { below, mapTexts } from "../lib/json.js";
import type { Language, Reader } from "../lib/language.js";
import { distinctBy, groupedBy } from "../lib/lists.js";
import {
  brief,
  capped,
  codePoint,
  escapeInvisible,
  formatDuration,
  formatId,
  formatName,
  inQuotes,
  joined,
  quoted,
  type SafeText,
  safe,
  titled,
  verbatim,
} from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";
import type { PlannedCall } from "./call-binding.js";
import type { StateSnapshot } from "./current-state/read-current-state.js";
import { describeDocument, describeSecret } from "./describe-secret.js";
import type { Execution } from "./execution.js";
import { uncheckedIn } from "./obstacles.js";
import type { Plan, Plans } from "./plan.js";

/** Longest shown value of one argument, in characters. */
const MAX_VALUE_LENGTH = 200;

/**
 * The plan in every language: where and in which language a person reads it is known only later.
 * @param timeZone of the person
 */
export function plansOf(
  call: PlannedCall,
  snapshot: StateSnapshot,
  digest: string,
  timeZone?: string,
  id = randomBytes(4).toString("hex"),
): Plans {
  const planIn = (language: Language) =>
    planOf(call, snapshot, { digest, id }, { language, ...(timeZone && { timeZone }) });
  return { en: planIn("en"), "zh-CN": planIn("zh-CN") };
}

/**
 * Describes a change and the current state for a person. This is the only place where plan texts are made safe to show:
 * each is redacted, then invisible characters are escaped and long texts cut.
 */
function planOf(
  call: PlannedCall,
  snapshot: StateSnapshot,
  identity: Pick<Plan, "digest" | "id">,
  readBy: Reader,
): Plan {
  const { operation, params, redactor, pendingValues, notes = [], environment = safe`not reported`, asker } = call;
  // Names are shortened while a text is rendered, and the redactor does not recognise half a secret.
  const reader: Reader = { ...readBy, redact: (given) => redactor.redact(given) };
  const text = (value: SafeText) =>
    capped(escapeInvisible(redactor.redact(value.for(reader))), MAX_PLAN_TEXT_LENGTH, reader);
  const hidden = new Map<string, SafeText>(
    sensitiveValues(operation.params, params).map(({ path, content, value }) => [
      path,
      pendingValues?.get(path) ?? (isSecret(content) ? describeSecret(value) : describeDocument(value)),
    ]),
  );
  const redacted = mapTexts(params, (value, path) => hidden.get(path)?.toString() ?? redactor.redact(value));
  const warnings = warningsOf(call, snapshot, redacted);
  const typed = operation.confirmationText?.(params);
  return {
    id: identity.id,
    language: reader.language,
    where: joined(operation.service.title.split(", ").map((title) => titled(title))).for(reader),
    environment: text(environment),
    account: text(accountIn(call, snapshot.owners)),
    ...(asker && { asker: text(asker) }),
    operation: operation.name,
    title: titled(operation.title, operation.titleInChinese).for(reader),
    question: cappedQuestion(text(operation.approvalQuestion(redacted)), reader),
    effect: operation.effect,
    // Risks of the arguments and problems with them may be the same sentence.
    warnings: [...new Set(worstFirst(warnings).map((warning) => text(describeWarning(warning))))],
    rows: distinctBy(snapshot.rows.filter(isWorthALine), (row) => JSON.stringify(Object.values(row))).map((row) => ({
      object: text(row.object),
      aspect: aspectTexts[row.aspect].for(reader),
      now: text(row.now),
      then: text(row.then),
    })),
    facts: [...notes, ...snapshot.facts].map(([name, value]) => [text(name), text(value)]),
    details: leavesOf(call).map(({ path, label, value }) => [
      escapeInvisible(label.for(reader)),
      text(
        withSource(
          call,
          path,
          hidden.get(path) ?? pendingValues?.get(path) ?? describeValue(redactor.redact(String(value)), value),
        ),
      ),
    ]),
    digest: identity.digest,
    typed: typed === undefined ? undefined : escapeInvisible(String(typed)),
  };
}

/** Some calls set the redirect in any case: that it stays as it is would only hide the lines of what changes. */
const isWorthALine = ({ aspect, now, then }: StateSnapshot["rows"][number]) =>
  aspect !== "redirect" || String(now) !== String(then);

/** What a person should know about the change, in no order. @param shown the arguments without secrets */
export function warningsOf(
  call: PlannedCall,
  snapshot: StateSnapshot,
  shown: PlannedCall["params"] = call.params,
): readonly Warning[] {
  const { operation, params, warnings = [], repeatWarnings = [], rollout } = call;
  return [
    ...repeatWarnings,
    ...(operation.warnings?.(shown, snapshot.state) ?? []),
    ...(snapshot.warnings ?? []),
    ...uncheckedIn(call, snapshot),
    ...(rollout?.warnings ?? []),
    ...lookAlikes(domainValues(operation.params, params)),
    ...warnings.map(caution),
  ];
}

/** The operator's name of the account, if it has one; the key, and its owner if known and unique. */
function accountIn({ account, accountName }: PlannedCall, owners: StateSnapshot["owners"]): SafeText {
  const signs = signerIn(account, owners);
  return accountName === undefined ? signs : safe`account ${verbatim(accountName)}, ${signs}`;
}

function signerIn(account: string, [owner, ...others]: StateSnapshot["owners"] = []): SafeText {
  const key = joined(account.split(", ").map((id) => verbatim(shortenedIds(id))));
  if (owner !== undefined && others.length === 0 && !account.includes(", ")) return safe`account ${owner} (key ${key})`;
  return account.includes(", ") ? safe`access keys ${key}` : safe`access key ${key}`;
}

/** Shortens credential ids; a job may have several. Phrases stay unchanged. */
export function shortenedIds(ids: string): string {
  const short = (id: string) => (id.length <= 12 || id.includes(" ") ? id : `${id.slice(0, 4)}…${id.slice(-4)}`);
  return ids.split(", ").map(short).join(", ");
}

/** No operation asks a question this long. If one ever does, the verb at its start is kept. */
function cappedQuestion(question: string, reader: Reader): string {
  if (question.length <= MAX_QUESTION_LENGTH) return question;
  return safe`${verbatim(question.slice(0, MAX_QUESTION_LENGTH - 2))}…?`.for(reader);
}

/** Names that a person may mistake for others. */
function lookAlikes(domains: readonly string[]): Warning[] {
  return uniqueNames(domains).flatMap((name) => {
    const domain = parseDomainName(name);
    const reason = domain && lookAlikeOf(domain);
    if (reason === undefined) return [];
    const scripts = joined(reason.scripts.map(verbatim), safe` and `);
    const why = {
      mixed: safe`mixes ${scripts} letters`,
      "like Latin": safe`has only ${scripts} letters that look Latin`,
      "like ASCII": safe`has letters that look like those of ASCII`,
    }[reason.kind];
    return [
      loss(safe`${brief(name)} ${why} (${joined(reason.letters.map(describeLetter))}): it may pass for another name.`),
    ];
  });
}

/** `"а" U+0430` */
const describeLetter = (letter: string) => safe`${inQuotes(letter)} ${verbatim(codePoint(letter))}`;

function withSource({ sources }: PlannedCall, path: string, value: SafeText): SafeText {
  const source = sources?.get(path);
  return source === undefined || source === "inline" ? value : safe`${value}, from ${formatId(source)}`;
}

/** An argument's value, never mistaken for our own words; a long one as its beginning and a digest. */
function describeValue(shown: string, value: unknown): SafeText {
  if (typeof value === "object") return safe`empty`;
  if (typeof value !== "string") return verbatim(shown);
  const domain = parseDomainName(shown);
  // The end of a name says whose it is, so no part of a name is left out.
  if (shown.length > MAX_VALUE_LENGTH && domain === undefined) {
    const sha256 = sha256Hex(shown).slice(0, 32);
    return safe`${quoted(shown.slice(0, MAX_VALUE_LENGTH), MAX_VALUE_LENGTH)}… (${shown.length} characters, SHA-256 ${verbatim(sha256)})`;
  }
  if (domain === undefined) return formatId(shown);
  if (!isInternational(domain)) return shown.length > MAX_VALUE_LENGTH ? formatName(shown) : formatId(shown);
  return shown === domain.ascii ? formatName(shown) : safe`${formatId(shown)}, that is ${formatName(shown)}`;
}

interface Leaf {
  /** Dotted, as in `Hosts.0`. */
  readonly path: string;
  /** The path with the number of equal items: `Hosts.0 and 3 more`. */
  readonly label: SafeText;
  readonly value: unknown;
}

function leavesOf({ params, stepLabels }: PlannedCall): Leaf[] {
  if (Object.keys(params).length === 0) return leaves(params, "", safe``);
  return Object.entries(params).flatMap(([name, value]) => {
    const step = stepLabels?.get(name);
    if (step === undefined || typeof value !== "object" || value === null) return leaves(value, name, verbatim(name));
    return Object.entries(value).flatMap(([member, each]) =>
      leaves(each, below(name, member), safe`${step}, ${verbatim(member)}`),
    );
  });
}

/** Every value in `value`; equal list items are grouped. */
function leaves(value: unknown, path: string, label: SafeText): Leaf[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [{ path, label, value }];
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, member]) =>
      leaves(member, below(path, name), labelBelow(label, name)),
    );
  }
  const groups = groupedBy(value.entries(), ([, item]) => JSON.stringify(item));
  return [...groups.values()].flatMap(([[index, item] = [0, undefined], ...more]) => {
    const one = labelBelow(label, String(index));
    return leaves(item, below(path, index), more.length === 0 ? one : safe`${one} and ${more.length} more`);
  });
}

function labelBelow(label: SafeText, name: string): SafeText {
  return safe`${label}.${verbatim(name)}`;
}

/** That the same call was made recently, and its outcome. */
export function repeatWarning({ execution, ago }: { readonly execution: Execution; readonly ago: number }): Warning {
  const what = execution.effect === "purchase" ? safe`The same purchase` : safe`The same`;
  const when = formatDuration(ago);
  const done = execution.changed === "yes" ? safe`${what} was made ${when} ago.` : safe`${what} was sent ${when} ago.`;
  return loss(safe`${done} ${execution.description}.`);
}
