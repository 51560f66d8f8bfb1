import type { KeyObject } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { limits } from "../../catalogue/limits.js";
import { readBundle } from "../../certificates/bundle.js";
import type { ParsedCertificate } from "../../certificates/certificate.js";
import { effectiveEnd } from "../../certificates/chain.js";
import { fits, openPrivateKey, publicKeyDer } from "../../certificates/private-key.js";
import { unlessThrown } from "../../lib/failure.js";
import { groupedBy } from "../../lib/lists.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { Directories } from "../../secrets/references/directories.js";
import { readAllowed } from "../../secrets/references/files.js";

/** A certificate that a tool keeps as files, with its key. Never the content of the key. */
export interface FilePair {
  /** Paths, as deploy_certificate takes them after `file:`. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Of the leaf, lower-case hexadecimal, like `sha1`. */
  readonly sha256: string;
  readonly sha1?: string | undefined;
  readonly names: readonly string[];
  /** "EC" or "RSA". */
  readonly kind: string;
  readonly starts: string;
  /** Of the chain, if it ends before the leaf. */
  readonly ends: string;
}

export interface FoundPairs {
  readonly pairs: readonly FilePair[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** More than any tool's layout needs: certbot has live/NAME/FILE below its own directory. */
const limitsOfSearch = { depth: 8, files: 5_000 };

/**
 * The certificates below the operator's directories whose key lies there, too. Keys are matched to certificates by
 * content, so it does not matter how a tool names its files: certbot's live/NAME/fullchain.pem and privkey.pem, lego's
 * NAME.crt and NAME.key, acme.sh's NAME/fullchain.cer and NAME.key.
 * @param roots roots that clients trust besides those of Node.js, in PEM: what lies above them in a file does not count
 */
export async function findFilePairs(directories: Directories, roots: readonly string[] = []): Promise<FoundPairs> {
  const problems: string[] = [];
  const certificates: { path: string; leaf: ParsedCertificate; length: number; end: Date }[] = [];
  const keys: { path: string; key: KeyObject }[] = [];
  for (const path of await filesBelow(directories.paths, problems)) {
    const text = await textOf(path, directories, problems);
    if (text === undefined) continue;
    const bundle = readBundle(text);
    if (bundle && !bundle.leaf.isCa) {
      const { certificates: all, leaf } = bundle;
      certificates.push({ path, leaf, length: all.length, end: effectiveEnd(all, roots) });
    }
    const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? openPrivateKey(text, undefined) : undefined;
    if (typeof key === "object") keys.push({ path, key });
  }
  const byPublicKey = groupedBy(keys, ({ key }) => publicKeyOf(key));
  const best = new Map<string, FilePair>();
  // The whole chain before the leaf alone; of equal ones the shortest path, which is not that of an archive.
  for (const each of certificates.toSorted((a, b) => b.length - a.length || byPath(a, b))) {
    const { leaf, path, end } = each;
    const sha256 = leaf.x509.sha256;
    if (best.has(sha256)) continue;
    const [chosen] = (byPublicKey.get(leaf.publicKey.toString("base64")) ?? [])
      .filter(({ key }) => fits(leaf, key))
      .toSorted((a, b) => Number(isBeside(b.path, path)) - Number(isBeside(a.path, path)) || byPath(a, b));
    if (chosen === undefined) continue;
    best.set(sha256, {
      certificate: path,
      privateKey: chosen.path,
      sha256,
      sha1: leaf.x509.sha1,
      names: leaf.names,
      kind: leaf.key.type,
      starts: leaf.notBefore.toISOString(),
      ends: end.toISOString(),
    });
  }
  return { pairs: [...best.values()], problems };
}

const isBeside = (one: string, other: string) => dirname(one) === dirname(other);

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path.length - other.path.length || (one.path < other.path ? -1 : 1);
}

const publicKeyOf = (key: KeyObject) => unlessThrown(() => publicKeyDer(key).toString("base64"));

/**
 * Files and links to files; `readAllowed` follows links only within the directories. Links to directories are skipped.
 */
async function filesBelow(roots: readonly string[], problems: string[]): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
      problems.push(`${folder} cannot be read.`);
      return [];
    });
    for (const entry of entries) {
      if (files.length >= limitsOfSearch.files) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < limitsOfSearch.depth) await walk(path, depth + 1);
      if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
  };
  for (const root of roots) await walk(root, 1);
  if (files.length >= limitsOfSearch.files)
    problems.push(`Only the first ${limitsOfSearch.files} files were looked at.`);
  return files;
}

/** The PEM in a file; undefined for anything else. */
async function textOf(path: string, directories: Directories, problems: string[]): Promise<string | undefined> {
  const { bytes: most } = limits.reference;
  const facts = await stat(path).catch(() => undefined);
  // It holds no certificate, so there is nothing to report.
  if (facts !== undefined && (!facts.isFile() || facts.size === 0 || facts.size > most)) return undefined;
  const read = await unlessFailed(readAllowed(directories, path, most), ({ details }) => {
    problems.push(details.happened);
    return undefined;
  });
  const text = read?.bytes.toString("latin1");
  return text?.includes("-----BEGIN ") ? text : undefined;
}
