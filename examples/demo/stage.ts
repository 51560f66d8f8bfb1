import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { Assistant } from "./assistant.js";
import type { View } from "./outside.js";
import { Person } from "./person.js";

/** How many times faster the clouds are: what takes a real edge a minute takes four seconds, enough to watch. */
const SPEED = 15;

/** The participants: the clouds in this process, the server in another, an assistant and a person. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly assistant: Assistant;
  readonly person: Person;
  /** The edge as openssl sees it. */
  readonly view: View;
  readonly auditLog: string;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "cloudcert-demo-"));
  const sandbox = await startSandbox({ speed: SPEED });
  const rootFile = join(folder, "root.pem");
  writeFileSync(rootFile, sandbox.edge.rootPem);
  const addresses = sandbox.edge.addresses.map(({ address, port }) => `${address}:${port}`);
  const auditLog = join(folder, "audit.jsonl");
  const args = [
    ...Object.entries(sandbox.endpoints).flatMap(([service, url]) => ["--endpoint", `${service}=${url}`]),
    ...addresses.flatMap((address) => ["--edge", address]),
    ...["--approve", "elicit", "--allow-purchases"],
    ...["--audit-log", auditLog, "--jobs", join(folder, "jobs")],
  ];
  const person = new Person();
  // A separate home, so that nothing of the user's is found or touched.
  const home = join(folder, "home");
  mkdirSync(home);
  const env = { ...sandbox.env, HOME: home, NODE_EXTRA_CA_CERTS: rootFile };
  const assistant = new Assistant(args, env, person);
  return {
    sandbox,
    assistant,
    person,
    view: { addresses, rootFile },
    auditLog,
    close: async () => {
      await assistant.close();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
