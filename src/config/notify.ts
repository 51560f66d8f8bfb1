import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import { commaSeparated } from "../lib/lists.js";
import { isReference, readReference } from "../lib/read-secret-reference.js";
import { receiverAt, secretsOf } from "../notify/create-receiver.js";
import { type Receiver, type ReceiverKind, receiverKinds } from "../notify/receiver.js";

/** A receiver as the operator names it. Address and secret are references, because both are secrets. */
export interface NotifySetting {
  readonly kind: ReceiverKind;
  /** `env:NAME` or `file:/PATH`, like the secret. */
  readonly address: string;
  readonly secret?: string;
}

/** A receiver with its address. */
export interface NotifyTarget {
  readonly receiver: Receiver;
  /** Host and port: all of the address that may be shown. */
  readonly host: string;
  readonly signed: boolean;
  readonly secrets: readonly string[];
}

/**
 * `KIND=ADDRESS` or `KIND=ADDRESS,SECRET`, several with commas in between.
 * @throws {Error} for what is none; the message repeats nothing of it, as it may be the address itself
 */
export function asNotifySettings(values: readonly string[]): readonly NotifySetting[] {
  const settings: NotifySetting[] = [];
  for (const part of values.flatMap(commaSeparated)) {
    const kind = receiverKinds.find((each) => part.startsWith(`${each}=`));
    const reference = kind === undefined ? part : part.slice(kind.length + 1);
    if (!isReference(reference))
      throw new Error(
        `write KIND=ADDRESS or KIND=ADDRESS,SECRET where KIND is one of ${receiverKinds.join(", ")}; address and secret are env:NAME or file:/PATH, because both are secrets`,
      );
    const before = settings.at(-1);
    if (kind !== undefined) settings.push({ kind, address: reference });
    else if (before === undefined || before.secret !== undefined)
      throw new Error(`${reference} does not follow a KIND=ADDRESS`);
    else settings[settings.length - 1] = { ...before, secret: reference };
  }
  return settings;
}

/** Reads addresses and secrets. @throws {Error} naming the reference, never its content */
export function readNotifyTargets(
  settings: readonly NotifySetting[],
  env: EnvironmentVariables,
): readonly NotifyTarget[] {
  return settings.map(({ kind, address, secret: reference }, index) => {
    const name = `${kind} (${index + 1})`;
    const written = readReference(address, env);
    const url = URL.canParse(written) ? new URL(written) : undefined;
    if (url === undefined) throw new Error(`${kind}: ${address} does not contain a URL such as https://HOST/PATH`);
    const secret = reference && readReference(reference, env);
    try {
      const receiver = receiverAt(kind, { name, url, secret });
      return { receiver, host: url.host, signed: secret !== undefined, secrets: secretsOf({ url, secret }) };
    } catch (error) {
      throw new Error(`${kind} (${address}): ${messageOf(error)}`);
    }
  });
}
