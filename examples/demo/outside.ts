import { type ExecFileException, execFile } from "node:child_process";
import { X509 } from "../../src/certificates/x509.js";

/** What a visitor meets, as `openssl s_client` reports it: nothing of the program takes part in the look. */

export interface Visit {
  readonly address: string;
  /** The leaf that was served; undefined where the handshake was refused. */
  readonly leaf: X509 | undefined;
  /** Whether the chain leads to the root and the leaf is for the name. */
  readonly trusted: boolean;
}

/** Where to look, and which root to trust there. */
export interface View {
  /** As `openssl s_client -connect` takes them. */
  readonly addresses: readonly string[];
  readonly rootFile: string;
}

/** @throws {Error} where there is no openssl */
export async function opensslVersion(): Promise<string> {
  const { error, stdout } = await openssl(["version"]);
  if (error?.code === "ENOENT") throw new Error("openssl is not installed; install it, then run the demo again");
  return stdout.split(" (")[0]?.trim() ?? "";
}

/** What openssl is called with for one address. */
const argumentsFor = (name: string, address: string, rootFile: string) => [
  "s_client",
  ...["-connect", address, "-servername", name, "-CAfile", rootFile],
];

/** The command by which each name is looked at, as a person would type it. */
export const commandInWords = `openssl ${argumentsFor("NAME", "ADDRESS", "ROOT").join(" ")}`;

/** Visits every address of the edge under a name. */
export function visit(name: string, { addresses, rootFile }: View): Promise<Visit[]> {
  return Promise.all(addresses.map((address) => visitOne(name, address, rootFile)));
}

async function visitOne(name: string, address: string, rootFile: string): Promise<Visit> {
  const { error, stdout, stderr } = await openssl(argumentsFor(name, address, rootFile));
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(stdout)?.[0];
  if (pem !== undefined) {
    const leaf = X509.read(pem);
    const chained = stdout.includes("Verify return code: 0 (ok)");
    return { address, leaf, trusted: chained && leaf?.covers(name) === true };
  }
  // Handshake failure and unrecognized name (RFC 8446, 6). Anything but the edge's own refusal, a connection that failed for one, says nothing of what is served.
  if (/SSL alert number (?:40|112)\b/.test(stderr)) return { address, leaf: undefined, trusted: false };
  throw new Error(`openssl could not look at ${name} on ${address}: ${stderr.trim() || error?.message}`);
}

interface Ran {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An end of its input is for s_client the end of the visit. */
function openssl(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile("openssl", args, { timeout: 10_000 }, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    );
    // Without openssl there is nobody to read.
    child.stdin?.on("error", () => {}).end();
  });
}
