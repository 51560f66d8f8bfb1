import type { Operation } from "./operation.js";
import type { ReplyFacts } from "./reply-fact-types.js";
import { tencentSslReplies } from "./tencent-ssl/reply-facts.js";

const known: ReadonlyMap<string, ReplyFacts> = new Map(Object.entries(tencentSslReplies));
const nothing: ReplyFacts = {};

export function replyFacts(operation: Pick<Operation, "name">): ReplyFacts {
  return known.get(operation.name) ?? nothing;
}
