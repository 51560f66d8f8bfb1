import { type ExecFileException, execFile } from "node:child_process";
import { X509 } from "../../src/certificates/x509.js";

/** What a visitor sees, as reported by `openssl s_client`: no code of the program is involved. */

export interface Visit {
  readonly address: string;
  /** The served leaf; undefined if the handshake was refused. */
  readonly leaf: X509 | undefined;
  /** Whether the chain leads to the root and the leaf is for the name. */
  readonly trusted: boolean;
}

/** Where to look, and which root to trust there. */
export interface View {
  /** As for `openssl s_client -connect`. */
  readonly addresses: readonly string[];
  readonly rootFile: string;
}

/** @throws {Error} if openssl is not installed */
export async function opensslVersion(): Promise<string> {
  const { error, stdout } = await openssl(["version"]);
  if (error?.code === "ENOENT") throw new Error("openssl is not installed; install it, then run the demo again");
  return stdout.split(" (")[0]?.trim() ?? "";
}

/** The arguments of openssl for one address. */
const argumentsFor = (name: string, address: string, rootFile: string) => [
  "s_client",
  ...["-connect", address, "-servername", name, "-CAfile", rootFile],
];

/** The command for each name, as a person would type it. */
export const shownCommand = `openssl ${argumentsFor("NAME", "ADDRESS", "ROOT").join(" ")}`;

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
  // Handshake failure and unrecognized name (RFC 8446, 6). Anything else, such as a failed connection, says nothing
  // about what is served.
  if (/SSL alert number (?:40|112)\b/.test(stderr)) return { address, leaf: undefined, trusted: false };
  throw new Error(`openssl could not look at ${name} on ${address}: ${stderr.trim() || error?.message}`);
}

interface Ran {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** s_client ends the visit at the end of its input. */
function openssl(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile("openssl", args, { timeout: 10_000 }, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    );
    // If openssl is missing, nobody reads the input.
    child.stdin?.on("error", () => {}).end();
  });
}
