import { chatText, countFitting, cutTo, type Measure } from "./chat-text.js";
import { jsonPost, quotedWords, type Receiver, type ReceiverAddress, statusFault } from "./receiver.js";

/** Longest text of a section. https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
const MAX_CHARACTERS = 3_000;

/** As escaped: the limit may count that. */
const inCharacters: Measure = (text) => escaped(text).length;

/** An incoming webhook of Slack. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function slack({ name, url }: ReceiverAddress): Receiver {
  return {
    name,
    // https://docs.slack.dev/apis/web-api/rate-limits
    windows: [{ messages: 1, perMs: 1_000 }],
    batchSize: (waiting) => countFitting(waiting, MAX_CHARACTERS, inCharacters),
    request: (messages) => {
      const text = escaped(cutTo(chatText(messages), MAX_CHARACTERS, inCharacters));
      const [title = ""] = text.split("\n");
      // Plain text: no markup, no mention and no link is made of it.
      const blocks = [{ type: "section", text: { type: "plain_text", text, emoji: false } }];
      return jsonPost(url, JSON.stringify({ text: title, blocks, unfurl_links: false, unfurl_media: false }));
    },
    faultIn: (reply) => {
      const fault = statusFault(reply);
      if (fault !== undefined) return fault;
      const words = reply.body.trim();
      return words === "ok"
        ? undefined
        : { reason: `the answer ${quotedWords(words)} and not "ok"`, isTransient: false };
    },
  };
}

/** The three characters that Slack gives a meaning. https://docs.slack.dev/messaging/formatting-message-text */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
