import type { FastifyInstance } from "fastify";
import type { Scope } from "../identity/person.js";

export interface ResourceMetadataOptions {
  /** The URL of the MCP endpoint. */
  readonly resource: URL;
  /** Absent where there are only static tokens. */
  readonly issuer: string | undefined;
  readonly scopes: readonly Scope[];
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** RFC 9728, section 3.1: the path of the resource follows the well-known one. */
export function metadataUrlOf(resource: URL): string {
  return new URL(`${WELL_KNOWN}${resource.pathname}`, resource).href;
}

/** Says who issues tokens for this server (RFC 9728), also at the root for clients that ask there first. */
export function serveResourceMetadata(app: FastifyInstance, options: ResourceMetadataOptions): readonly string[] {
  const { resource, issuer, scopes } = options;
  const metadata = {
    resource: resource.href,
    ...(issuer !== undefined && { authorization_servers: [issuer] }),
    scopes_supported: scopes,
    bearer_methods_supported: ["header"],
    resource_name: "cloudcert-mcp",
  };
  const paths = [`${WELL_KNOWN}${resource.pathname}`, WELL_KNOWN];
  for (const path of paths)
    app.get(path, async (_, reply) => reply.header("cache-control", "max-age=300").send(metadata));
  return paths;
}
