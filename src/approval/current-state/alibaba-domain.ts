import { settingIn } from "../../catalogue/alibaba-domains.js";
import { certificateReadOf } from "../../catalogue/alibaba-edges.js";
import { asAlibabaWrites } from "../../catalogue/alibaba-params.js";
import type { LastSet } from "../../catalogue/rollout.js";
import type { AlibabaEdge } from "../../catalogue/services.js";
import { noHttps } from "../../catalogue/serving.js";
import { readBundle } from "../../certificates/bundle.js";
import { isSameLeaf, type LeafFingerprints } from "../../certificates/fingerprint.js";
import { formatDay, formatId, formatName, type SafeText, safe } from "../../lib/safe-text.js";
import { describePem } from "./certificate.js";
import type { DescribedValue, ServedAtAddresses, SetState } from "./reading.js";
import type { StateReader } from "./state-reader.js";
import { couldNotBeRead } from "./texts.js";

/** What its cloud says that a domain is set to; its edge may serve something else for a while. */
type SettingReading =
  | {
      readonly found: true;
      readonly words: SafeText;
      /** The name of the stored certificate. */
      readonly name?: string | undefined;
      /** Compared with a later reading. */
      readonly set: string;
      /** What its edge serves once it is rolled out, if that is known; `none` for no HTTPS. */
      readonly leaf?: LeafFingerprints;
    }
  | { readonly found: false; readonly why: SafeText };

/** What a domain of Alibaba Cloud is set to. The three products have a read each (docs/cloud-behaviour.md 5.5). */
export async function readSetting(at: AlibabaEdge, domain: string, source: StateReader): Promise<SettingReading> {
  const DomainName = asAlibabaWrites(domain);
  const answer = await source.ask(certificateReadOf(at), { DomainName });
  if (!answer.found) return answer;
  const setting = settingIn(answer.value, DomainName);
  if (setting === undefined) return { found: false, why: safe`the reply does not say` };
  const { https, pem, id, name, mainName, ends } = setting;
  if (!https) return { found: true, words: safe`no HTTPS`, set: noHttps, leaf: { sha256: noHttps } };
  const bundle = readBundle(pem ?? "");
  const words = describePem(pem ?? "");
  if (bundle !== undefined && words !== undefined) {
    const sha256 = bundle.certificates.map(({ x509 }) => x509.sha256);
    const { sha256: own, sha1 } = bundle.leaf.x509;
    return { found: true, words, name, set: sha256.sort().join(), leaf: { sha256: own, sha1 } };
  }
  // Without the certificate itself, what the reply says of it has to do.
  const called = name ?? id;
  if (called === undefined) return { found: false, why: safe`the reply does not say` };
  const main = mainName === undefined ? safe`name not reported` : formatName(mainName);
  return {
    found: true,
    words: safe`certificate ${formatId(called)} (${main}, expires ${ends === undefined ? safe`unknown` : formatDay(ends)})`,
    set: [id, name, mainName, ends].join(),
  };
}

/**
 * The line for both: what is set, and what the edge serves if that is something else.
 * @param last what was set from here last, which the cloud may not tell yet
 */
export function settingAndEdge(
  setting: SettingReading,
  edge: DescribedValue,
  arriving: SetState["arriving"],
  last?: LastSet,
): DescribedValue {
  const served = edge.is !== undefined && typeof edge.is === "object" && "at" in edge.is ? edge.is : undefined;
  if (!setting.found) {
    if (served === undefined) return { words: couldNotBeRead(setting.why) };
    const words = safe`at its edge ${edge.words}; what is set could not be read: ${setting.why}`;
    return { words, is: { set: undefined, served, arriving } };
  }
  const { words, name, set, leaf } = setting;
  const named = name === undefined || leaf === undefined ? words : safe`${words}, named ${formatId(name)}`;
  const is: SetState = { set, leaf, served, arriving };
  if (last !== undefined && !showsLastSet(setting, last)) {
    const { words: ours, at } = last;
    const all =
      served === undefined
        ? safe`${ours}, as set from here at ${at}, but the cloud reports ${named}, which may be older; its edge was not seen`
        : safe`${ours}, as set from here at ${at}, but the cloud reports ${named}, which may be older; at its edge ${edge.words}`;
    return { words: all, is };
  }
  if (served === undefined) return { words: safe`${named}, as set; its edge was not seen`, is };
  return leaf !== undefined && servesOnlyLeaf(served, leaf)
    ? { words: named, is }
    : { words: safe`${named}, as set; at its edge ${edge.words}`, is };
}

/** Without the certificate itself, only the name of its copy can be compared. */
function showsLastSet({ leaf, name }: Extract<SettingReading, { readonly found: true }>, last: LastSet): boolean {
  if (leaf === undefined) return last.name === undefined || last.name === name;
  return isSameLeaf(last.leaf, leaf);
}

const servesOnlyLeaf = ({ at }: ServedAtAddresses, leaf: LeafFingerprints) =>
  at.size > 0 && [...at.values()].every((leaves) => leaves.every((each) => isSameLeaf(each, leaf)));
