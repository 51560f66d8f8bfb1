import { z } from "zod";
import { endpointIds, sites } from "../catalogue/services.js";
import { referenceLike } from "../lib/read-secret-reference.js";
import { isSecure } from "../lib/secure-url.js";

/*
 * The accounts file: named accounts, each with credentials for up to three clouds. Every part of a credential is a
 * reference, so the file itself holds no secret. Strict: a misspelt member is a mistake, not a default.
 */

/** The names of the token services among the endpoints. */
const tokenServices = ["tencent-sts", "alibaba-sts", "huawei-iam"] as const;

/** Means every account where a tool takes one, so no account may have this name. */
const allAccounts = "all";

const reference = z.string().regex(referenceLike, "must be env:NAME or file:/PATH");

const region = z.string().regex(/^[a-z]{2,}(-[a-z0-9]+)+$/, "is not the name of a region");

/** Both clouds allow at least these characters. */
const session = z
  .string()
  .regex(/^[A-Za-z0-9.@_-]{2,64}$/, "has 2 to 64 letters, digits, or one of . @ _ -")
  .default("cloudcert-mcp");

/** Not a secret: the role's trust policy requires it, which prevents the confused-deputy problem. */
const externalId = z.string().min(2).max(128);

/** The clouds lend keys for at least 15 minutes, and for an hour without being told more. */
const seconds = z.number().int().min(900).max(43_200).default(3_600);

const roleSchema = (arn: RegExp, otherwise: string) =>
  z
    .object({
      arn: z.string().regex(arn, otherwise),
      session_name: session,
      seconds,
      external_id: externalId.optional(),
    })
    .strict();

const tencent = z
  .object({
    secret_id: reference,
    secret_key: reference,
    token: reference.optional(),
    site: z.enum(sites).optional(),
    region: region.optional(),
    role: roleSchema(/^qcs::cam::uin\/\d+:(role|roleName)\/\S+$/, "is not qcs::cam::uin/…:roleName/…").optional(),
  })
  .strict();

const alibaba = z
  .object({
    access_key_id: reference,
    access_key_secret: reference,
    security_token: reference.optional(),
    region: region.optional(),
    role: roleSchema(/^acs:ram::\d+:role\/\S+$/i, "is not acs:ram::…:role/…").optional(),
  })
  .strict();

const huawei = z
  .object({
    access_key: reference,
    secret_key: reference,
    security_token: reference.optional(),
    project_id: z.string().regex(/^\w+$/, "is not the id of a project").optional(),
    region: region.optional(),
    agency: z
      .object({
        name: z.string().min(1).max(64),
        domain_name: z.string().min(1).optional(),
        domain_id: z.string().min(1).optional(),
        seconds,
      })
      .strict()
      .refine(
        ({ domain_name: name, domain_id: id }) => (name === undefined) !== (id === undefined),
        "needs either domain_name or domain_id",
      )
      .optional(),
  })
  .strict();

/** https, or http to this computer. */
const address = z
  .string()
  .url()
  .transform((text) => new URL(text))
  .refine(isSecure, "is https, or http to a loopback address")
  .refine(({ href, origin }) => href === `${origin}/`, "is no more than scheme, host and port");

const account = z
  .object({
    tencent: tencent.optional(),
    alibaba: alibaba.optional(),
    huawei: huawei.optional(),
    endpoints: z.record(z.enum([...endpointIds, ...tokenServices]), address).default({}),
  })
  .strict()
  .refine((given) => given.tencent ?? given.alibaba ?? given.huawei, "has no credentials for any cloud");

export type AccountSettings = z.output<typeof account>;

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, "is a name of up to 32 small letters, digits and hyphens")
  .refine((given) => given !== allAccounts, `"${allAccounts}" stands for every account`);

export const accountsFile = z
  .object({
    accounts: z.record(name, account).refine((given) => Object.keys(given).length > 0, "names no account"),
  })
  .strict();
