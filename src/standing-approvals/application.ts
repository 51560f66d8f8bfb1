import type { ApplicationFacts } from "./facts.js";

/** What an application for a free certificate may ask for, by parameter of ApplyCertificate; anything else is outside. */
const allowed: Readonly<Record<string, readonly string[] | "any">> = {
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
export function applicationFacts(params: Readonly<Record<string, unknown>>): ApplicationFacts {
  const { DomainName: domain } = params;
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return {
    kind: "application",
    domains: typeof domain === "string" ? [domain] : [],
    besides: [
      ...given.flatMap(([name, value]) => {
        const values = allowed[name];
        return values === "any" || values?.includes(String(value)) ? [] : [`it gives ${name}`];
      }),
      ...(params.DvAuthMethod === undefined ? ["it does not prove the domain by DNS_AUTO"] : []),
    ],
  };
}
