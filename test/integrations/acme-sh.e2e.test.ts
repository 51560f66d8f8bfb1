// @module-tag wide
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Host } from "./host.js";
import { integration } from "./paths.js";

/**
 * What acme.sh gives a deploy hook (deploy/myapi.sh and the wiki's page deployhooks of acmesh-official/acme.sh): the
 * function NAME_deploy with five paths, functions that say things, and variables that are kept for the domain.
 */
const acmeSh = `
  _debug() { :; }
  _err() { echo "$*" >&2; }
  _kept() { cat "$DOMAIN_CONF/$1" 2>/dev/null; }
  _getdeployconf() { eval "[ -n \\"\\\${$1-}\\" ]" || eval "$1=\\$(_kept $1)"; }
  _savedeployconf() { printf %s "$2" >"$DOMAIN_CONF/$1"; }
  . "$HOOK"
  cloudcert_deploy "$@"`;

it("deploys by acme.sh's contract, keeps its variables for the renewals, and fails with the hook", async () => {
  const host = await Host.withoutClients();
  const { chain, key, sha256 } = await host.issue(["img.example.com", "app.example.com"]);
  const given = { DOMAIN_CONF: host.folder, HOOK: integration("acme.sh/cloudcert.sh") };
  const deploy = (fullchain: string, env: Record<string, string> = {}) =>
    host.run("sh", ["-uc", acmeSh, "sh", "example.com", key, chain, chain, fullchain], { ...given, ...env });

  const targets = '[{"domains":["img.example.com"]}]';
  const first = { DEPLOY_CLOUDCERT_SETTINGS: host.settings, DEPLOY_CLOUDCERT_TARGETS: targets };
  const left = await deploy(chain, first);
  expect(left.code).toBe(1);
  expect(left.err).toContain("The certificate of example.com is not deployed.");
  expect(left.out).toContain('"exit_code":3');
  expect(readFileSync(join(host.folder, "DEPLOY_CLOUDCERT_TARGETS"), "utf8")).toBe(targets);

  // A program of the operator's that has a person asked.
  const asking = join(host.folder, "asking");
  writeFileSync(asking, '#!/bin/sh\nexec cloudcert-deploy-hook --ask "$@"\n', { mode: 0o755 });
  const { code, err } = await host.approved(deploy(chain, { DEPLOY_CLOUDCERT_HOOK: asking }));
  expect(code, err).toBe(0);
  expect(await host.served("img.example.com")).toEqual(new Set([sha256]));
  expect(host.company.done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
});
