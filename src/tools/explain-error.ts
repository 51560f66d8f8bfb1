import { z } from "zod";
import { accessDeniedIn, explainAccessDenied } from "../catalogue/errors/access-denied.js";
import { connectionFaultIn } from "../catalogue/errors/connection.js";
import { type Explanation, explanationsOf, retryUnknown } from "../catalogue/errors/explanation.js";
import { httpStatusIn, type StatusFact } from "../catalogue/errors/http-status.js";
import { codesOf, entryOf } from "../catalogue/errors/index.js";
import { codeIn, codesEndingIn, similarCodes } from "../catalogue/errors/read-code.js";
import { codesByWording } from "../catalogue/errors/sentences.js";
import { allOperations } from "../catalogue/index.js";
import { choice, struct, text } from "../catalogue/params.js";
import { members } from "../catalogue/results.js";
import { type Service, type ServiceId, serviceIds, services } from "../catalogue/services.js";
import { firstOf, groupedBy } from "../lib/lists.js";
import { defineTool, thisComputerService } from "../pipeline/tool.js";

const operationsNamed = 10;

export const explainErrorTool = defineTool({
  name: "explain_error",
  title: "Explain an error code",
  service: thisComputerService,
  summary:
    "What a cloud's error code or message means: likely causes, most frequent first, what to check, whether to retry. Calls no cloud.",
  effect: "read",
  params: struct({
    code: text("Code or message, verbatim"),
    service: choice(serviceIds, "Default: from the message, or all").optional(),
  }),
  // Optional, because clients also validate failures against this schema.
  result: members({
    service: z.string().optional(),
    code: z.string().optional(),
    known: z.boolean().optional(),
    meaning: z.string().optional(),
    causes: z.array(z.string()).optional(),
    checks: z.array(z.string()).optional(),
    retry: z.string().optional(),
    next: z.string().optional(),
    documented_for: z.array(z.string()).optional(),
  }),
  run: async ({ code: given, service: id }) => {
    const requested = id === undefined ? servicesNamedIn(given) : services.filter((service) => service.id === id);
    const others = services.filter((service) => !requested.includes(service));
    // For services that the text does not name, only a full code counts.
    const meant = id === undefined ? [...requested, ...others] : requested;
    const code = codeIn(given, [...requested, ...others], meant);
    if (code !== undefined && services.some((service) => codesOf(service).includes(code))) {
      return withNotes(endingNotes(given, code, meant), withAccessDenial(given, explain(code, requested, others)));
    }
    const fault = connectionFaultIn(given, requested.length > 0);
    if (fault !== undefined) {
      const { code: name, seenByVisitor } = fault;
      const explained = explainOtherFault(name, fault, seenByVisitor ? "a browser's error" : "a connection error");
      // A cloud says some of these sentences of what was sent to it.
      return withNotes(seenByVisitor ? codesByWording(given, requested).map(alsoFits) : [], explained);
    }
    const said = explainByWording(given, requested, id !== undefined);
    if (said !== undefined) return said;
    const status = httpStatusIn(given);
    if (code === undefined || statusLike.test(code)) {
      if (status === undefined)
        return code === undefined ? unknownCode(code, requested) : explain(code, requested, others);
      return explainOtherFault(status.status, status, "an HTTP status");
    }
    const explained = withAccessDenial(given, explain(code, requested, others));
    const saysMore = status !== undefined && explanationsOf([...requested, ...others], code).length === 0;
    return saysMore ? withNotes([`Of HTTP ${status.status} alone: ${status.means}`], explained) : explained;
  },
});

const statusLike = /^(?:http|status)?_?\d{3}$/i;

/** What Alibaba Cloud itself says in the text of a missing permission replaces what the code alone would mean. */
function withAccessDenial(given: string, explained: Explained): Explained {
  const denial = explainAccessDenied(accessDeniedIn(given), explained.next);
  if (denial === undefined) return explained;
  const { means: meaning, next, noGrant } = denial;
  const instead = noGrant && { checks: [noGrant.check], retry: noGrant.retry };
  return { ...explained, meaning, causes: [], next, ...instead };
}

const readByWording =
  "Explained by its wording, since the text contains no known code: another service may say the same. Tell the person the sentence, too.";

const servicesWith = (ids: readonly ServiceId[]) => services.filter(({ id }) => ids.includes(id));

const alsoFits = ({ code, of }: ReturnType<typeof codesByWording>[number]) =>
  `The wording also fits ${code} of ${titles(servicesWith(of))}: name service for it.`;

/**
 * Explains by the wording if the text contains no known code.
 * @param only whether what another service means by the wording is no explanation
 */
function explainByWording(given: string, asked: readonly Service[], only: boolean) {
  const [first, ...further] = codesByWording(given, asked);
  if (first === undefined) return undefined;
  if (only && !servicesWith(first.of).some((service) => asked.includes(service))) {
    return withNotes([first, ...further].map(alsoFits), unknownCode(undefined, asked));
  }
  // The meaning at the requested service comes first.
  const own = servicesWith(first.of).filter((service) => asked.includes(service));
  return withNotes(
    [readByWording, ...further.map(alsoFits)],
    explain(first.code, only ? own : servicesWith(first.of), []),
  );
}

/** That a word was read as the end of a code, or is the end of others, too, which mean something else. */
function endingNotes(given: string, code: string, meant: readonly Service[]): string[] {
  const ending = codesEndingIn(given.trim(), meant);
  const facts = new Set(services.map((service) => entryOf(service, code)?.fact));
  const others = ending.filter((each) => each.code !== code && !facts.has(entryOf(each.service, each.code)?.fact));
  const named = [...groupedBy(others, (each) => each.code)].map(
    ([other, of]) => `${other} of ${titles(of.map(({ service }) => service))}`,
  );
  return [
    ...(ending.some((each) => each.code === code) ? [`Read as ${code}, because the text is the end of it.`] : []),
    ...(named.length > 0 ? [`The text is also the end of ${firstOf(named, 3).join(", ")}.`] : []),
  ];
}

function withNotes(before: readonly string[], { notes = [], ...explained }: Explained): Explained {
  const all = [...before, ...notes];
  return { ...explained, ...(all.length > 0 && { notes: all }) };
}

function explain(code: string, asked: readonly Service[], others: readonly Service[]): Explained {
  const known = (service: Service) => codesOf(service).includes(code);
  const foreign = asked.length > 0 && !asked.some(known) && others.some(known);
  const [first, ...further] = explanationsOf(foreign ? others : asked.length > 0 ? asked : others, code);
  const similar = first?.known ? [] : similarCodes(code, asked.length > 0 ? asked : others);
  const notes = [
    ...(foreign ? [`${titles(asked)} does not document this code; it is one of ${titles(others.filter(known))}.`] : []),
    ...further.map(
      ({ services: also, meaning }) => `Also a code of ${titles(also)}: ${meaning} Name service for more.`,
    ),
    ...(similar.length > 0 ? [`Similar codes that are documented: ${similar.join(", ")}.`] : []),
  ];
  return {
    ...(first === undefined ? unknownCode(code, asked) : explanationMembers(first)),
    ...(notes.length > 0 && { notes }),
  };
}

type Explained = ReturnType<typeof unknownCode | typeof explanationMembers> & { readonly notes?: readonly string[] };

/** A fault that no cloud reported: nobody answered, or something between here and the cloud did. */
function explainOtherFault(
  code: string,
  { means, causes, checks, retry, next }: Omit<StatusFact, "status">,
  what: string,
) {
  const meaning = `${means} It is ${what}, not a cloud's code.`;
  return { service: "none", code, known: true, meaning, causes, checks, retry, next, documented_for: [] };
}

function explanationMembers({ services: by, documentedFor, ...explained }: Explanation) {
  return {
    service: by.map(({ id }) => id).join(", "),
    ...explained,
    documented_for: firstOf(documentedFor, operationsNamed),
  };
}

/** @param code undefined if the text contains nothing that looks like one */
function unknownCode(code: string | undefined, asked: readonly Service[]) {
  return {
    service: asked.map(({ id }) => id).join(", ") || "unknown",
    ...(code !== undefined && { code }),
    known: false,
    meaning:
      code === undefined
        ? "Neither a code nor a sentence that this server knows."
        : "Not in the vendors' documents that this server knows.",
    causes: [],
    checks: ["The message that came with the code.", "The vendor's own error list or support, with the request id."],
    retry: retryUnknown,
    next: "Do not guess: tell the person what the cloud said, word for word.",
    documented_for: [],
  };
}

/** The services that a message names: by title, host or operation, as this server's own errors and the SDKs' do. */
function servicesNamedIn(message: string): Service[] {
  return services.filter((service) => {
    const { default: hosts } = service.hosts;
    const names = allOperations.flatMap((operation) => (operation.service === service ? [operation.name] : []));
    const cues = [service.id, service.title, ...(typeof hosts === "string" ? [hosts] : Object.values(hosts)), ...names];
    return cues.some((cue) => isNamedIn(message, cue));
  });
}

/** Whether the message names it, and not as the end of another word: the host of DCDN ends like that of CDN. */
const isNamedIn = (message: string, cue: string) =>
  message
    .split(cue)
    .slice(0, -1)
    .some((before) => !/[A-Za-z0-9]$/.test(before));

const titles = (of: readonly Service[]) => of.map(({ title }) => title).join(" and ");
