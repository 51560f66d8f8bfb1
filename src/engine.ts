import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { operations as documentedOperations } from "./catalogue/index.js";
import type { Configuration } from "./config/options.js";
import { examine } from "./doctor/examine.js";
import { SandboxEdge } from "./edge/sandbox-edge.js";
import { TlsEdge } from "./edge/tls-edge.js";
import { gateFor } from "./gate-setup.js";
import { accountsOn, CONNECT_TIMEOUT, cloudOn, openGround } from "./ground.js";
import { isOffered } from "./guard/policy.js";
import { Journal } from "./jobs/journal.js";
import type { Lifetime } from "./lifetime.js";
import { serveCalls } from "./mcp/calls.js";
import type { Listing } from "./mcp/server.js";
import { offeredOf, offeredServices } from "./offer.js";
import { errorCodesOf, errorPage, operationPage } from "./pages/index.js";
import { References } from "./secrets/references/resolve.js";
import type { Seal } from "./secrets/seal.js";
import { Vault } from "./secrets/vault/vault.js";
import { statusOf } from "./status.js";
import type { Environment, Surroundings } from "./surroundings.js";
import { version } from "./version.js";
import { ownTools } from "./workflows/index.js";
import { listJobs } from "./workflows/list-jobs.js";

/** What a server has from its start on. */
export interface Started {
  readonly listing: Listing;
  readonly configuration: Configuration;
  readonly env: Environment;
  readonly surroundings: Surroundings;
  /** Names of the tools that the client is shown. */
  readonly shown: readonly string[];
  readonly seal: Seal;
  readonly lifetime: Lifetime;
  readonly log: (line: string) => void;
}

/** What calls stand on. */
export interface Engine {
  close(): Promise<void>;
}

/**
 * Makes the server carry out calls. All that this takes is loaded with this module and not at the start: many servers are
 * only ever asked what tools they have.
 */
export async function startEngine(started: Started): Promise<Engine> {
  const { listing, configuration, env, surroundings, shown, seal, lifetime, log } = started;
  const { credentials } = surroundings;
  const ground = await openGround(configuration, surroundings);
  if (ground.notice !== undefined) log(ground.notice);
  const { cloud, transport } = cloudOn(ground, configuration, env, log);
  const lookedAt = new TlsEdge({
    standIns: [...ground.edge.addresses, ...configuration.edge],
    domains: configuration.edgeDomains,
    allowPrivate: configuration.edgePrivate,
    roots: ground.edge.roots,
    timeout: CONNECT_TIMEOUT,
    now: () => new Date(),
    report: (error) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const edge = configuration.sandbox ? new SandboxEdge(lookedAt) : lookedAt;
  const redact = (text: string) => seal.text(text);
  const operations = offeredOf(documentedOperations, configuration, credentials);
  const journal = new Journal(ground.jobs, () => new Date(), accountsOn(ground, configuration, env), redact);
  const vault = new Vault(undefined, undefined, (secrets) => seal.learn(secrets));
  const gate = serveCalls(listing, {
    operations,
    huaweiProjectId: credentials.huaweiProjectId,
    tools: [...operations, ...ownTools].filter(({ name }) => shown.includes(name)),
    status: statusOf({ version, configuration, credentials, operations, toolCount: shown.length }),
    pages: { operationPage, errorPage, errorCodesOf },
    // The journal is read by a tool and as resources; who switches the tool off means both.
    listJobs: isOffered(configuration, listJobs) ? listJobs : undefined,
    references: new References({
      directories: configuration.files,
      envPrefix: configuration.envPrefix,
      env,
      vault,
      allowInlineSecrets: configuration.allowInlineSecrets,
    }),
    vault,
    services: offeredServices(configuration.services, credentials),
    edge,
    journal,
    maskPersonal: !configuration.showPersonalData,
    now: () => new Date(),
    nonce: randomBytes(4).toString("hex"),
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
    gateWith: gateFor(configuration, env, cloud, edge, log, redact, (time) => journal.changedSince(time)),
    approvalByToken: configuration.approve === "token",
    callTime: { callTime: configuration.callTime, approvalWait: configuration.approvalWait },
    cloud,
    seal,
    lifetime,
    examine: async (client, signal) => ({
      ...(await examine({ configuration, env, ground, cloud }, client, signal)),
    }),
    log,
  });
  return {
    close: async () => {
      await Promise.all([transport.close(), gate.close(), ground.close()]);
    },
  };
}
