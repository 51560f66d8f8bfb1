import type { Cloud } from "../../catalogue/services.js";
import { sameSecret } from "../../lib/same-secret.js";
import { credentialOf, type SandboxCredential } from "../credentials.js";
import type { RawRequest } from "../http.js";
import { CloudError } from "../refusal.js";

/* Shared by the vendors' checks. */

type Headers = RawRequest["headers"];

/** Official SDKs sign the host without the port that the header has (docs/cloud-behaviour.md 2.1); both forms count. */
export function hostForms(host: string): readonly string[] {
  const withoutPort = host.replace(/:\d+$/, "");
  return withoutPort === host ? [host] : [host, withoutPort];
}

/** The named headers; an absent one is signed as empty. */
export function signedHeaders(headers: Headers, names: readonly string[], host: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name === "host" ? host : (headers[name] ?? "")]));
}

/** The fields of an `Authorization` header; none if it is malformed. */
export function fieldsOf(header: string | undefined, form: RegExp): Readonly<Record<string, string>> {
  return form.exec(header ?? "")?.groups ?? {};
}

/** @throws {CloudError} with this code if the account has no such credential */
export function knownCredential(cloud: Cloud, id: string, code: string): SandboxCredential {
  const credential = credentialOf(cloud, id);
  if (credential === undefined) throw new CloudError(code, `This sandbox has no access key ${id}.`);
  return credential;
}

export function isWithin(minutes: number, time: number, now: Date): boolean {
  return Math.abs(now.getTime() - time) <= minutes * 60_000;
}

/** A permanent credential comes without a token, a temporary one with its own. */
export function tokenFits({ token }: SandboxCredential, sent: string | undefined): boolean {
  return sameSecret(token ?? "", sent ?? "");
}
