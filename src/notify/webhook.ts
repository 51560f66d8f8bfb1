import { createHmac } from "node:crypto";
import { jsonPost, type Receiver, type ReceiverAddress, statusFault } from "./receiver.js";

/**
 * Any address, by the Standard Webhooks specification, for which there are libraries in every language:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhook({ name, url, secret = "" }: ReceiverAddress): Receiver {
  const key = signingKey(secret);
  return {
    name,
    windows: [{ messages: 10, perMs: 1_000 }],
    // Its id identifies one event.
    batchSize: () => 1,
    request: ([message], now) => {
      if (message === undefined) throw new Error("a request for no message");
      const { id, type, at, title, lines, facts } = message;
      const data = { ...facts, message: [title, ...lines].join("\n") };
      const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
      // Of this attempt, so that an old request cannot be sent again by somebody else; the id stays.
      const timestamp = String(Math.floor(now.getTime() / 1_000));
      const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
      return jsonPost(url, body, {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signature}`,
      });
    },
    faultIn: statusFault,
  };
}

const PREFIX = "whsec_";
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** @throws {Error} unless it is a key as the specification writes it; the message does not repeat it */
function signingKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : "";
  const key = Buffer.from(encoded, "base64");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || key.length < MIN_BYTES || key.length > MAX_BYTES) {
    throw new Error(`the signing secret is not ${PREFIX} and ${MIN_BYTES} to ${MAX_BYTES} bytes in base64`);
  }
  return key;
}
