import { createHmac } from "node:crypto";
import { chatText, countFitting, cutTo, inBytes, type Measure } from "./chat-text.js";
import { jsonPost, type Receiver, type ReceiverAddress, verdictFault } from "./receiver.js";

/**
 * The body may have 20 KB, of which this is left for signature and frame.
 * https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
const MAX_BYTES = 20 * 1_024 - 500;

/** As elements: each line of a text has one of its own. */
const postBytes: Measure = (text) => inBytes(JSON.stringify(postOf(text)));

/**
 * 11232: too many messages, also at busy times of the platform (same page). 9499: too many requests, as the platform's
 * gateway says it.
 */
const transientCodes = [11232, 9499];

/** A custom bot of Feishu, or of Lark. */
export function feishu({ name, url, secret }: ReceiverAddress): Receiver {
  return {
    name,
    // 5 a second and 100 a minute for a bot (same page).
    windows: [
      { messages: 5, perMs: 1_000 },
      { messages: 100, perMs: 60_000 },
    ],
    batchSize: (waiting) => countFitting(waiting, MAX_BYTES, postBytes),
    request: (messages, now) => {
      const post = postOf(cutTo(chatText(messages), MAX_BYTES, postBytes));
      return jsonPost(url, JSON.stringify({ ...signed(secret, now), msg_type: "post", content: { post } }));
    },
    faultIn: (reply) => verdictFault(reply, transientCodes),
  };
}

/** A post and not a text: what mentions people is an element of its own there, never a part of the text. */
function postOf(text: string) {
  const [title = "", ...lines] = text.split("\n");
  return { zh_cn: { title, content: lines.map((line) => [{ tag: "text", text: line, un_escape: false }]) } };
}

/** The key is the timestamp in seconds, a line end and the secret; what it signs is empty (same page). */
function signed(secret: string | undefined, now: Date): Readonly<Record<string, string>> {
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return { timestamp, sign: createHmac("sha256", `${timestamp}\n${secret}`).update("").digest("base64") };
}
