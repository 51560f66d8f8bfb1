import { chatText, countFitting, cutTo, inBytes } from "./chat-text.js";
import { jsonPost, type Receiver, type ReceiverAddress, verdictFault } from "./receiver.js";

/** Longest content of a text message, in bytes. https://developer.work.weixin.qq.com/document/path/91770 */
const MAX_BYTES = 2_048;

/** -1: the system is busy. 45009: too many messages. https://developer.work.weixin.qq.com/document/path/90313 */
const transientCodes = [-1, 45009];

/** A robot of a WeCom group. Its key is in the address; there is no signature. */
export function wecom({ name, url }: ReceiverAddress): Receiver {
  return {
    name,
    windows: [{ messages: 20, perMs: 60_000 }],
    batchSize: (waiting) => countFitting(waiting, MAX_BYTES, inBytes),
    request: (messages) => {
      // A text and not markdown; `<@userid>` mentions people in both, and the text has no such bracket.
      const content = cutTo(chatText(messages), MAX_BYTES, inBytes);
      return jsonPost(url, JSON.stringify({ msgtype: "text", text: { content } }));
    },
    faultIn: (reply) => verdictFault(reply, transientCodes),
  };
}
