import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cli } from "../support/assistant.js";
import { connectTo, startTeamServer } from "../support/team-server.js";

/** How many clients, and how often each calls; `npm run load` is the wide form. */
const CLIENTS = 50;
const CALLS = 4;

it(`${CLIENTS} clients at once are all answered, each with what it asked for`, async () => {
  const tokens = join(mkdtempSync(join(tmpdir(), "cloudcert-load-")), "tokens.json");
  const add = [cli, "tokens", "add", "load", "--tokens", tokens];
  const token = execFileSync(process.execPath, add, { encoding: "utf8", stdio: "pipe" }).trim();
  const server = await startTeamServer([
    "--sandbox",
    "--tokens",
    tokens,
    "--rate-limit",
    "100000",
    "--address-rate-limit",
    "100000",
  ]);
  const codes = ["InternalError", "InvalidParameter", "ResourceNotFound", "UnauthorizedOperation"];
  const answers = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const client = await connectTo(server.endpoint, token, `client-${index}`);
      const own: boolean[] = [];
      for (let call = 0; call < CALLS; call += 1) {
        const code = codes[(index + call) % codes.length] ?? "";
        const reply = await client.callTool({ name: "explain_error", arguments: { service: "tencent-ssl", code } });
        own.push(reply.isError !== true && JSON.stringify(reply.structuredContent).includes(code));
      }
      await client.close();
      return own;
    }),
  );
  expect(answers.flat()).toEqual(Array.from({ length: CLIENTS * CALLS }, () => true));
  expect(server.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  expect(await server.end()).toBe(0);
});
