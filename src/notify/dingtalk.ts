import { createHmac } from "node:crypto";
import { chatText, countFitting, cutTo, inBytes } from "./chat-text.js";
import { jsonPost, type Receiver, type ReceiverAddress, verdictFault } from "./receiver.js";

/**
 * The body may have 20,000 bytes; beyond, the answer is 460101 (timonwong/prometheus-webhook-dingtalk issue 30).
 * The text stays well below, as JSON escapes make it longer.
 */
const MAX_BYTES = 8_000;

/** -1: the system is busy. 130101: more than 20 messages in a minute. */
const transientCodes = [-1, 130101];

/** A custom robot of a DingTalk group. https://open.dingtalk.com/document/robots/custom-robot-access */
export function dingtalk({ name, url, secret }: ReceiverAddress): Receiver {
  return {
    name,
    // A robot that sends more is blocked for ten minutes (same page).
    windows: [{ messages: 20, perMs: 60_000 }],
    batchSize: (waiting) => countFitting(waiting, MAX_BYTES, inBytes),
    request: (messages, now) => {
      const content = cutTo(chatText(messages), MAX_BYTES, inBytes);
      const at = { atMobiles: [], atUserIds: [], isAtAll: false };
      return jsonPost(url, JSON.stringify({ msgtype: "text", text: { content }, at }), {}, signed(secret, now));
    },
    faultIn: (reply) => verdictFault(reply, transientCodes),
  };
}

/**
 * The key is the secret; it signs the timestamp in milliseconds, a line end and the secret.
 * https://open.dingtalk.com/document/robots/customize-robot-security-settings
 */
function signed(secret: string | undefined, now: Date): Readonly<Record<string, string>> {
  if (secret === undefined) return {};
  const timestamp = String(now.getTime());
  return { timestamp, sign: createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64") };
}
