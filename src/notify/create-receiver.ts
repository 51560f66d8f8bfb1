import { unlessThrown } from "../lib/failure.js";
import { isSecure } from "../lib/secure-url.js";
import { dingtalk } from "./dingtalk.js";
import { feishu } from "./feishu.js";
import type { Receiver, ReceiverAddress, ReceiverKind } from "./receiver.js";
import { slack } from "./slack.js";
import { webhook } from "./webhook.js";
import { wecom } from "./wecom.js";

const factories: Readonly<Record<ReceiverKind, (address: ReceiverAddress) => Receiver>> = {
  feishu,
  dingtalk,
  wecom,
  slack,
  webhook,
};

/** The query parameter in which a robot's address has its key. */
const keyParameter: Readonly<Partial<Record<ReceiverKind, string>>> = { dingtalk: "access_token", wecom: "key" };

/** @throws {Error} for an unusable address or secret; the message repeats neither */
export function receiverAt(kind: ReceiverKind, address: ReceiverAddress): Receiver {
  const { url, secret } = address;
  if (!isSecure(url)) throw new Error("the address is not https, or http to a loopback address");
  if (url.username !== "" || url.password !== "") throw new Error("the address has a name or password before its host");
  const parameter = keyParameter[kind];
  if (parameter !== undefined && !url.searchParams.get(parameter))
    throw new Error(`the address has no ${parameter}: it is not that of a ${kind} robot`);
  if (kind === "webhook" && secret === undefined)
    throw new Error("a webhook needs a signing secret: KIND=ADDRESS,SECRET");
  if ((kind === "slack" || kind === "wecom") && secret !== undefined)
    throw new Error(`${kind} has no signing secret: its address is all it needs`);
  const receiver = factories[kind](address);
  return {
    ...receiver,
    faultIn: (reply) => receiver.faultIn({ ...reply, body: withoutAddress(reply.body, address) }),
  };
}

/** Parts of the addresses that vendors publish: words, versions and small numbers. */
const publicPart = /^(?:[a-z]+(?:[-_.][a-z]+)*|v?\d{1,7})$/;

/** A shorter part is found in too many words. */
const SHORTEST_PART = 4;

/** What a receiver says about a request, without its own address, which servers repeat in pages for errors. */
function withoutAddress(text: string, address: Pick<ReceiverAddress, "url" | "secret">): string {
  const parts = partsOf(address).filter((part) => part.length >= SHORTEST_PART && !publicPart.test(part));
  const longestFirst = parts.toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((text, part) => text.replaceAll(part, "…"), text);
}

/** The parts of path and query, as they are and as servers decode them, and the secret. */
function partsOf({ url, secret }: Pick<ReceiverAddress, "url" | "secret">): readonly string[] {
  const query = url.search
    .slice(1)
    .split("&")
    .map((each) => each.slice(each.indexOf("=") + 1));
  const written = [...url.pathname.split("/"), ...query];
  return [...new Set([...written, ...written.map(decoded), ...(secret === undefined ? [] : [secret])])];
}

const decoded = (part: string) => unlessThrown(() => decodeURIComponent(part)) ?? part;

/** A shorter part can be guessed; one of this length that is no word cannot. */
const MIN_SECRET = 12;

/** From this length on, a part is secret even if it looks like words. */
const LONG_PART = 16;

/** What must never be shown: the parts of the address that let anybody send to it, and the signing secret. */
export function secretsOf(address: Pick<ReceiverAddress, "url" | "secret">): readonly string[] {
  return partsOf(address).filter(
    (part) => part === address.secret || part.length >= (publicPart.test(part) ? LONG_PART : MIN_SECRET),
  );
}
