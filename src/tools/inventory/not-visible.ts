import {
  alibabaCdn,
  alibabaVod,
  huaweiLive,
  type Service,
  tencentEdgeone,
  tencentSsl,
} from "../../catalogue/services.js";

/** What an inventory from the documented operations cannot show, one sentence each. */
export function notVisibleServices(services: ReadonlySet<Service>): string[] {
  const silent = [alibabaCdn, alibabaVod, huaweiLive].filter((service) => services.has(service));
  return [
    ...(services.has(tencentSsl) ? [] : [`${tencentSsl.title} is not set up here, so no certificate is listed.`]),
    // Inferred (docs/cloud-behaviour.md 4.1): such certificates never enter the SSL service.
    ...(services.has(tencentEdgeone) ? ["Free certificates that EdgeOne obtained by itself are not listed."] : []),
    ...(silent.length > 0
      ? [
          `${silent.map(({ title }) => title).join(", ")}: no operation offered here lists what is set there; name domains in served_on to see what they serve.`,
        ]
      : []),
  ];
}
