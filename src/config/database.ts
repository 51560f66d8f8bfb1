import type { EnvironmentVariables } from "../lib/environment.js";
import { unlessThrown } from "../lib/failure.js";
import { isReference, readReference, rereading } from "../lib/read-secret-reference.js";

/** Where the database is, as it was read at some time. */
interface DatabaseAddress {
  /** With the password: a secret. */
  readonly url: string;
  /** The secret parts, to be masked. */
  readonly secrets: readonly string[];
}

/** The database's address, and the keys that it must never see. */
export interface DatabaseAccess extends DatabaseAddress {
  /**
   * Reads the address again, where the setting says where it is written: user or password may have been changed. Of what
   * cannot count, `log` gets a line.
   */
  readonly readAgain?: (log: (line: string) => void) => DatabaseAddress;
  /**
   * Sign and seal data that only these servers may write or read. The first does so now; earlier ones, newest first, only
   * open what they sealed.
   */
  readonly stateKeys: readonly [Buffer, ...Buffer[]];
}

const KEY_BYTES = 32;

/**
 * A URL, or a reference to one.
 * @throws {Error} for what is neither; the message repeats nothing of it, as it may hold the password
 */
export function asDatabaseSetting(value: string): string {
  const setting = value.trim();
  if (!isReference(setting) && !isPostgresUrl(setting))
    throw new Error("write postgres://USER:PASSWORD@HOST:PORT/DATABASE, or a reference to it, env:NAME or file:/PATH");
  return setting;
}

/** @throws {Error} for anything but a reference, as it may be the key itself */
export function asKeyReference(value: string): string {
  const reference = value.trim();
  if (!isReference(reference)) throw new Error("write env:NAME or file:/PATH, because the key is a secret");
  return reference;
}

/** The address alone, for commands that only read. @throws {Error} naming the reference, never its content */
export function readDatabaseUrl(setting: string, env: EnvironmentVariables): string {
  const url = isReference(setting) ? readReference(setting, env) : setting;
  if (!isPostgresUrl(url)) throw new Error(`${setting} does not contain a postgres:// URL`);
  if (!isDecodable(url))
    throw new Error(
      "its user or password has a % that begins no code: write each % as %25, each # as %23 and each / as %2F",
    );
  return url;
}

/** @throws {Error} naming the reference, never its content */
export function readDatabaseAccess(
  setting: string,
  keyReference: string | undefined,
  env: EnvironmentVariables,
): DatabaseAccess {
  const url = readDatabaseUrl(setting, env);
  if (keyReference === undefined)
    throw new Error("also requires --state-key: make a key with `openssl rand -base64 32`, the same for all servers");
  const encoded = readReference(keyReference, env).split(/\s+/);
  const [newest, ...older] = encoded.map((key) => Buffer.from(key, "base64"));
  if (newest === undefined || [newest, ...older].some(({ length }) => length !== KEY_BYTES))
    throw new Error(`${keyReference} does not contain a ${KEY_BYTES}-byte key in base64`);
  const address = addressIn(url);
  const access = {
    url,
    stateKeys: [newest, ...older] as const,
    secrets: [...new Set([...address.secrets, ...encoded])],
  };
  if (!isReference(setting)) return access;
  const readAgain = rereading("--database", address, () => {
    const found = readDatabaseUrl(setting, env);
    // Connections that are open stay: with two databases at once, one approval could be used in each.
    if (placeIn(found) !== placeIn(url))
      throw new Error(`${setting} names another database: replace the servers to use it`);
    return addressIn(found);
  });
  return { ...access, readAgain };
}

function addressIn(url: string): DatabaseAddress {
  const { password } = new URL(url);
  return { url, secrets: password === "" ? [] : [url, password, decodeURIComponent(password)] };
}

/** Without user and password. */
function placeIn(url: string): string {
  return Object.assign(new URL(url), { username: "", password: "" }).href;
}

/** Whether pg can decode user and password. */
function isDecodable(url: string): boolean {
  const { username, password } = new URL(url);
  return unlessThrown(() => [username, password].map(decodeURIComponent)) !== undefined;
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);
}
