import { defineRead } from "../operation.js";
import { choice, integer, struct } from "../params.js";
import { bool, int, members, reply, rows, string } from "../results.js";
import { tencentEdgeone } from "../services.js";
import { filters, readErrors } from "./params.js";

/** docs/cloud-behaviour.md 4.2 */
export const describeZones = defineRead({
  name: "DescribeZones",
  service: tencentEdgeone,
  title: "List EdgeOne sites",
  titleInChinese: "查询 EdgeOne 站点列表",
  summary: "The EdgeOne sites (zones) of the account.",
  params: struct({
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 20", { min: 1, max: 100 }).optional(),
    Filters: filters("zone-name, zone-type, zone-id, status, tag-key, tag-value or alias-zone-name"),
    Order: choice(
      ["type", "area", "create-time", "zone-name", "use-time", "active-status"],
      "Default create-time",
    ).optional(),
    Direction: choice(["asc", "desc"], "Default desc").optional(),
  }),
  example: { Limit: 100 },
  result: reply({
    TotalCount: int(),
    Zones: rows(
      members({
        ZoneId: string(),
        ZoneName: string(),
        AliasZoneName: string(),
        Area: string(),
        Type: string(),
        Status: string(),
        CnameStatus: string(),
        ActiveStatus: string(),
        LockStatus: string(),
        Paused: bool(),
        CreatedOn: string(),
        ModifiedOn: string(),
      }),
    ),
  }),
  replyFacts: {
    summary: {
      rows: "Zones",
      keep: ["ZoneId", "ZoneName", "Area", "Type", "Status", "ActiveStatus", "LockStatus", "Paused"],
    },
    paging: { by: "page", list: "Zones", total: "TotalCount", narrow: ["Filters"] },
  },
  errors: readErrors,
});
