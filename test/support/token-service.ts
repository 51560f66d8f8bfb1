import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { authenticateAcs3, NonceMemory } from "../../src/sandbox/auth/alibaba.js";
import { authenticateSdkHmac } from "../../src/sandbox/auth/huawei.js";
import { authenticateTc3 } from "../../src/sandbox/auth/tencent.js";
import type { SandboxClock } from "../../src/sandbox/clock.js";
import { temporaryCredentials } from "../../src/sandbox/credentials.js";
import { isoSeconds } from "../../src/sandbox/delivery.js";
import { jsonReply, pairsOf, type RawRequest, readRequest, type SandboxReply } from "../../src/sandbox/http.js";
import { listen } from "../../src/sandbox/listener.js";
import { CloudError } from "../../src/sandbox/refusal.js";

/** The roles that the sandbox's permanent keys may assume. */
export const sandboxRoles = {
  tencent: "qcs::cam::uin/100000000001:roleName/certs",
  alibaba: "acs:ram::1000000000000001:role/certs",
  huawei: { agency_name: "certs", domain_name: "sandbox" },
} as const;

/** A request to assume a role, with its outcome. */
interface AssumeRoleRecord {
  readonly cloud: keyof typeof sandboxRoles;
  readonly role: string;
  readonly seconds: number;
  /** "done", or the cloud's code. */
  readonly outcome: string;
}

/** Where all three clouds lend the keys of roles, and who asked for them. */
export interface TokenService {
  readonly url: string;
  readonly requests: readonly AssumeRoleRecord[];
  close(): Promise<void>;
}

/** Opens it beside a sandbox, whose keys it knows. */
export async function openTokenService(clock: SandboxClock): Promise<TokenService> {
  const requests: AssumeRoleRecord[] = [];
  const { url, close } = await listen(tokenService(clock, requests), clock);
  return { url, requests, close };
}

/** The three clouds' token services at one address: the request shows which of them is meant. */
function tokenService(clock: SandboxClock, log: AssumeRoleRecord[]) {
  const nonces = new NonceMemory();
  return async (message: IncomingMessage): Promise<SandboxReply> => {
    const request = await readRequest(message, 64 * 1024);
    if (request === undefined) return jsonReply(413, {});
    const now = clock.now();
    if (request.headers["x-tc-action"] !== undefined) return tencent(request, now, log);
    if (request.headers["x-acs-action"] !== undefined) return alibaba(request, nonces, now, log);
    return huawei(request, now, log);
  };
}

const assumeRoleParams = z.object({
  RoleArn: z.string(),
  RoleSessionName: z.string().min(2),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200),
});

/** How one cloud authenticates and answers AssumeRole. */
interface TokenServiceDialect {
  /** @throws {CloudError} if the signature is wrong */
  authenticate(): void;
  /** The code for an unknown role. */
  readonly unknownRole: string;
  granted(seconds: number, role: string): SandboxReply;
  refused(error: CloudError): SandboxReply;
}

function assumeRole(
  cloud: "tencent" | "alibaba",
  params: unknown,
  log: AssumeRoleRecord[],
  { authenticate, unknownRole, granted: lent, refused }: TokenServiceDialect,
): SandboxReply {
  const { RoleArn: role, DurationSeconds: seconds } = assumeRoleParams.parse(params);
  const record = (outcome: string) => log.push({ cloud, role, seconds, outcome });
  try {
    authenticate();
    if (role !== sandboxRoles[cloud]) throw new CloudError(unknownRole, "There is no such role.");
    record("done");
    return lent(seconds, role);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    record(error.code);
    return refused(error);
  }
}

function tencent(request: RawRequest, now: Date, log: AssumeRoleRecord[]): SandboxReply {
  const RequestId = randomUUID();
  return assumeRole("tencent", JSON.parse(request.body.toString()), log, {
    authenticate: () => authenticateTc3(request, "POST", now),
    unknownRole: "ResourceNotFound.RoleNotFound",
    granted: (seconds) => {
      const { id, secret, token } = temporaryCredentials.tencent;
      const until = Math.floor(now.getTime() / 1000) + seconds;
      const Credentials = { TmpSecretId: id, TmpSecretKey: secret, Token: token };
      const Expiration = new Date(until * 1000).toISOString();
      return jsonReply(200, { Response: { Credentials, ExpiredTime: until, Expiration, RequestId } });
    },
    refused: ({ code: Code, message: Message }) =>
      jsonReply(200, { Response: { Error: { Code, Message }, RequestId } }),
  });
}

function alibaba(request: RawRequest, nonces: NonceMemory, now: Date, log: AssumeRoleRecord[]): SandboxReply {
  const RequestId = randomUUID();
  return assumeRole("alibaba", Object.fromEntries([...pairsOf(request.query), ...pairsOf(request.body)]), log, {
    authenticate: () => authenticateAcs3(request, nonces, now),
    unknownRole: "EntityNotExist.Role",
    granted: (seconds, Arn) => {
      const { id, secret, token } = temporaryCredentials.alibaba;
      const Expiration = isoSeconds(new Date(now.getTime() + seconds * 1000));
      const Credentials = { AccessKeyId: id, AccessKeySecret: secret, SecurityToken: token, Expiration };
      return jsonReply(200, { RequestId, Credentials, AssumedRoleUser: { Arn } });
    },
    refused: ({ code: Code, message: Message }) => jsonReply(404, { RequestId, Code, Message }),
  });
}

const assumeAgencyBody = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal("assume_role")]),
      assume_role: z.object({
        agency_name: z.string(),
        domain_name: z.string(),
        duration_seconds: z.number().int().min(900).max(86_400),
      }),
    }),
  }),
});

function huawei(request: RawRequest, now: Date, log: AssumeRoleRecord[]): SandboxReply {
  const { assume_role: params } = assumeAgencyBody.parse(JSON.parse(request.body.toString())).auth.identity;
  const { agency_name: name, domain_name: domain, duration_seconds: seconds } = params;
  const record = (outcome: string) => log.push({ cloud: "huawei", role: `${domain}/${name}`, seconds, outcome });
  const refused = (status: number, code: string) => {
    record(code);
    return jsonReply(status, { error: { code, message: "It cannot be assumed.", title: "" } });
  };
  if (request.path !== "/v3.0/OS-CREDENTIAL/securitytokens") return refused(404, "404");
  try {
    authenticateSdkHmac(request, request.path, now);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    record(error.code);
    return jsonReply(401, { error_code: error.code, error_msg: error.message });
  }
  const { agency_name: known, domain_name: owner } = sandboxRoles.huawei;
  if (name !== known || domain !== owner) return refused(404, "1109");
  record("done");
  const { id: access, secret, token: securitytoken } = temporaryCredentials.huawei;
  const until = new Date(now.getTime() + seconds * 1000).toISOString().replace("Z", "000Z");
  return jsonReply(201, { credential: { expires_at: until, access, secret, securitytoken } });
}
