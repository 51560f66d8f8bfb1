import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../../src/config/command-line.js";
import { CertificateAuthority } from "../../../src/sandbox/authority.js";
import { startAssistant } from "../../support/assistant.js";
import { startServer } from "../../support/server-process.js";
import { ofRows, rows, wide } from "../../support/width.js";

/**
 * Paths in settings. Clients start servers without a shell and with a configuration in JSON, so that `~` and variables come
 * as they were written; and a directory may be gone by the time the server starts.
 */

const { rootPem } = await CertificateAuthority.create(new Date());

function newHome() {
  const home = mkdtempSync(join(tmpdir(), "cloudcert-home-"));
  mkdirSync(join(home, "certs"));
  writeFileSync(join(home, "certs", "site.crt"), rootPem);
  return home;
}

describe("~ is the home directory", () => {
  // anthropics/claude-code#37580, microsoft/vscode#247076, modelcontextprotocol/mcpb#37, librefang/librefang#4692
  it.each(
    rows(
      [
        ["a variable", { CLOUDCERT_FILES: "~/certs" }, []],
        ["a flag", {}, ["--files", "~/certs"]],
        ["a flag with =", {}, ["--files=~/certs/"]],
        ["a blank at the end", { CLOUDCERT_FILES: "~/certs \n" }, []],
      ] as const,
      1,
    ),
  )("in %s", ofRows, async (_what, env, args) => {
    const home = newHome();
    const assistant = await startAssistant(["--sandbox", ...args], { env: { ...env, HOME: home } });
    expect(await assistant.result("inspect_certificate", { certificate: "file:site.crt" })).toBeDefined();
    expect(assistant.stderr()).not.toContain("--files");
    await assistant.close();
  });

  it("in every setting that is a path", () => {
    const home = homedir();
    const { auditLog, jobs, files } = readConfiguration(
      [
        "--audit-log",
        "~/a/audit.jsonl",
        "--jobs",
        "~/jobs-of-nobody",
        "--files",
        "~",
        "--files",
        "file:///srv/my%20keys",
      ],
      {},
    );
    expect({ auditLog, jobs, files }).toEqual({
      auditLog: join(home, "a", "audit.jsonl"),
      jobs: join(home, "jobs-of-nobody"),
      files: [home, "/srv/my keys"],
    });
  });
});

describe("what cannot be a path ends the start with one sentence", () => {
  const file = join(newHome(), "certs", "site.crt");
  it.each(
    rows(
      [
        [
          "VS Code's variable, not filled in",
          ["--files", "$" + "{workspaceFolder}/certs"],
          "holds a variable, which is not expanded here",
        ],
        ["a shell's variable", ["--audit-log", "$HOME/audit.jsonl"], "holds a variable, which is not expanded here"],
        ["a variable of Windows", ["--jobs", "%USERPROFILE%\\jobs"], "holds a variable, which is not expanded here"],
        [
          "quotation marks kept by docker --env-file (moby/moby#3702)",
          ["--files", '"/srv/keys"'],
          "is in quotation marks",
        ],
        ["somebody else's home", ["--files", "~alice/certs"], "only ~/ is read as a home directory"],
        ["a directory for a file", ["--audit-log", tmpdir()], "is a directory; a file is needed"],
        ["a file for a directory", ["--jobs", file], "is a file; a directory is needed"],
        ["a directory below a file", ["--jobs", join(file, "jobs")], "is a file; a directory is needed"],
      ] as const,
      1,
    ),
  )("%s", ofRows, async (_source, args, says) => {
    const server = startServer(["--sandbox", ...args]);
    const { code } = await server.ended();
    expect(code).toBe(2);
    expect(server.stderr()).toContain(says);
    expect(server.stderr()).toMatch(new RegExp(`^cloudcert-mcp: ${args[0]}: [^\\n]+\\n$`));
  });

  it("and so does a region that is none, wherever it is set", async () => {
    const server = startServer([], { HW_REGION_NAME: "$" + "{input:region}" });
    expect((await server.ended()).code).toBe(2);
    expect(server.stderr()).toMatch(/^cloudcert-mcp: HW_REGION_NAME: .+ is not the name of a region\n$/);
  });
});

describe("a directory that is not there costs the files below it alone", () => {
  // modelcontextprotocol/servers#3412, google-gemini/gemini-cli#11778: servers that end after the handshake
  it.each(["was removed", "is a file", "is one of two"])("one that %s", wide, async (what) => {
    const home = newHome();
    const gone = join(home, "gone");
    if (what === "is a file") writeFileSync(gone, "");
    const also = what === "is one of two" ? ["--files", join(home, "certs")] : [];
    const assistant = await startAssistant(["--sandbox", "--files", gone, ...also], { env: { HOME: home } });
    expect(await assistant.result("find_certificates")).toHaveProperty("counts");
    const why = what === "is a file" ? "is not a directory" : "does not exist";
    expect(assistant.stderr()).toMatch(new RegExp(`^cloudcert-mcp: --files ${gone} ${why}: [^\\n]+$`, "m"));
    expect(assistant.stderr()).not.toMatch(/\n\s+at /);
    expect(await assistant.failure("inspect_certificate", { certificate: "file:other.crt" })).toContain(
      `${gone} ${why}`,
    );
    if (also.length > 0) await assistant.result("inspect_certificate", { certificate: "file:site.crt" });
    await assistant.close();
  });

  it("one that goes away while the server runs", wide, async () => {
    const home = newHome();
    const assistant = await startAssistant(["--sandbox", "--files", join(home, "certs")], { env: { HOME: home } });
    await assistant.result("inspect_certificate", { certificate: "file:site.crt" });
    rmSync(join(home, "certs"), { recursive: true });
    expect(await assistant.failure("inspect_certificate", { certificate: "file:site.crt" })).toContain(
      "does not exist",
    );
    await assistant.close();
  });
});
