import { z } from "zod";
import { optionalList, optionalNumber, optionalText } from "../../catalogue/lenient.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readWithRetry } from "../read-with-retry.js";

const page = z.object({
  InstanceList: optionalList(z.object({ Host: optionalText, ZoneId: optionalText, CertId: optionalText })),
  TotalCount: optionalNumber,
});

/** docs/cloud-behaviour.md 3.8. */
const pageSize = 200;
/** Far more than an account has; ends the reading of a list without end. */
const hostsAtMost = 20_000;

/** The EdgeOne hosts of the account, each with the ids of its certificates. */
export type EdgeoneHosts = ReadonlyMap<string, readonly string[]>;

export const hostKey = (zone: string, host: string) => `${zone}/${host}`;

/**
 * All hosts that this API lists, whether the certificate covers them or not.
 * @param certificateId any issued certificate; the list needs one to start from
 */
export async function listHosts(
  certificateId: string,
  zone: string,
  context: Pick<ToolContext, "read" | "pause" | "signal">,
): Promise<EdgeoneHosts> {
  const hosts = new Map<string, readonly string[]>();
  for (const FilterValue of ["1", "0"]) {
    const Filters = [{ FilterKey: "domainMatch", FilterValue }];
    for (let Offset = 0; Offset < hostsAtMost; Offset += pageSize) {
      const params = { CertificateId: certificateId, IsCache: 0, Filters, Offset, Limit: pageSize };
      const { InstanceList: rows } = await readWithRetry(context, describeHostTeoInstanceList, params, page);
      for (const { Host, CertId, ZoneId } of rows) {
        // The documents misspell ZoneId (docs/cloud-behaviour.md 3.9), so it may be missing from a row.
        const key = hostKey(ZoneId ?? zone, Host ?? "");
        hosts.set(key, [...(hosts.get(key) ?? []), ...(CertId ? [CertId] : [])]);
      }
      if (rows.length < pageSize) break;
    }
  }
  return hosts;
}
