import { X509Certificate } from "node:crypto";
import { expect } from "vitest";
import { NetworkTlsCheck } from "../../src/tls-check/network-check.js";
import type { AddressReport, TlsCheckOptions, TlsReport } from "../../src/tls-check/tls-check.js";
import { makeMaterial, type Running } from "./servers.js";

export const domain = "www.example.com";
/** Whole seconds, as a certificate has them. */
export const now = new Date(Math.ceil(Date.now() / 1000) * 1000);
export const material = await makeMaterial(domain, now);

export const never = new AbortController().signal;

const digits = (fingerprint: string) => fingerprint.replaceAll(":", "").toLowerCase();
export const sha256 = ({ pem }: { pem: string }) => digits(new X509Certificate(pem).fingerprint256);
export const sha1 = ({ pem }: { pem: string }) => digits(new X509Certificate(pem).fingerprint);

/** An edge that finds `targets` for every domain, and trusts the test's root. */
export function edgeAt(
  targets: readonly Pick<Running, "target">[],
  more: Partial<TlsCheckOptions> = {},
): NetworkTlsCheck {
  return new NetworkTlsCheck({
    overrides: targets.map(({ target }) => target),
    domains: [],
    allowPrivate: false,
    roots: [material.root.pem],
    timeout: 60_000,
    now: () => now,
    ...more,
  });
}

/** What the one server serves for {@link domain}. */
export async function lookAt(
  running: Pick<Running, "target">,
  more: Partial<TlsCheckOptions> = {},
): Promise<AddressReport> {
  const { addresses } = await edgeAt([running], more).inspect(domain, { signal: never });
  expect(addresses).toHaveLength(1);
  return addresses[0] ?? { address: "", certificates: [] };
}

export const asLook = (...addresses: AddressReport[]): TlsReport => ({ domain, addresses });

export const tls12 = { maxVersion: "TLSv1.2" } as const;
export const tls13 = { minVersion: "TLSv1.3" } as const;
