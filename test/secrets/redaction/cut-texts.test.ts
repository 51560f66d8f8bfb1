import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { operations } from "../../../src/catalogue/index.js";
import { tencentSsl } from "../../../src/catalogue/services.js";
import { createRequestBuilder } from "../../../src/cloud/request-builder.js";
import { forTheRecord } from "../../../src/lib/language.js";
import { brief, briefQuote, capped, formatDay, quoted, redactedText, safe } from "../../../src/lib/safe-text.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { failed } from "../../../src/mcp/reply.js";
import { resourceHandlers } from "../../../src/mcp/resources/serve-resources.js";
import type { NotifyEvent } from "../../../src/notify/event.js";
import { notifyMessageOf } from "../../../src/notify/message.js";
import { redactError } from "../../../src/pipeline/redact-error.js";
import { formatReply } from "../../../src/reply/format-reply.js";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { rowOf } from "../../../src/tools/inventory/rows.js";
import { formatOptions } from "../../reply/support.js";
import { runs } from "../../support/width.js";
import { laidOpen, promisedForms } from "./forms.js";

/** Wherever a text by others is cut, no piece of a key is left that the redactor no longer recognises. */

const pem = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
const key = pem.toString();
const redactor = new Redactor([key]);
const redact = (text: string) => redactor.redact(text);
const reader = { ...forTheRecord, redact };

const body = key.replace(/-----.*-----|\s/g, "");
const secretNumber = Buffer.from(createPrivateKey(key).export({ format: "jwk" }).d ?? "", "base64url");
const from = Buffer.from(body, "base64").indexOf(secretNumber);
/** The digits of the body that encode nothing but the secret number. */
const secret = body.slice(Math.ceil((from * 4) / 3), Math.floor(((from + secretNumber.length) * 4) / 3));

/** As a cloud repeats it whose text begins in the middle of the request: without what tells that it is a key. */
const repeated = key.slice(key.indexOf(secret.slice(0, 8)));

const operationOf = (wanted: string) => {
  const found = operations.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`${wanted} is no operation`);
  return found;
};

const buildRequest = createRequestBuilder({
  site: "intl",
  regions: {},
  endpoints: {},
  tencentSignature: "TC3-HMAC-SHA256",
  nonce: () => "nonce",
  redact,
});
const credentials = {
  tencent: { id: "id", key: "key" },
  alibaba: { id: "id", key: "key" },
};

const rejected = (name: string, params: Record<string, unknown>, envelope: (message: string) => object) => {
  const request = buildRequest(operationOf(name), params, credentials);
  return (message: string) =>
    JSON.stringify(request.decode({ status: 400, headers: {}, body: JSON.stringify(envelope(message)) }));
};

const alibabaError = (Message: string) => ({ RequestId: "r", Code: "SignatureDoesNotMatch", Message });
const tencentError = (Code: string) => ({ Response: { RequestId: Code, Error: { Code, Message: Code } } });

const notified = (event: NotifyEvent) =>
  JSON.stringify(notifyMessageOf(event, "id", new Date(0), { reader: forTheRecord, sandbox: false, guard: redact }));

const listed = {
  service: tencentSsl,
  id: "abcd1234",
  domains: [],
  status: "issued",
  group: undefined,
  source: undefined,
  isCa: false,
  key: undefined,
  renewable: false,
  ends: undefined,
  daysLeft: undefined,
};

const client = {
  getClientCapabilities: () => undefined,
  getClientVersion: () => undefined,
  elicitInput: () => Promise.reject(new Error("nobody is asked")),
};

async function titlesOf(title: string): Promise<string> {
  const kind = {
    name: "certificates",
    title: "Certificate",
    description: "A certificate",
    mimeType: "application/json",
    variables: {},
    list: async () => [{ segments: ["abcd1234"], title, description: title }],
    read: async () => undefined,
  } as const;
  const { listResources } = resourceHandlers(client, {
    resourceTypes: [kind],
    status: {},
    withCaller: () => Promise.reject(new Error("nothing is read")),
    redact,
    report: () => {},
  });
  return JSON.stringify(await listResources());
}

/** Every step that shortens a text by others, with the length in characters from which on it does. */
const steps: readonly (readonly [string, number, (text: string) => string | Promise<string>])[] = [
  [
    "the message of a refused request that carries a key",
    20_000,
    rejected("SetCdnDomainSSLCertificate", { SSLPub: "PEM", SSLPri: key }, alibabaError),
  ],
  [
    "the message of a refused request",
    20_000,
    rejected("SetCdnDomainSSLCertificate", { SSLProtocol: "off" }, alibabaError),
  ],
  ["code and request id of a refusal", 20_000, rejected("DescribeCertificates", {}, tencentError)],
  [
    "an error",
    2_000,
    (text) => {
      const error = new ToolError({ kind: "cloud", happened: text, changed: "no", next: text, code: text });
      return JSON.stringify(failed(redactError(error, { redactor, maskPersonal: true }).details));
    },
  ],
  [
    "a member of a reply",
    14_000,
    (text) => {
      const reply = formatReply(
        operationOf("DescribeCertificate"),
        { Alias: text, Domain: text },
        "r",
        formatOptions({ redact }),
      );
      return JSON.stringify(reply);
    },
  ],
  [
    "a note of a reply",
    440,
    (text) =>
      JSON.stringify(
        formatReply(operationOf("DescribeCertificate"), {}, "r", formatOptions({ redact, notes: [text] })),
      ),
  ],
  [
    "the alias of a listed certificate",
    60,
    (text) =>
      JSON.stringify(rowOf({ ...listed, alias: text }, () => ({}), { now: () => new Date(), redacted: redact })),
  ],
  ["title and description of a resource", 300, titlesOf],
  ["a name in a question", 24, (text) => redactedText(safe`Change ${brief(text)}?`, redact).for(forTheRecord)],
  ["a remark in a question", 24, (text) => redactedText(safe`Change ${briefQuote(text)}?`, redact).for(forTheRecord)],
  ["a quotation", 500, (text) => redactedText(quoted(text), redact).for(forTheRecord)],
  ["a day", 10, (text) => redactedText(formatDay(text), redact).for(forTheRecord)],
  ["any other text", 200, (text) => capped(text, 200, reader)],
  [
    "a target in a notification",
    50,
    (text) => {
      const job = { id: text, kind: "deployment", names: [text], notAfter: text } as const;
      return notified({ type: "job.failed", job, targets: [{ target: text, outcome: "failed", code: text }] });
    },
  ],
  [
    "a domain in a notification",
    24,
    (text) => notified({ type: "drift.seen", domains: [{ domain: text, service: text, listed: text, served: text }] }),
  ],
];

const LONGEST = 7;

function pieceLeft(text: string): string | undefined {
  const open = laidOpen(text).map((each) => each.replaceAll(/[^A-Za-z0-9+/]/g, ""));
  for (let at = 0; at + LONGEST < secret.length; at += 1) {
    const piece = secret.slice(at, at + LONGEST + 1);
    if (open.some((each) => each.includes(piece))) return piece;
  }
  return undefined;
}

it.each(steps)("of %s, which is cut at %i characters", async (_, cutAt, step) => {
  const forms = Object.values(promisedForms).map((form) => form(repeated));
  const cut = fc
    .constantFrom(...forms)
    .chain((form) => fc.tuple(fc.constant(form), fc.integer({ min: 0, max: Math.min(cutAt, form.length) })));
  await fc.assert(
    fc.asyncProperty(cut, async ([form, shown]) => {
      const before = "a text ".repeat(cutAt / 7 + 1).slice(0, cutAt - shown);
      // As every line that leaves the program.
      expect(pieceLeft(redact(await step(`${before}:${form} and so on`)))).toBeUndefined();
    }),
    { numRuns: runs(60, 600) },
  );
});
