import type { Resource } from "@modelcontextprotocol/sdk/types.js";

/**
 * Resources of one account among several: `cloudcert://certificates/{account}/{id}`. Resources that belong to no
 * account, such as pages about operations, keep their address.
 */

const scheme = "cloudcert://";
const ofAccounts: ReadonlySet<string> = new Set(["certificates", "jobs", "status"]);

/** The address with an account, or a variable for one, after the kind of resource. */
export function accountUri(uri: string, account: string): string {
  const [kind = "", ...rest] = uri.slice(scheme.length).split("/");
  return uri.startsWith(scheme) && ofAccounts.has(kind) ? [scheme + kind, account, ...rest].join("/") : uri;
}

/** The account in an address or a template, and the address within that account. */
export function ofAccount(uri: string): { readonly account?: string; readonly uri: string } {
  const [kind = "", account, ...rest] = uri.startsWith(scheme) ? uri.slice(scheme.length).split("/") : [];
  if (!ofAccounts.has(kind) || account === undefined) return { uri };
  return { account, uri: [scheme + kind, ...rest].join("/") };
}

export function inAccount(resource: Resource, account: string): Resource {
  const uri = accountUri(resource.uri, account);
  if (uri === resource.uri) return resource;
  return {
    ...resource,
    uri,
    name: `${account}/${resource.name}`,
    title: `${account}: ${resource.title ?? resource.name}`,
  };
}
