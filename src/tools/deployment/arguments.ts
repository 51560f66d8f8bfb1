import type { z } from "zod";
import { limits } from "../../catalogue/limits.js";
import {
  certificate,
  choice,
  domainList,
  flag,
  identifier,
  list,
  privateKey,
  struct,
  text,
  watchTime,
} from "../../catalogue/params.js";
import { targetServices } from "../../jobs/job.js";

/* Parameters of deploy_certificate. */

const target = struct({
  service: choice(
    targetServices,
    "Found by the domains if left out; tencent-ssl: all that old_certificate_id is bound to",
  ).optional(),
  domains: domainList("Domains, or hosts of zone_id", { max: limits.argument.targets }).optional(),
  zone_id: identifier("EdgeOne zone; found if left out").optional(),
  old_certificate_id: identifier("Certificate to replace").optional(),
  resource_types: list(text("Type"), "tencent-ssl: clb, cdn, …; default all in use").optional(),
  regions: list(text("Region"), "tencent-ssl: default all in use").optional(),
  project_id: text("Huawei; default the configured one").optional(),
  force_redirect: flag("Huawei: HTTP to HTTPS; kept if left out").optional(),
  cert_name: text("Alibaba: name of the copy", { max: 128 }).optional(),
});
export type GivenTarget = z.output<typeof target>;

/** What a job does after a target failed. */
export const onFailure = () => choice(["stop", "continue"], "After a failed target; default stop").optional();

/** How long a job watches the edge before it reports a target as accepted only. */
export const waitSeconds = () => watchTime("Watch the edge this long, default 30", { min: 0, max: 600 }).optional();

export const deployParams = struct({
  certificate_id: identifier(
    "Issued certificate at Tencent Cloud SSL; or in the store of the targets' cloud",
  ).optional(),
  certificate: certificate("Instead: chain, PEM or reference").optional(),
  private_key: privateKey("Its key, reference").optional(),
  also_certificate_id: identifier("EdgeOne: ID of a second certificate with the other key type (RSA + ECC)").optional(),
  targets: list(target, "Where, in order", { max: 50 }).optional(),
  covered: flag("Instead of targets: all HTTPS domains the certificate covers").optional(),
  replaces: identifier(
    "Or: everything currently using this certificate (ID or name), in all clouds or in the services that targets name alone",
  ).optional(),
  waves: flag("One, a few, the rest, each proven first; default for 4 or more").optional(),
  on_failure: onFailure(),
  wait_seconds: waitSeconds(),
});
export type DeployParams = z.output<typeof deployParams>;

/** What all jobs have in common. */
export type JobOptions = Pick<DeployParams, "on_failure" | "wait_seconds">;
