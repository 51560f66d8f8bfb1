import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { programCommand } from "../../src/lib/program-command.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, cli, type Person, pointedAt, startAssistant, textOf } from "../support/assistant.js";
import { FormPerson } from "../support/form-person.js";
import { neededApproval } from "../support/requests.js";
import { sampleChanges } from "../support/sample-calls.js";
import { wide } from "../support/width.js";
import { submit } from "./page/support.js";
import { inTerminal, typeApproval } from "./terminal/support.js";

/**
 * No form and no screen: a reply must not say that a person has been asked, and says how one decides.
 *
 * Seen at homeassistant-ai/ha-mcp pull request 2480 (approvals that nobody sees), openclaw/mcporter issue 139,
 * github/copilot-cli issue 3039 and anomalyco/opencode issue 23951 (a browser that never opens on a machine without a
 * screen, and a link that is only in a log), nowledge-co/community issue 477 (the same in a container).
 */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
});
afterAll(() => sandbox.close());

const name = "ModifyCertificateAlias";

async function asked(flags: readonly string[], person: Person | null = null): Promise<string> {
  const { args, env } = pointedAt(sandbox);
  const assistant: Assistant = await startAssistant([...args, "--approval-wait", "0.5", ...flags], { env, person });
  const said = textOf(await assistant.call(name, sampleChanges[name]));
  await assistant.close();
  expect(said).toContain("Nothing was sent");
  expect(said).not.toMatch(/https?:|127\.0\.0\.1|\.sock/);
  return said;
}

/** As this server was started. */
const command = `\`${programCommand("approve", { script: cli })}\` in a terminal of the same user`;

describe("a client without forms on a machine without a screen", () => {
  it.each(["auto", "page", "terminal"])("is answered at once, and the same call waits (%s)", wide, async (approve) => {
    const { args, env } = pointedAt(sandbox);
    // Far longer than the client waits.
    const flags = ["--approve", approve, "--call-time", "3600"];
    const assistant = await startAssistant([...args, ...flags], { env, person: null });
    onTestFinished(() => assistant.close());
    const rename = () => assistant.client.callTool({ name, arguments: { ...sampleChanges[name], Alias: approve } });
    const sent = sandbox.requests.filter(neededApproval).length;
    const first = await rename();
    expect(first.structuredContent).toMatchObject({ state: "waiting for approval" });
    const again = rename();
    void again.catch(() => {});
    // It waits: what was asked after it is answered before it.
    expect(await Promise.race([again, assistant.call("list_vault").then(() => "waits")])).toBe("waits");
    expect(sandbox.requests.filter(neededApproval)).toHaveLength(sent);
    if (approve === "terminal") return;
    const [link = ""] = assistant.links();
    await submit(link, { decision: "approve" });
    expect((await again).isError).not.toBe(true);
    expect(sandbox.requests.filter(neededApproval)).toHaveLength(sent + 1);
  });
});

it.skipIf(process.platform !== "linux")(
  "a terminal that stands open shows the question, and the first call waits",
  async () => {
    const { args, env } = pointedAt(sandbox);
    const home = mkdtempSync(join(tmpdir(), "cc-home-"));
    const place = { HOME: home, XDG_STATE_HOME: join(home, "state"), XDG_RUNTIME_DIR: home };
    const terminal = inTerminal(`${process.execPath} ${cli} approve`, { ...place, NO_COLOR: "1" });
    await terminal.until("Nothing waits for approval");
    const assistant = await startAssistant([...args, "--approve", "terminal"], {
      env: { ...env, ...place },
      person: null,
    });
    onTestFinished(() => assistant.close());
    const sent = sandbox.requests.filter(neededApproval).length;
    const reply = assistant.client.callTool({ name, arguments: { ...sampleChanges[name], Alias: "seen" } });
    await typeApproval(terminal);
    expect((await reply).structuredContent).not.toHaveProperty("state");
    expect(sandbox.requests.filter(neededApproval)).toHaveLength(sent + 1);
  },
);

describe("what the assistant reads", () => {
  it("without a form and a screen names the two ways that are left", async () => {
    const said = await asked([]);
    expect(said).toMatch(/Nobody could be asked yet: no form and no browser/);
    expect(said).toContain(command);
    expect(said).toContain("by the link in this server's log");
    expect(said).not.toContain("has been asked");
  });

  it("with the page alone names the log", wide, async () => {
    const said = await asked(["--approve", "page"]);
    expect(said).toMatch(/Nobody could be asked yet.*by the link in this server's log/);
    expect(said).not.toMatch(/(?:cli\.js|cloudcert-mcp)['"]? approve/);
  });

  it("with the terminal alone names the command", wide, async () => {
    const said = await asked(["--approve", "terminal"]);
    expect(said).toMatch(/Nobody could be asked yet/);
    expect(said).toContain(command);
    expect(said).not.toContain("log");
  });

  it("with a form says that a person has been asked there, and nothing else", async () => {
    const said = await asked([], new FormPerson().person);
    expect(said).toContain("A person has been asked in the form of this client, and has not decided yet");
    expect(said).not.toMatch(/(?:cli\.js|cloudcert-mcp)['"]? approve/);
  });

  it("with a client that answers its forms by itself is as without one", wide, async () => {
    const said = await asked([], () => ({ action: "decline" }));
    expect(said).toMatch(/Nobody could be asked yet/);
    expect(said).toContain(command);
  });

  it("where the host asks says that nobody has been asked yet", wide, async () => {
    const said = await asked(["--approve", "token"]);
    expect(said).toContain("Nobody has been asked yet");
    expect(said).not.toContain("has not decided");
  });
});
