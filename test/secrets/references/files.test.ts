import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { ToolError } from "../../../src/lib/tool-error.js";
import { Directories } from "../../../src/secrets/references/directories.js";
import { readAllowed } from "../../../src/secrets/references/files.js";
import { interceptOpen } from "../../support/intercept-open.js";
import { runs } from "../../support/width.js";
import { failureOf, folder, scratch, write } from "./support.js";

/** What happens between the check of a path and the opening of the file. */
const between = { checkAndOpen: () => {}, openAndRead: () => {} };
interceptOpen(async (open) => {
  between.checkAndOpen();
  const handle = await open();
  between.openAndRead();
  return handle;
});

const OUTSIDE = "text that lies outside";
const INSIDE = "text that lies inside";
const top = scratch();
const inside = folder(top, "inside");
const outside = folder(top, "outside");
const secret = write(outside, "secret.pem", OUTSIDE);
write(inside, "site.pem", INSIDE);
write(folder(inside, "sub"), "deep.pem", INSIDE);
folder(top, "inside-not");
write(join(top, "inside-not"), "site.pem", OUTSIDE);
symlinkSync(secret, join(inside, "link-out.pem"));
symlinkSync(outside, join(inside, "dir-out"));
symlinkSync("site.pem", join(inside, "link-in.pem"));
symlinkSync("loop", join(inside, "loop"));
symlinkSync("/proc/self/environ", join(inside, "environ"));
symlinkSync("/dev/zero", join(inside, "zero"));

const directories = new Directories([inside]);
const read = async (path: string, limit = 1024) => (await readAllowed(directories, path, limit)).bytes.toString();
const refusal = async (path: string, limit?: number) => (await failureOf(() => read(path, limit))).happened;

beforeEach(() => {
  between.checkAndOpen = () => {};
  between.openAndRead = () => {};
});

describe("a file below an allowed directory", () => {
  it.each([
    "site.pem",
    join(inside, "site.pem"),
    "sub/deep.pem",
    "sub/../site.pem",
    "link-in.pem",
    `//${inside}/site.pem`,
  ])("%s is read", async (path) => expect(await read(path)).toBe(INSIDE));

  it("is named by its real path", async () => {
    expect((await readAllowed(directories, "link-in.pem", 1024)).path).toBe(join(inside, "site.pem"));
  });

  it("is found also where the directory was named through a link", async () => {
    symlinkSync(inside, join(top, "alias"));
    const linked = new Directories([join(top, "alias")]);
    expect((await readAllowed(linked, join(top, "alias", "site.pem"), 1024)).bytes.toString()).toBe(INSIDE);
  });

  it("is looked for in each directory", async () => {
    const both = new Directories([join(inside, "sub"), inside]);
    expect((await readAllowed(both, "site.pem", 1024)).path).toBe(join(inside, "site.pem"));
  });

  it.each([
    [0o600, false],
    [0o640, true],
    [0o604, true],
  ])("with mode %o is exposed: %s", async (mode, exposed) => {
    chmodSync(write(inside, "mode.key", "x"), mode);
    expect((await readAllowed(directories, "mode.key", 1024)).readableByOthers).toBe(exposed);
  });
});

describe("a path that leads elsewhere", () => {
  it.each([
    "../outside/secret.pem",
    "sub/../../outside/secret.pem",
    "dir-out/../../outside/secret.pem",
    "../inside-not/site.pem",
    secret,
    "/etc/passwd",
    "/proc/self/environ",
    "/dev/zero",
    "..",
    "/",
  ])("%s is outside", async (path) => expect(await refusal(path)).toContain("outside the directories"));

  it.each(["link-out.pem", "dir-out/secret.pem", "dir-out", "environ", "zero"])("%s is a link out", async (path) =>
    expect(await refusal(path)).toContain("leads out"),
  );

  it("as Certbot's links do: the operator can allow the directory of both; where it leads to is not told", async () => {
    const { next } = await failureOf(() => readAllowed(directories, "link-out.pem", 1024));
    expect(next).toMatch(/\(--files\) the directory that holds the link and what it leads to.*\/etc\/letsencrypt/);
    expect(next).not.toContain("secret.pem");
  });

  it("tells nothing of what exists outside", async () => {
    const there = await refusal("/etc/passwd");
    expect(await refusal("/etc/no-such-file")).toBe(there.replace("/etc/passwd", "/etc/no-such-file"));
  });

  it("finds nothing where no directory was named", async () => {
    const { happened, next } = await failureOf(() => readAllowed(new Directories([]), "/etc/passwd", 1024));
    expect(happened).toContain("has not named a directory");
    expect(next).toContain("--files");
  });

  it("is never read, whatever it is", async () => {
    const name = fc.constantFrom(
      "..",
      ".",
      "",
      "~",
      "%2e%2e",
      "..%2f",
      "....",
      "..\\",
      "sub",
      "site.pem",
      "deep.pem",
      "dir-out",
      "link-out.pem",
      "link-in.pem",
      "loop",
      "environ",
      "zero",
      "secret.pem",
      "outside",
      "inside",
      "inside-not",
      "\u0000",
      "‥",
      "proc/self/root",
    );
    const names = fc.array(fc.oneof(name, fc.string()), { maxLength: 8 }).map((parts) => parts.join("/"));
    const start = fc.constantFrom("", "/", `${inside}/`, `${top}/`, "/proc/self/cwd/", "/proc/self/root/");
    await fc.assert(
      fc.asyncProperty(start, names, async (from, path) => {
        const result = await read(from + path).catch((error: unknown) => error);
        if (!(result instanceof ToolError)) expect([INSIDE, "x"]).toContain(result);
      }),
      { numRuns: runs(300, 1_500) },
    );
  });
});

describe("what is no file to read", () => {
  it.each([
    ["sub", "is a directory"],
    ["", "is a directory"],
    ["nothing.pem", "does not exist"],
    ["site.pem/more", "does not exist"],
    ["loop", "cannot be reached: ELOOP"],
  ])("%j: %s", async (path, why) => expect(await refusal(path)).toContain(why));

  it("is a FIFO, without waiting for its other end", async () => {
    execFileSync("mkfifo", [join(inside, "fifo")]);
    expect(await refusal("fifo")).toContain("not a regular file");
  });

  it("is a socket", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(inside, "socket"), resolve));
    afterAll(() => server.close());
    expect(await refusal("socket")).toContain("not a regular file");
  });

  it.each(["zero", "full", "null"])("is the device %s, also where the operator allows /dev", async (name) => {
    const { happened } = await failureOf(() => readAllowed(new Directories(["/dev"]), name, 1024));
    expect(happened).toContain("not a regular file");
  });

  it("is the process's environment, also where the operator allows /proc", async () => {
    const { happened } = await failureOf(() =>
      readAllowed(new Directories(["/proc"]), `/proc/${process.pid}/environ`, 1024),
    );
    expect(happened).toContain("changed while");
  });

  it("is a huge file, of which nothing is read", async () => {
    truncateSync(write(inside, "huge.pem", "x"), 1024 ** 4);
    expect(await refusal("huge.pem")).toContain("1099511627776 bytes; at most 1024");
  });

  it("is an empty file", async () => {
    write(inside, "empty.pem", "");
    expect(await refusal("empty.pem")).toContain("is empty");
  });

  it("is a file that is exactly too large", async () => {
    write(inside, "cap.pem", "x".repeat(100));
    expect(await read("cap.pem", 100)).toHaveLength(100);
    expect(await refusal("cap.pem", 99)).toContain("100 bytes");
  });
});

describe("a file that is swapped", () => {
  const race = folder(inside, "race");
  const nested = folder(race, "nested");
  const path = join(nested, "site.pem");

  beforeEach(() => {
    rmSync(nested, { recursive: true, force: true });
    folder(race, "nested");
    write(nested, "site.pem", INSIDE);
  });

  it("for a link, before it is opened", async () => {
    between.checkAndOpen = () => {
      rmSync(path);
      symlinkSync(secret, path);
    };
    expect(await refusal(path)).toContain("changed while");
  });

  it("for a link to a directory above it, before it is opened", async () => {
    write(outside, "site.pem", OUTSIDE);
    between.checkAndOpen = () => {
      renameSync(nested, join(race, "moved"));
      symlinkSync(outside, nested);
    };
    expect(await refusal(path)).toContain("changed while");
    rmSync(join(race, "moved"), { recursive: true });
  });

  it("for a link to a directory above it, and back once it is open", async () => {
    between.checkAndOpen = () => {
      renameSync(nested, join(race, "moved"));
      symlinkSync(outside, nested);
    };
    between.openAndRead = () => {
      rmSync(nested);
      renameSync(join(race, "moved"), nested);
    };
    expect(await refusal(path)).toContain("changed while");
  });

  it("for another file, once it is open", async () => {
    between.openAndRead = () => renameSync(write(nested, "other.pem", "another text"), path);
    expect(await refusal(path)).toContain("changed while");
  });

  it("or is removed before it is opened", async () => {
    between.checkAndOpen = () => rmSync(path);
    expect(await refusal(path)).toContain("changed while");
  });

  it("over and over by another process is read right or not at all", async () => {
    const swapper = swapForever(path, secret);
    try {
      // Until both have been seen often: whether a turn meets the link or the file is up to chance.
      for (const seen = { read: 0, refused: 0 }; seen.read < 50 || seen.refused < 50; ) {
        const result = await read(path).catch((error: unknown) => error);
        if (result instanceof ToolError) seen.refused += 1;
        else seen.read += 1;
        if (!(result instanceof ToolError)) expect(result).toBe(INSIDE);
      }
    } finally {
      swapper.kill("SIGKILL");
    }
    expect(readFileSync(secret, "utf8")).toBe(OUTSIDE);
  });
});

/** Replaces `path` in turn by a link to `target` and by a file with the text that is allowed. */
function swapForever(path: string, target: string): ChildProcess {
  const script = `
    const { renameSync, symlinkSync, writeFileSync } = require("node:fs");
    const [path, target, text] = process.argv.slice(1);
    for (;;) {
      symlinkSync(target, path + ".link");
      renameSync(path + ".link", path);
      writeFileSync(path + ".file", text);
      renameSync(path + ".file", path);
    }`;
  return spawn(process.execPath, ["-e", script, path, target, INSIDE], { stdio: "ignore" });
}
