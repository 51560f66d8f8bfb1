import { elementAt } from "./seal-der.js";

/**
 * A part of a private key that its certificate holds too: the name of the algorithm or the public key. Alone it is no
 * secret, and masking it would mask certificates.
 */
export interface Zone {
  readonly holds: "algorithm" | "public key";
  readonly from: number;
  readonly to: number;
  /** Where the same part is in the public half. */
  readonly inPublicHalf: number;
}

/** The zones of `der`, in bytes. */
export function zonesOf(der: Buffer, publicHalf: Buffer | undefined): Zone[] {
  const whole = publicHalf && elementAt(publicHalf, 0);
  const algorithm = publicHalf && whole && elementAt(publicHalf, whole.content);
  if (publicHalf === undefined || whole === undefined || algorithm === undefined) return [];
  // A BIT STRING has a byte before its content; in RSA's, the content is a SEQUENCE that has a head of its own.
  const bits = algorithm.end;
  const content = (elementAt(publicHalf, bits)?.content ?? bits) + 1;
  const inner = elementAt(publicHalf, content)?.content ?? content;
  const publicKey = [bits, content, inner].find((start) => der.includes(publicHalf.subarray(start)));
  return [
    ...zone("algorithm", der, publicHalf, whole.content, algorithm.end),
    ...(publicKey === undefined ? [] : zone("public key", der, publicHalf, publicKey, publicHalf.length)),
  ];
}

function zone(holds: Zone["holds"], der: Buffer, publicHalf: Buffer, start: number, end: number): Zone[] {
  const from = der.indexOf(publicHalf.subarray(start, end));
  return from < 0 ? [] : [{ holds, from, to: from + end - start, inPublicHalf: start }];
}
