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
    // It has no form for a person: nobody approves, so nothing is changed.
    "tools/call --tool-name SetCdnDomainSSLCertificate --tool-arg DomainName=img.example.com SSLProtocol=off",
    ({ isError, content }) => assert.ok(isError && content[0].text.includes("Nothing was sent.")),
    { code: 5 },
  ],
];

/**
 * What came of every request.
 * @param {{ command: string, args: string[], env: Record<string, string> }} server
 */
export async function* inspectorOutcomes({ command, args, env }, toolCount) {
  // It wants Node 22, whatever the server runs on.
  const packages = join(installed("inspector", { [name]: version, [nodePackage]: nodes[22] }), "node_modules");
  const node = join(packages, nodePackage, "bin/node");
  const program = join(packages, name, "clients/launcher/build/index.js");
  for (const [request, check, { code = 0 } = {}] of requests) {
    const asked = [program, "--cli", command, ...args, "--method", ...request.split(" ")];
    const shown = await new Promise((resolve) => {
      execFile(node, asked, { env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
    });
    yield { name: request, outcome: verdict(shown, code, (reply) => check(reply, { toolCount })) };
  }
}

function verdict(shown, code, check) {
  try {
    assert.equal(shown.code, code, shown.stderr);
    check(JSON.parse(shown.stdout));
    return "passes";
  } catch (error) {
    return `FAILS: ${error.message}`;
  }
}
