import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { nodePackage, nodes } from "../client-compat/versions.js";
import { installed } from "../support/installed.js";

const name = "@modelcontextprotocol/inspector";
const version = "2.12.0";

export const title = `\`${name}\` ${version}`;

/** What the Inspector's CLI is asked for, and what it must show; its code is 0 unless it says otherwise. */
const requests = [
  // Strict: a schema that clients are known to refuse is an error.
  ["tools/list --strict", ({ tools }, { toolCount }) => assert.equal(tools.length, toolCount)],
  ["resources/list", ({ resources }) => assert.ok(resources.some(({ uri }) => uri === "cloudcert://status"))],
  ["resources/templates/list", ({ resourceTemplates }) => assert.ok(resourceTemplates.length > 0)],
  [
    "resources/read --uri cloudcert://status",
    ({ contents }) => assert.equal(JSON.parse(contents[0].text).clouds, "sandbox"),
  ],
  ["prompts/list", ({ prompts }) => assert.ok(prompts.some((prompt) => prompt.name === "rotate_certificate"))],
  [
    "prompts/get --prompt-name rotate_certificate --prompt-args certificate=abcd1234",
    ({ messages }) => assert.match(messages[0].content.text, /abcd1234/),
  ],
  [
    "tools/call --tool-name DescribeCertificates --tool-arg Limit=1",
    ({ structuredContent }) => assert.equal(structuredContent.Certificates.length, 1),
  ],
  [
    "tools/call --tool-name DescribeCertificate --tool-arg CertificateId=nosuchid",
    ({ isError, content }) => assert.ok(isError && content[0].text.includes("FailedOperation.CertificateNotFound")),
    { code: 5 },
  ],
  [
    // Nobody approves, so nothing is changed: over stdio it has no form for a person, over HTTP the call may be made again.
    "tools/call --tool-name SetCdnDomainSSLCertificate --tool-arg DomainName=img.example.com SSLProtocol=off",
    ({ content }) => assert.match(content[0].text, /nothing was sent/i),
    { code: { stdio: 5, team: 0 } },
  ],
  [
    // Without a token, and nobody there to log in.
    "tools/list --stored-auth-only",
    ({ error }) => assert.equal(error.code, "auth_required"),
    { code: { team: 3 } },
  ],
];

/**
 * What came of every request, at each of the servers.
 * @param {Record<string, object>} servers by command, args and env, or by url and token; and toolCount
 */
export async function* inspectorOutcomes(servers) {
  // It wants Node 22, whatever the server runs on.
  const packages = join(installed("inspector", { [name]: version, [nodePackage]: nodes[22] }), "node_modules");
  const program = [join(packages, nodePackage, "bin/node"), join(packages, name, "clients/launcher/build/index.js")];
  for (const request of requests) {
    const outcomes = Object.entries(servers).map(([which, server]) => outcomeOf(request, { program, which, server }));
    yield { name: request[0], outcomes: await Promise.all(outcomes) };
  }
}

async function outcomeOf([request, check, { code: codes = 0 } = {}], { program: [node, ...program], which, server }) {
  const code = typeof codes === "number" ? codes : codes[which];
  if (code === undefined) return "does not apply";
  const { command, args, env, url, token, toolCount } = server;
  const isLoggedIn = !request.includes("--stored-auth-only");
  const target = url
    ? [url, ...(isLoggedIn ? ["--header", `Authorization: Bearer ${token}`] : [])]
    : [command, ...args];
  const asked = [...program, "--cli", ...target, "--method", ...request.split(" ")];
  const shown = await new Promise((resolve) => {
    execFile(node, asked, { env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
  return verdict(shown, code, (reply) => check(reply, { toolCount }));
}

function verdict(shown, code, check) {
  try {
    assert.equal(shown.code, code, shown.stderr);
    // It writes what it could not do elsewhere.
    check(JSON.parse(shown.stdout || shown.stderr));
    return "passes";
  } catch (error) {
    return `FAILS: ${error.message}`;
  }
}
