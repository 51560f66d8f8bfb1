import { expect } from "vitest";
import type { Place, Stage } from "./stage.js";

/** The new certificate, as the tools of our own take it. */
export const pairIn = ({ folder }: Place) => ({
  certificate: `file:${folder}/new.crt`,
  private_key: `file:${folder}/new.key`,
});

/** Every address serves it under each name. */
export async function expectServed(stage: Stage, sha256: string, ...domains: readonly string[]): Promise<void> {
  for (const domain of domains) expect(await stage.served(domain)).toEqual([sha256, sha256, sha256]);
}

/** What each rule of each load balancer has, or its listener where that chooses for all. */
export function onBalancers({ sandbox: { account } }: Stage): (string | undefined)[] {
  const listeners = account.ssl.loadBalancers.flatMap((each) => each.listeners);
  return listeners.flatMap(({ sni, rules, certificateId }) =>
    sni ? rules.map((rule) => rule.certificateId) : [certificateId],
  );
}
