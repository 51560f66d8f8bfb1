import { type Cloud, clouds } from "../catalogue/services.js";
import type { KeyParts } from "../cloud/credential-search.js";
import { credentialFault, idFault, swapFault, trimmed } from "../cloud/credential-text.js";
import type { Credentials } from "../cloud/credentials.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import { readReference } from "../lib/read-secret-reference.js";
import { joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { AccountSettings } from "./accounts-file.js";

/** An account's own keys, as its references have them now; where a role is assumed, the keys that may assume it. */
export type LongTermCredentials = Partial<Readonly<Record<Cloud, KeyParts>>> & Pick<Credentials, "faults">;

/** The parts of a credential, or why they cannot be one, in a sentence that does not repeat them. */
type ParsedKeys = KeyParts | { readonly fault: SafeText };

/** Reads the references of the clouds. What cannot be read, or cannot be a credential, is a fault of its cloud. */
export function readLongTermCredentials(
  settings: AccountSettings,
  env: EnvironmentVariables,
  of?: Cloud,
): LongTermCredentials {
  const parts = partsOf(settings);
  const keys: Partial<Record<Cloud, KeyParts>> = {};
  const faults: Partial<Record<Cloud, SafeText>> = {};
  for (const cloud of of === undefined ? clouds : [of]) {
    const read = parts[cloud] && readKeys(cloud, parts[cloud], env);
    if (read === undefined) continue;
    if ("fault" in read) faults[cloud] = read.fault;
    else keys[cloud] = read;
  }
  return { ...keys, ...(Object.keys(faults).length > 0 && { faults }) };
}

/** All references of an account, also those of keys that only assume a role. */
export function referencesIn(settings: AccountSettings): readonly string[] {
  return Object.values(partsOf(settings)).flatMap((parts) => parts.filter((part) => part !== undefined));
}

type Parts = readonly [string, string, string | undefined];

function partsOf({ tencent, alibaba, huawei }: AccountSettings): Partial<Readonly<Record<Cloud, Parts>>> {
  return {
    ...(tencent && { tencent: [tencent.secret_id, tencent.secret_key, tencent.token] }),
    ...(alibaba && { alibaba: [alibaba.access_key_id, alibaba.access_key_secret, alibaba.security_token] }),
    ...(huawei && { huawei: [huawei.access_key, huawei.secret_key, huawei.security_token] }),
  };
}

function readKeys(cloud: Cloud, references: Parts, env: EnvironmentVariables): ParsedKeys {
  const faults: SafeText[] = [];
  const read = (from: string) => {
    try {
      const setting = { from, value: readReference(from, env) };
      const fault = credentialFault(setting);
      if (fault !== undefined) faults.push(fault);
      return trimmed(setting);
    } catch (error) {
      // The full stop of an English sentence in every language.
      faults.push(verbatim(`${messageOf(error)}.`));
      return "";
    }
  };
  const [idFrom, keyFrom] = references;
  const [id, key] = [read(idFrom), read(keyFrom)];
  const idSetting = { from: idFrom, value: id };
  const wrong =
    swapFault(idSetting, { from: keyFrom, value: key }) ?? idFault(cloud, idSetting, references[2] !== undefined);
  if (wrong !== undefined) faults.push(wrong);
  const token = references[2] === undefined ? undefined : read(references[2]);
  return faults.length > 0 ? { fault: joined(faults, safe` `) } : { id, key, ...(token !== undefined && { token }) };
}
