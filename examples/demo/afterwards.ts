import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import { altersAccount } from "../../src/catalogue/operation.js";
import { cli } from "./assistant.js";
import type { Before } from "./find.js";
import type { Stage } from "./stage.js";
import { check, heading, quote, tell } from "./telling.js";

export async function declineToDelete({ oldId }: Before, { assistant, person, sandbox }: Stage): Promise<void> {
  heading("Delete the old certificate? This time the person says no");
  const changes = () => sandbox.requests.filter(altersAccount).length;
  const sent = changes();
  person.says = "no";
  const { isError, content } = await assistant.try("DeleteCertificate", { CertificateId: oldId });
  const [answer] = content;
  if (answer?.type === "text") quote("the assistant reads:", answer.text.split("\n"));
  check("nothing was sent to the cloud", isError === true && changes() === sent);
  check(`certificate ${oldId} is still stored`, sandbox.account.ssl.certificates.has(oldId));
}

const listed = z.object({ jobs: z.array(z.object({ job: z.string(), kind: z.string(), summary: z.string() })) });

export async function listJobs({ assistant }: Stage): Promise<void> {
  heading("What was done?");
  const { jobs } = await assistant.call("list_jobs", {}, listed);
  for (const { job, kind, summary } of jobs) tell(`${job}  ${kind.padEnd(10)}  ${summary}`);
  check(
    "the journal has the deployment and what took it back",
    jobs.map(({ kind }) => kind).join() === "rollback,deployment",
  );
}

export function readAuditLog({ auditLog }: Stage): void {
  heading("What the audit log says");
  const read = (verb: string) =>
    execFileSync(process.execPath, [cli, "audit", verb, "--audit-log", auditLog]).toString();
  quote("", read("show").trimEnd().split("\n"));
  // Throws if the chain is broken, because the exit code is then not 0.
  tell(read("verify").trimEnd());
}

/** Searches everything that the client received for every key that the clouds hold. */
export function searchForKeys({ assistant, sandbox: { account, env } }: Stage): void {
  heading("What the client received");
  const { received } = assistant;
  const plain = received.replaceAll(/\\+[nr]|\s/g, "");
  const pairs = [
    ...[...account.ssl.certificates.values()].flatMap(({ material }) => material?.privateKeyPem ?? []),
    ...[account.cdn, account.vod, account.live]
      .flatMap((domains) => [...domains.values()])
      .flatMap(({ certificate }) => certificate?.privateKeyPem ?? []),
  ];
  const keys = [...new Set(pairs)];
  const leaked = keys.filter((key) => formsOf(key).some((form) => plain.includes(form)));
  tell(`${Math.round(received.length / 1024)} kB in all`);
  check(
    `none of the ${keys.length} private keys of the clouds is in it`,
    keys.length > 0 && leaked.length === 0 && !received.includes("PRIVATE KEY"),
  );
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    /_SECRET_KEY$|_KEY_SECRET$|_SK$/.test(name) ? [value] : [],
  );
  check(
    `none of the ${secrets.length} secrets of the accounts is in it`,
    secrets.length === 3 && !secrets.some((secret) => received.includes(secret)),
  );
}

/** The key as PEM without its header and footer, and its secret number in each usual encoding. */
function formsOf(pem: string): string[] {
  const body = pem.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  const number = createPrivateKey(pem).export({ format: "jwk" }).d;
  if (number === undefined) throw new Error("a key of the sandbox has no secret number");
  return [
    body,
    number,
    Buffer.from(number, "base64url").toString("base64"),
    Buffer.from(number, "base64url").toString("hex"),
  ];
}
