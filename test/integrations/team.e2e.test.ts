import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { describe, expect, it } from "vitest";
import { parseAllDocuments, parse as parseYaml } from "yaml";
import { z } from "zod";
import { readTeamConfiguration } from "../../src/config/command-line.js";
import { options } from "../../src/config/options.js";
import { variableOf } from "../../src/config/read.js";
import { teamOptions } from "../../src/config/team-options.js";
import { version } from "../../src/lib/version.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { startNginx } from "../http/nginx.js";
import { freePort } from "../support/ports.js";
import { wide } from "../support/width.js";
import { integration } from "./paths.js";
import { isInstalled } from "./processes.js";

/** The files of the team's server: no engine runs them here, so their readers do, and this program reads their settings. */

const compose = integration("team/compose.yaml");
const read = (name: string) => readFileSync(integration(`team/${name}`), "utf8");

const environment = z.record(z.string());
const networks = z
  .object({ inside: z.object({ ipv4_address: z.string().optional() }).nullable().optional() })
  .or(z.array(z.string()).transform(() => undefined))
  .optional();
const composed = z.object({
  services: z.record(z.object({ image: z.string(), environment: environment.optional(), networks })),
});
const deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.tuple([
          z.object({ image: z.string(), env: z.array(z.object({ name: z.string(), value: z.string() })) }),
        ]),
      }),
    }),
  }),
});

const servers = (text: string) => {
  const { services } = composed.parse(parseYaml(text, { merge: true }));
  return Object.entries(services).filter(([name]) => name.startsWith("cloudcert-"));
};
const [container] = deployment.parse(parseAllDocuments(read("kubernetes.yaml"))[0]?.toJS()).spec.template.spec
  .containers;
const settings = {
  "compose.yaml": servers(read("compose.yaml"))[0]?.[1].environment ?? {},
  "kubernetes.yaml": Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
};

describe("the settings of the team's server", () => {
  it.each(Object.entries(settings))("in %s are settings, and go together", (_, env) => {
    const known = [...Object.keys(options), ...Object.keys(teamOptions)].map(variableOf);
    expect(Object.keys(env).filter((name) => !known.includes(name))).toEqual([]);
    expect(() => readTeamConfiguration([], env)).not.toThrow();
  });

  it("are the same with compose and with Kubernetes, and so is the image", () => {
    const [one, other] = Object.values(settings).map((env) => Object.keys(env).sort());
    expect(one).toEqual(other);
    const images = servers(read("compose.yaml")).map(([, { image }]) => image);
    expect(images).toEqual(Array(3).fill(`registry.example.com/cloudcert-mcp:${version}`));
    expect(container.image).toBe(images[0]);
  });
});

describe("the addresses of the servers", () => {
  it("are the same in nginx.conf as in compose.yaml, and nobody else gets them", () => {
    const upstream = [...read("nginx.conf").matchAll(/^ +server ([\d.]+):8080 /gm)].map(([, address]) => address);
    const given = servers(read("compose.yaml")).map(([, { networks }]) => networks?.inside?.ipv4_address);
    expect(upstream).toEqual(given);
    expect(new Set(upstream).size).toBe(3);
    expect(read("compose.yaml")).toContain("ip_range: 172.30.7.128/25");
  });
});

describe.skipIf(!isInstalled("nginx") && process.env.CI !== "true")("nginx with nginx.conf", () => {
  it("starts while no server is there, and keeps what is for the orchestrator from clients", async () => {
    const authority = await CertificateAuthority.create(new Date());
    const issued = await authority.issue({
      names: ["localhost"],
      key: "EC-P256",
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
    });
    const nginx = await startNginx({ servers: [], port: await freePort(), ...issued });
    const dispatcher = new Agent({ connect: { ca: authority.rootPem } });
    try {
      expect((await fetch(`${nginx.origin}/readyz`, { dispatcher })).status).toBe(404);
    } finally {
      await dispatcher.destroy();
      await nginx.end();
    }
  });
});

/** Debian has it as a program, Docker as a part of its own. */
const composeCommand = [["docker-compose"], ["docker", "compose"]].find(
  ([program = "", ...part]) => spawnSync(program, [...part, "version"]).status === 0,
);

describe.skipIf(composeCommand === undefined && process.env.CI !== "true")("docker-compose config", () => {
  const config = (file: string) => {
    const [program = "docker-compose", ...part] = composeCommand ?? [];
    return spawnSync(program, [...part, "--file", file, "config"], { encoding: "utf8" });
  };

  it("reads compose.yaml: three servers, nginx and PostgreSQL", () => {
    const { status, stdout, stderr } = config(compose);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { services } = composed.parse(parseYaml(stdout));
    expect(Object.keys(services).sort()).toEqual(["cloudcert-1", "cloudcert-2", "cloudcert-3", "nginx", "postgres"]);
  });

  it.each([
    ["stop_grace_period: 60s", "stop_grace: 60s"],
    ['ports: ["443:443"]', "ports: https"],
    ["depends_on: [postgres]", "depends_on: [database]"],
  ])("would refuse it with %s as %s", wide, (right, wrong) => {
    const file = join(mkdtempSync(join(tmpdir(), "cc-compose-")), "compose.yaml");
    writeFileSync(file, read("compose.yaml").replace(right, wrong));
    expect(config(file).status).not.toBe(0);
  });
});
