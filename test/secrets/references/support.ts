import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { ToolError, type ToolErrorDetails } from "../../../src/lib/tool-error.js";
import { type ReferenceOptions, References } from "../../../src/secrets/references/resolve.js";
import { Vault } from "../../../src/secrets/vault/vault.js";

/** A directory of its own for the test file that asks, as a real path; gone afterwards. */
export function scratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "cloudcert-references-")));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A folder of `parent`. */
export function folder(parent: string, name: string): string {
  const directory = join(parent, name);
  mkdirSync(directory);
  return directory;
}

export function write(directory: string, name: string, data: string | Uint8Array, mode = 0o600): string {
  const path = join(directory, name);
  writeFileSync(path, data, { mode });
  return path;
}

export function references(options: Partial<ReferenceOptions> = {}): References {
  return new References({
    directories: [],
    envPrefix: undefined,
    env: {},
    vault: new Vault(),
    allowInlineSecrets: false,
    ...options,
  });
}

/** The facts of the failure that `work` ends in. */
export async function failureOf(work: () => unknown): Promise<ToolErrorDetails> {
  const error: unknown = await Promise.resolve()
    .then(work)
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ToolError);
  if (error instanceof ToolError) return error.details;
  throw new Error("unreachable");
}

/** Each a PEM text, made by OpenSSL. */
export interface Material {
  readonly leaf: string;
  readonly intermediate: string;
  readonly root: string;
  readonly key: string;
  readonly csr: string;
}

/** A root, an intermediate and a leaf for www.example.com, with the leaf's RSA key as PKCS#8, in a directory. */
type MadeMaterial = Material & { readonly directory: string };

function makeMaterial(): MadeMaterial {
  const directory = mkdtempSync(join(tmpdir(), "cloudcert-material-"));
  const run = (...args: readonly string[]) => openssl(directory, args);
  write(directory, "ca.ext", "basicConstraints=critical,CA:TRUE\n");
  write(directory, "leaf.ext", "basicConstraints=CA:FALSE\nsubjectAltName=DNS:www.example.com\n");
  const request = (name: string, subject: string) =>
    run(
      "req",
      "-new",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      subject,
    );
  run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.crt", "-subj", "/CN=Root");
  const sign = (name: string, by: string, extensions: string) =>
    run(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      `${by}.crt`,
      "-CAkey",
      `${by}.key`,
      "-CAcreateserial",
      "-days",
      "9",
      "-extfile",
      extensions,
      "-out",
      `${name}.crt`,
    );
  request("intermediate", "/CN=Intermediate");
  sign("intermediate", "root", "ca.ext");
  request("leaf", "/CN=www.example.com");
  sign("leaf", "intermediate", "leaf.ext");
  const read = (name: string) => readFileSync(join(directory, name), "utf8");
  return {
    directory,
    leaf: read("leaf.crt"),
    intermediate: read("intermediate.crt"),
    root: read("root.crt"),
    key: read("leaf.key"),
    csr: read("leaf.csr"),
  };
}

let shared: MadeMaterial | undefined;

/** The same for all files of a worker: making it takes most of a second. */
export function sharedMaterial(): Material {
  shared ??= makeMaterial();
  return shared;
}

/** The same, in a directory of the file's own. */
export function madeMaterial(): MadeMaterial {
  shared ??= makeMaterial();
  const directory = scratch();
  cpSync(shared.directory, directory, { recursive: true });
  return { ...shared, directory };
}

/** Runs the machine's OpenSSL; its output. */
export function openssl(directory: string, args: readonly string[]): Buffer {
  return execFileSync("openssl", args, { cwd: directory, stdio: ["ignore", "pipe", "ignore"] });
}
