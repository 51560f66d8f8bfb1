import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Agent, fetch as undiciFetch } from "undici";
import { type Shared, sharedBy } from "../database/shared.js";
import { isInstalled } from "../integrations/processes.js";
import { pointedAt } from "../support/assistant.js";
import { Company } from "../support/company.js";
import { freePorts } from "../support/ports.js";
import { postgresBin, type SharedPostgres } from "../support/postgres.js";
import { startTeamServer, type TeamServer } from "../support/team-server.js";
import { type Nginx, startNginx } from "./nginx.js";

/** Whether this computer lacks what they need. */
export const cannotServe = postgresBin === undefined || !isInstalled("nginx");

const DAY = 86_400_000;

/** Three servers behind nginx, as integrations/team has them, on one PostgreSQL and one set of clouds. */
export class ThreeServers {
  readonly company: Company;
  readonly shared: Shared;
  readonly proxy: Nginx;
  readonly servers: readonly TeamServer[];
  readonly #clients: Client[] = [];
  readonly #dispatchers: Agent[] = [];

  private constructor({
    company,
    shared,
    proxy,
    servers,
  }: Pick<ThreeServers, "company" | "shared" | "proxy" | "servers">) {
    this.company = company;
    this.shared = shared;
    this.proxy = proxy;
    this.servers = servers;
  }

  /** @param flags of each server: who is let in, and what they may do */
  static async start(
    postgres: SharedPostgres,
    flags: (company: Company) => Promise<readonly string[]>,
  ): Promise<ThreeServers> {
    const company = await Company.open();
    const shared = await sharedBy(postgres);
    const { sandbox } = company;
    const [port = 0, ...own] = await freePorts(4);
    const pointed = pointedAt(sandbox);
    const args = [
      ...pointed.args,
      ...shared.flags,
      ...["--public-url", `https://localhost:${port}`, "--trusted-proxies", "127.0.0.1", "--drain-time", "20"],
      ...["--rate-limit", "1000000", "--address-rate-limit", "1000000"],
      ...(await flags(company)),
    ];
    const env = { ...pointed.env, ...shared.env };
    const servers = await Promise.all(own.map((each) => startTeamServer(args, { port: each, env })));
    const issued = await sandbox.account.authority.issue({
      names: ["localhost"],
      key: "EC-P256",
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + DAY),
    });
    return new ThreeServers({ company, shared, servers, proxy: await startNginx({ servers: own, port, ...issued }) });
  }

  /** The URL that clients know, and the audience of their tokens. */
  get endpoint(): string {
    return `${this.proxy.origin}/mcp`;
  }

  /**
   * A client behind nginx.
   * @param token asked for at each request
   * @param connections at most so many are open at once
   */
  async connect(token: () => string, connections?: number): Promise<Client> {
    const dispatcher = new Agent({
      connect: { ca: this.company.sandbox.edge.rootPem },
      connections: connections ?? null,
    });
    this.#dispatchers.push(dispatcher);
    const client = new Client({ name: "three-servers", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL(this.endpoint), {
      fetch: (url, { method = "GET", headers, body, signal } = {}) =>
        undiciFetch(url, {
          method,
          headers: { ...Object.fromEntries(new Headers(headers)), authorization: `Bearer ${token()}` },
          ...(typeof body === "string" && { body }),
          ...(signal && { signal }),
          dispatcher,
        }),
    });
    await client.connect(transport);
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    for (const dispatcher of this.#dispatchers) await dispatcher.destroy();
    await this.proxy.end();
    await Promise.all(this.servers.map((server) => server.end()));
    await this.shared.close();
    await this.company.close();
  }
}
