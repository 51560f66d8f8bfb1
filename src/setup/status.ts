import { shortenedIds } from "../approval/describe-plan.js";
import type { Operation } from "../catalogue/operation.js";
import { type Cloud, services } from "../catalogue/services.js";
import { type Credentials, credentialId } from "../cloud/credentials.js";
import type { Configuration } from "../config/options.js";
import type { JsonObject } from "../lib/json.js";
import { version } from "../lib/version.js";

/**
 * The setup of this server, for the model and for a person: no secrets, and nothing that could help to approve.
 * @param toolCount number of tools, including operations
 */
export function statusOf(
  configuration: Configuration,
  credentials: Credentials,
  operations: readonly Operation[],
  toolCount: number,
): JsonObject {
  const { sandbox, site, readOnly, allow, deny, allowPurchases, files, envPrefix } = configuration;
  const { allowInlineSecrets, showPersonalData, edgeDomains, edgePrivate, edge } = configuration;
  const { approve, callTime, approvalWait } = configuration;
  return {
    version,
    clouds: sandbox ? "sandbox" : "real",
    tencent_site: site,
    services: services.map(({ id, title, cloud }) => ({
      id,
      title,
      credentials: credentialIn(credentials, cloud) ?? credentials.faults?.[cloud] ?? "none",
      operations: operations.filter(({ service }) => service.id === id).length,
    })),
    huawei_project_id: credentials.huaweiProjectId ?? "not set",
    policy: { read_only: readOnly, allow, deny, purchases: allowPurchases },
    approval: {
      // By name, in the order they are tried.
      channels: approve === "auto" ? ["elicit", "page", "terminal"] : [approve],
      ...(approvalWait !== undefined && { wait_seconds: approvalWait / 1000 }),
    },
    call_seconds: callTime === undefined ? "as long as the client is known to wait" : callTime / 1000,
    references: { directories: files, env_prefix: envPrefix ?? "none", secrets_as_text: allowInlineSecrets },
    personal_data: showPersonalData ? "shown" : "masked",
    edge: {
      domains: edgeDomains.length > 0 ? edgeDomains : "any that a call names",
      private_addresses: edgePrivate,
      stand_in: sandbox || edge.length > 0,
    },
    tools: toolCount,
  };
}

/** The id that calls are signed with, as shown in plans. */
export function credentialIn(credentials: Credentials, cloud: Cloud): string | undefined {
  const id = credentialId(credentials, cloud);
  return id && shortenedIds(id);
}
