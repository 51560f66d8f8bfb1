import type { IncomingMessage } from "node:http";
import { z } from "zod";

/** What a person answered on the page. */
export const decisionForm = z.strictObject({
  csrfToken: z.string(),
  decision: z.enum(["approve", "decline"]),
  typed: z.string().optional(),
});

/** Largest form accepted, in bytes. */
const MAX_FORM_SIZE = 4096;

/** @throws {PageRefusal} on anything but the form of the page */
export async function readForm(request: IncomingMessage): Promise<z.output<typeof decisionForm>> {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/x-www-form-urlencoded") throw new PageRefusal(415, "not a form");
  const fields = [...new URLSearchParams(await readBody(request))];
  const form = decisionForm.safeParse(Object.fromEntries(fields));
  const repeated = new Set(fields.map(([name]) => name)).size < fields.length;
  if (!form.success || repeated) throw new PageRefusal(400, "not the form of this page");
  return form.data;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const data: Buffer = chunk;
    bytes += data.length;
    if (bytes > MAX_FORM_SIZE) throw new PageRefusal(413, "the form is too large");
    chunks.push(data);
  }
  return Buffer.concat(chunks).toString();
}

/** A request that the page in the person's browser never sends; answered with one plain line. */
export class PageRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Accepts only requests from our own page and those that open it.
 * @throws {PageRefusal} on a foreign Host (DNS rebinding), a foreign origin or site, another method
 */
export function checkSource({ headers, method }: IncomingMessage, port: number): void {
  const { host } = headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    throw new PageRefusal(421, "not the host of this page");
  if (method !== "GET" && method !== "POST") throw new PageRefusal(405, "only GET and POST");
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) throw new PageRefusal(403, "foreign origin");
  // Other ports of this machine are same-site but not same-origin.
  const site = headers["sec-fetch-site"];
  if (method === "POST" && site !== undefined && site !== "same-origin") throw new PageRefusal(403, "foreign site");
}
