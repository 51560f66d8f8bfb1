import type { Diagnosis } from "./fact.js";

/** What an HTTP status alone says. It is no cloud's code: a proxy, a firewall or any web server sends the same. */
export interface StatusFact extends Required<Diagnosis> {
  readonly status: string;
  readonly means: string;
  readonly next: string;
}

const body = "The body of the reply: a cloud's has a code and a request id, a proxy's usually is HTML.";
const findCode =
  "Get the body of that reply: if a cloud sent it, the code in it says more, and explain_error takes it.";

const facts: readonly (Omit<StatusFact, "status"> & { readonly form: RegExp })[] = [
  {
    form: /^401$/,
    means: "Whoever answered does not accept who is calling.",
    causes: ["A key, token or password is missing, wrong or has expired."],
    checks: [body, "check_setup: whether the configured keys are accepted."],
    next: findCode,
    retry: "No, not until a person has corrected the credential.",
  },
  {
    form: /^403$/,
    means: "Whoever answered does not allow the caller this.",
    causes: [
      "The key's user lacks a policy for it.",
      "A proxy, a firewall or an access rule of the site turns the caller away.",
    ],
    checks: [body],
    next: findCode,
    retry: "No, not until a person has granted the access.",
  },
  {
    form: /^404$/,
    means: "Whoever answered has nothing at this address.",
    causes: ["The address or the id in it is wrong.", "The object was deleted."],
    checks: [body, "The configured endpoints and regions."],
    next: findCode,
    retry: "No, not until the address or the id is corrected.",
  },
  {
    form: /^429$/,
    means: "Whoever answered got too many calls in a short time, and turned this one away.",
    causes: ["Several calls ran at once, or something polls without pauses."],
    checks: ["The header Retry-After: how long to wait.", "What else calls with the same account."],
    next: "Wait as long as Retry-After says, else a minute, then repeat the call; calls of this server do so by themselves.",
    retry: "Yes, after a pause: the call was not carried out.",
  },
  {
    form: /^5\d\d$/,
    means: "Whoever answered failed, or could not reach what is behind it.",
    causes: ["A passing fault or overload.", "A proxy or gateway lost the connection behind it."],
    checks: [body],
    next: "Repeat a read after a pause. After a change, read the current state first: it may have been made.",
    retry: "A read: yes, after a pause. A change: read first, because it may have been made.",
  },
];

/** An HTTP status as people and programs write it, or alone. */
const forms = [
  /^\W*([45]\d\d)\W*$/,
  /(?:HTTP(?:\/[\d.]+)?|status(?:[ _-]?code)?|状态码)["']?\s{0,3}[:=：]?\s{0,3}([45]\d\d)\b/i,
  /\b([45]\d\d)[\s:-]{1,3}(?:Unauthorized|Forbidden|Not Found|Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
];

/** What the HTTP status says that a text names. */
export function httpStatusIn(text: string): StatusFact | undefined {
  const read = text.slice(0, 4_000);
  const [status] = forms.flatMap((form) => form.exec(read)?.[1] ?? []);
  const fact = status === undefined ? undefined : facts.find(({ form }) => form.test(status));
  if (status === undefined || fact === undefined) return undefined;
  const { form: _, ...told } = fact;
  return { status, ...told };
}
