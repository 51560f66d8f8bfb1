import { dingtalk } from "./dingtalk.js";
import { feishu } from "./feishu.js";
import type { Receiver, ReceiverAddress, ReceiverKind } from "./receiver.js";
import { slack } from "./slack.js";
import { webhook } from "./webhook.js";
import { wecom } from "./wecom.js";

const makers: Readonly<Record<ReceiverKind, (address: ReceiverAddress) => Receiver>> = {
  feishu,
  dingtalk,
  wecom,
  slack,
  webhook,
};

/** The query parameter in which a robot's address has its key. */
const keyParameter: Readonly<Partial<Record<ReceiverKind, string>>> = { dingtalk: "access_token", wecom: "key" };

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @throws {Error} for an unusable address or secret; the message repeats neither */
export function receiverAt(kind: ReceiverKind, address: ReceiverAddress): Receiver {
  const { url, secret } = address;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback.has(url.hostname)))
    throw new Error("the address is not https, or http to a loopback address");
  if (url.username !== "" || url.password !== "") throw new Error("the address has a name or password before its host");
  const parameter = keyParameter[kind];
  if (parameter !== undefined && !url.searchParams.get(parameter))
    throw new Error(`the address has no ${parameter}: it is not that of a ${kind} robot`);
  if (kind === "webhook" && secret === undefined)
    throw new Error("a webhook needs a signing secret: KIND=ADDRESS,SECRET");
  if ((kind === "slack" || kind === "wecom") && secret !== undefined)
    throw new Error(`${kind} has no signing secret: its address is all it needs`);
  return makers[kind](address);
}

/** Shorter parts of an address are ordinary words such as "hook". */
const LEAST_SECRET = 16;

/** What must never be shown: the parts of the address that let anybody send to it, and the signing secret. */
export function secretsOf({ url, secret }: Pick<ReceiverAddress, "url" | "secret">): readonly string[] {
  const parts = [...url.pathname.split("/"), ...url.searchParams.values()];
  return [...parts.filter((part) => part.length >= LEAST_SECRET), ...(secret === undefined ? [] : [secret])];
}
