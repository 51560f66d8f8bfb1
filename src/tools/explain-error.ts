import { z } from "zod";
import { connectionFaultIn } from "../catalogue/errors/connection.js";
import { type Explanation, explanationsOf, retryUnknown } from "../catalogue/errors/explanation.js";
import { codesOf } from "../catalogue/errors/index.js";
import { codeIn, lookAlikes } from "../catalogue/errors/read-code.js";
import { codesSaidIn } from "../catalogue/errors/sentences.js";
import { allOperations } from "../catalogue/index.js";
import { choice, struct, text } from "../catalogue/params.js";
import { members } from "../catalogue/results.js";
import { type Service, type ServiceId, serviceIds, services } from "../catalogue/services.js";
import { firstOf } from "../lib/lists.js";
import { defineTool, thisComputer } from "../pipeline/tool.js";

/** How many operations a reply names; the rest are counted. */
const operationsNamed = 10;

export const explainErrorTool = defineTool({
  name: "explain_error",
  title: "Explain an error code",
  service: thisComputer,
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
    const asked = id === undefined ? namedIn(given) : services.filter((service) => service.id === id);
    const others = services.filter((service) => !asked.includes(service));
    const code = codeIn(given, [...asked, ...others]);
    if (code !== undefined && services.some((service) => codesOf(service).includes(code))) {
      return explain(code, asked, others);
    }
    const fault = connectionFaultIn(given);
    if (fault !== undefined) return ofConnection(fault);
    return explainSaid(given, asked) ?? (code === undefined ? unknown(undefined, asked) : explain(code, asked, others));
  },
});

const readByWording =
  "Explained by its wording, since the text contains no known code: another service may say the same. Tell the person the sentence, too.";

/** Explains by the wording if the text contains no known code. */
function explainSaid(given: string, asked: readonly Service[]) {
  const [first, ...further] = codesSaidIn(given, asked);
  if (first === undefined) return undefined;
  const of = (ids: readonly ServiceId[]) => services.filter(({ id }) => ids.includes(id));
  const { notes = [], ...explained } = explain(first.code, of(first.of), []);
  const also = further.map(
    ({ code, of: ids }) => `The wording also fits ${code} of ${titles(of(ids))}: name service for it.`,
  );
  return { ...explained, notes: [readByWording, ...also, ...notes] };
}

function explain(code: string, asked: readonly Service[], others: readonly Service[]): Explained {
  const known = (service: Service) => codesOf(service).includes(code);
  const foreign = asked.length > 0 && !asked.some(known) && others.some(known);
  const [first, ...further] = explanationsOf(foreign ? others : asked.length > 0 ? asked : others, code);
  const similar = first?.known ? [] : lookAlikes(code, asked.length > 0 ? asked : others);
  const notes = [
    ...(foreign ? [`${titles(asked)} does not document this code; it is one of ${titles(others.filter(known))}.`] : []),
    ...further.map(
      ({ services: also, meaning }) => `Also a code of ${titles(also)}: ${meaning} Name service for more.`,
    ),
    ...(similar.length > 0 ? [`Similar codes that are documented: ${similar.join(", ")}.`] : []),
  ];
  return { ...(first === undefined ? unknown(code, asked) : inMembers(first)), ...(notes.length > 0 && { notes }) };
}

type Explained = ReturnType<typeof unknown | typeof inMembers> & { readonly notes?: readonly string[] };

/** No cloud has answered here. */
function ofConnection({ code, means, causes, checks, retry, next }: NonNullable<ReturnType<typeof connectionFaultIn>>) {
  const meaning = `${means} It is a connection error, not a cloud's code.`;
  return { service: "none", code, known: true, meaning, causes, checks, retry, next, documented_for: [] };
}

function inMembers({ services: by, code, known, meaning, causes, checks, retry, next, documentedFor }: Explanation) {
  return {
    service: by.map(({ id }) => id).join(", "),
    code,
    known,
    meaning,
    causes,
    checks,
    retry,
    next,
    documented_for: firstOf(documentedFor, operationsNamed),
  };
}

/** @param code undefined if the text contains nothing that looks like one */
function unknown(code: string | undefined, asked: readonly Service[]) {
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
function namedIn(message: string): Service[] {
  return services.filter((service) => {
    const { default: hosts } = service.hosts;
    const names = allOperations.flatMap((operation) => (operation.service === service ? [operation.name] : []));
    const cues = [service.id, service.title, ...(typeof hosts === "string" ? [hosts] : Object.values(hosts)), ...names];
    return cues.some((cue) => namesIt(message, cue));
  });
}

/** Not as the end of another word: the host of DCDN ends like that of CDN. */
const namesIt = (message: string, cue: string) =>
  message
    .split(cue)
    .slice(0, -1)
    .some((before) => !/[A-Za-z0-9]$/.test(before));

const titles = (of: readonly Service[]) => of.map(({ title }) => title).join(" and ");
