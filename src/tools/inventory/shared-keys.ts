import { tencentSsl } from "../../catalogue/services.js";
import { groupedBy } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { sha256Hex } from "../../lib/sha256.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readLeaf } from "../certificate-detail.js";
import type { ListedCertificate } from "./certificates.js";

/** No list says anything about the keys, so each certificate takes a call, of ten a second (docs/cloud-behaviour.md 1.1). */
const readAtMost = 300;
const AT_ONCE = 8;

/** Those of the issued certificates that have the same key as another one of them. */
export async function sharingKeys(wanted: readonly ListedCertificate[], context: ToolContext) {
  const all = wanted.filter(({ group }) => group === "issued");
  const issued = all.filter(({ service }) => service === tencentSsl);
  const elsewhere = all.length - issued.length;
  const looked = issued.slice(0, readAtMost);
  const keys = await mapConcurrent(looked, AT_ONCE, ({ id }) => keyOf(id, context));
  const read = looked.flatMap(({ id }, index) => (keys[index] === undefined ? [] : [{ id, key: keys[index] }]));
  const sharing = [...groupedBy(read, ({ key }) => key).values()].map((all) => all.map(({ id }) => id));
  const others = new Map(
    sharing
      .filter(({ length }) => length > 1)
      .flatMap((ids) => ids.map((id) => [id, ids.filter((other) => other !== id)] as const)),
  );
  const unread = keys.filter((key) => key === undefined).length;
  return {
    certificates: looked.filter(({ id }) => others.has(id)),
    /** By id, the others with the same key. */
    others,
    /** What is not known, one sentence each. */
    doubts: [
      issued.length > looked.length &&
        `Only the keys of the first ${looked.length} of ${issued.length} were compared; narrow the search for the others.`,
      elsewhere > 0 &&
        `Of ${elsewhere} in the stores of Alibaba Cloud and Huawei Cloud no key is compared: the stores show none.`,
      unread > 0 && `The keys of ${unread} could not be read, and are compared with none.`,
    ].filter((doubt) => doubt !== false),
  };
}

/** A digest of the public key; undefined if it cannot be read. */
async function keyOf(id: string, context: ToolContext): Promise<string | undefined> {
  const leaf = await unlessFailed(readLeaf(id, context), () => undefined);
  return leaf && sha256Hex(leaf.publicKey);
}
