import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceId } from "../../src/catalogue/services.js";
import type { Account } from "../../src/sandbox/account.js";
import type { DeliveryDomain } from "../../src/sandbox/delivery.js";
import { CertificateStore } from "../../src/sandbox/delivery.js";
import type { Handler } from "../../src/sandbox/handler.js";
import { CloudError } from "../../src/sandbox/refusal.js";

/** Calls one operation of `handlers` on an account, past the network. */
export function caller(handlers: readonly Handler[], account: Account) {
  return (operation: string, params: Readonly<Record<string, unknown>>) => {
    const handler = handlers.find((candidate) => candidate.operation.name === operation);
    if (handler === undefined) throw new Error(`there is no handler for ${operation}`);
    return handler.handle(params, account);
  };
}

/** The part of an account that Alibaba Cloud holds, empty. */
export const withoutAlibaba = () => ({
  cas: { "cn-hangzhou": new CertificateStore(), "ap-southeast-1": new CertificateStore() },
  cdn: new Map<string, DeliveryDomain>(),
  dcdn: new Map<string, DeliveryDomain>(),
  vod: new Map<string, DeliveryDomain>(),
  notSwitchedOn: new Set<ServiceId>(),
});

/** The part of an account that Huawei Cloud holds, empty. */
export const withoutHuawei = () => ({ live: new Map<string, DeliveryDomain>(), scm: new CertificateStore() });

/** The code that a call was refused with, or `done`. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (error instanceof CloudError) return error.code;
    throw error;
  }
}

/** Days from now, when the test started. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * 24 * 3600 * 1000);
}

export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** A self-signed SM2 certificate, which Node.js itself cannot make. */
export function sm2Certificate(commonName: string): { certificatePem: string; privateKeyPem: string } {
  const folder = mkdtempSync(join(tmpdir(), "sm2-"));
  const openssl = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  try {
    openssl("genpkey", "-algorithm", "SM2", "-out", "key.pem");
    // Otherwise OpenSSL makes it a CA's.
    const leaf = `basicConstraints = critical, CA:FALSE\nsubjectAltName = DNS:${commonName}\n`;
    writeFileSync(
      join(folder, "leaf.cnf"),
      `[req]\ndistinguished_name = name\nx509_extensions = leaf\n[name]\n[leaf]\n${leaf}`,
    );
    openssl(
      "req",
      "-x509",
      "-new",
      "-config",
      "leaf.cnf",
      "-key",
      "key.pem",
      "-subj",
      `/CN=${commonName}`,
      "-days",
      "9",
      "-sm3",
      "-out",
      "c.pem",
    );
    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    return { certificatePem: read("c.pem"), privateKeyPem: read("key.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
