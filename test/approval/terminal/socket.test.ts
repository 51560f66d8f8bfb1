import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { socketDirectories } from "../../../src/approval/terminal/socket.js";
import { findWaiting } from "../../../src/approval/terminal/waiting-questions.js";
import { listenElsewhere, newDirectory, openChannel, requestOf } from "./support.js";

const mode = (path: string) => statSync(path).mode & 0o777;

describe("where the sockets are", () => {
  it("is the runtime directory first, if it is the user's own, and the state directory last", () => {
    const runtime = newDirectory();
    expect(socketDirectories({ XDG_RUNTIME_DIR: runtime }, "/home/me/state")[0]).toBe(`${runtime}/cloudcert-mcp`);
    expect(socketDirectories({}, "/home/me/state").at(-1)).toBe("/home/me/state/terminal");
  });

  it.each([
    ["relative", () => "run"],
    ["missing", () => "/nonexistent"],
    ["open to others", () => withMode(newDirectory(), 0o755)],
  ])("is not a runtime directory that is %s", (_, make) => {
    const runtime = make();
    const found = socketDirectories({ XDG_RUNTIME_DIR: runtime }, "/home/me/state");
    expect(found).not.toContain(join(runtime, "cloudcert-mcp"));
  });

  it("lets nobody else in", async () => {
    const directory = join(newDirectory(), "new", "place");
    await openChannel([directory]).present(requestOf());
    const [name = ""] = readdirSync(directory);
    expect(name).toMatch(new RegExp(`^${process.pid}-[0-9a-f]{8}\\.sock$`));
    expect(mode(directory)).toBe(0o700);
    expect(mode(join(directory, name))).toBe(0o600);
  });

  it.each([
    ["a symbolic link", () => linkTo(newDirectory()), "is a symbolic link"],
    ["a symbolic link, written with a slash", () => `${linkTo(newDirectory())}/`, "is a symbolic link"],
    ["a file", () => aFile(), "EEXIST"],
    ["open to others", () => withMode(newDirectory(), 0o710), "is open to other users (mode 710 instead of 700)"],
    ["somebody else's", () => foreignDirectory(), "belongs to another user"],
    ["too long a path", () => join(newDirectory(), "d".repeat(90)), "is too long a path"],
  ])("is not a directory that is %s", async (_, make, reason) => {
    const directory = make();
    const logged: string[] = [];
    expect(await openChannel([directory], { logged }).present(requestOf())).toBe(false);
    expect(logged).toEqual([expect.stringContaining(reason)]);
  });

  it("is the next directory when one will not do, and a terminal says which it did not look into", async () => {
    const [bad, good] = [withMode(newDirectory(), 0o755), newDirectory()];
    expect(await openChannel([bad, good]).present(requestOf())).toBe(true);
    const { waiting, problems } = await findWaiting([bad, good]);
    expect(waiting).toHaveLength(1);
    expect(problems).toEqual([expect.stringContaining(`${bad} is open to other users`)]);
  });
});

describe("sockets that nobody holds any more", () => {
  it("are removed by the terminal that finds them", async () => {
    const directory = newDirectory();
    await leaveDeadSocket(directory);
    expect(await findWaiting([directory])).toEqual({ waiting: [], more: 0, problems: [] });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("are removed by the server that finds them", async () => {
    const directory = newDirectory();
    const dead = await leaveDeadSocket(directory);
    await openChannel([directory]).present(requestOf());
    expect(readdirSync(directory)).toHaveLength(1);
    expect(existsSync(dead)).toBe(false);
  });

  it("stay while their process lives, and other files stay anyway", async () => {
    const directory = newDirectory();
    for (const name of [`${process.ppid}-0badc0de.sock`, "notes.txt"]) writeFileSync(join(directory, name), "");
    await findWaiting([directory]);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it("are gone after close", async () => {
    const directory = newDirectory();
    const channel = openChannel([directory]);
    await channel.present(requestOf());
    await channel.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("come back with the next request when somebody cleared them away", async () => {
    const directory = newDirectory();
    const channel = openChannel([directory]);
    await channel.present(requestOf({ id: "first" }));
    rmSync(directory, { recursive: true });
    await channel.present(requestOf({ id: "second" }));
    const { waiting } = await findWaiting([directory]);
    expect(waiting.map(({ plan }) => plan.id)).toEqual(["first", "second"]);
  });
});

function withMode(directory: string, mode: number): string {
  chmodSync(directory, mode);
  return directory;
}

function linkTo(directory: string): string {
  const link = join(newDirectory(), "link");
  symlinkSync(directory, link);
  return link;
}

function aFile(): string {
  const path = join(newDirectory(), "file");
  writeFileSync(path, "");
  return path;
}

function foreignDirectory(): string {
  if (process.getuid?.() !== 0) return "/usr";
  const directory = join(newDirectory(), "foreign");
  mkdirSync(directory, { mode: 0o700 });
  chownSync(directory, 65_534, 65_534);
  return directory;
}

async function leaveDeadSocket(directory: string): Promise<string> {
  const child = await listenElsewhere(directory, "");
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  const path = join(directory, `${child.pid}-0badc0de.sock`);
  expect(existsSync(path)).toBe(true);
  return path;
}
