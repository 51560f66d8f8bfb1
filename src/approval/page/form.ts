import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { PageRefusal } from "./refusal.js";

const formSchema = z
  .object({ csrfToken: z.string(), decision: z.enum(["approve", "decline"]), typed: z.string().optional() })
  .strict();

/** What a person answered on the page. */
export type Form = z.output<typeof formSchema>;

/** Largest form accepted, in bytes. */
const LARGEST = 4096;

/** @throws {PageRefusal} on anything but the form of the page */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/x-www-form-urlencoded") throw new PageRefusal(415, "not a form");
  const fields = [...new URLSearchParams(await readBody(request))];
  const form = formSchema.safeParse(Object.fromEntries(fields));
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
    if (bytes > LARGEST) throw new PageRefusal(413, "the form is too large");
    chunks.push(data);
  }
  return Buffer.concat(chunks).toString();
}
