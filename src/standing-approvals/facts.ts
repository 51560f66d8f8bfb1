import type { JsonObject } from "../lib/json.js";

/* The facts about a call that standing approvals are judged by. This program establishes all of them itself. */

/** A certificate, by what was read in it. */
export interface CertificateFacts {
  /** SHA-256 of the leaf, in hexadecimal; absent if only the cloud's list is known. */
  readonly sha256?: string | undefined;
  readonly names: readonly string[];
  readonly notAfter: Date;
  /** Organization of its issuer, or its common name if it has none. */
  readonly issuer: string | undefined;
  /** Security strength of the weakest key or signature on its path, in bits (NIST SP 800-57 part 1, table 2). */
  readonly strength: number;
}

/** Where certificate and key come from. */
export type CertificateSource =
  | { readonly kind: "files"; readonly paths: readonly string[] }
  | { readonly kind: "store" }
  /** A variable, the vault, the conversation. */
  | { readonly kind: "elsewhere" };

/** A place that gets the certificate. */
export interface TargetFacts {
  readonly service: string;
  readonly zone?: string | undefined;
  /** The names that are served there. */
  readonly domains: readonly string[];
  /** What is replaced there; a text says why that is not known. */
  readonly replaced: readonly CertificateFacts[] | string;
  /** What the step changes besides, such as a redirect, in words of this program. */
  readonly besides: readonly string[];
  /** The job that was to deploy this certificate there and was rolled back, with nothing deployed there since. */
  readonly rolledBack?: RolledBackJob | undefined;
}

/** A deployment that was undone, by the ids of both jobs. */
export interface RolledBackJob {
  readonly job: string;
  readonly by: string;
}

/** A certificate is deployed. */
export interface DeploymentFacts {
  readonly kind: "deployment";
  readonly certificate: CertificateFacts;
  /** Why clients would not trust it, in words; undefined if they would. */
  readonly distrust: string | undefined;
  readonly source: CertificateSource;
  readonly targets: readonly TargetFacts[];
}

/** A free certificate is applied for. */
export interface ApplicationFacts {
  readonly kind: "application";
  readonly domains: readonly string[];
  /** What the application asks for that is not a free certificate validated by DNS_AUTO, in words. */
  readonly besides: readonly string[];
}

/** What a deployment replaced is put back. */
export interface PutBackFacts {
  readonly kind: "put back";
  /** The plans under which that deployment was made. */
  readonly plans: readonly string[];
  /** Whether the proof of some target failed. */
  readonly proofFailed: boolean;
  readonly domains: readonly string[];
}

export type CallFacts = DeploymentFacts | ApplicationFacts | PutBackFacts;

/**
 * A call's facts, and what else decides whether a standing approval covers it: its operations, and the accounts that
 * they reach, by the credentials that sign and the endpoints.
 */
export interface JudgedCall {
  readonly facts: CallFacts;
  /** The operations that would be sent, by name. */
  readonly operations: readonly string[];
  readonly accounts: readonly string[];
  /** Of each service that is called; undefined if it is not known. */
  readonly endpoints: readonly { readonly service: string; readonly endpoint: string | undefined }[];
  /** Warnings of the plan that something is lost or fails. */
  readonly losses: readonly string[];
}

/** What an application for a free certificate may ask for, by parameter of ApplyCertificate; anything else is outside. */
const allowedParameters: Readonly<Record<string, readonly string[] | "any">> = {
  DomainName: "any",
  DvAuthMethod: ["DNS_AUTO"],
  PackageType: ["83"],
  ValidityPeriod: ["3"],
  CsrEncryptAlgo: "any",
  CsrKeyParameter: "any",
  Alias: "any",
  ProjectId: "any",
  DeleteDnsAutoRecord: "any",
};

/** The facts of a call of ApplyCertificate with these parameters. */
export function applicationFacts(params: JsonObject): ApplicationFacts {
  const { DomainName: domain } = params;
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return {
    kind: "application",
    domains: typeof domain === "string" ? [domain] : [],
    besides: [
      ...given.flatMap(([name, value]) => {
        const values = allowedParameters[name];
        return values === "any" || values?.includes(String(value)) ? [] : [`it gives ${name}`];
      }),
      ...(params.DvAuthMethod === undefined ? ["it does not validate the domain by DNS_AUTO"] : []),
    ],
  };
}
