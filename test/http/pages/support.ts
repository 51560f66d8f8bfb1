import { randomBytes } from "node:crypto";
import { fastify } from "fastify";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { readOnlyRules } from "../../../src/access/rules.js";
import { TeamDecisions } from "../../../src/approval/team/decisions.js";
import { MemoryQuestions } from "../../../src/approval/team/memory-questions.js";
import type { Questions } from "../../../src/approval/team/questions.js";
import { Sealer } from "../../../src/database/sealing.js";
import { PageLogin } from "../../../src/http/pages/login.js";
import { MemoryPageRecords, type PageRecords, PageSessions } from "../../../src/http/pages/page-sessions.js";
import { PendingLogins } from "../../../src/http/pages/pending-logins.js";
import { servePages } from "../../../src/http/pages/routes.js";
import type { Person } from "../../../src/identity/person.js";
import { machineTime } from "../../../src/lib/time-source.js";
import type { NewEntry } from "../../../src/secrets/vault/vault.js";
import { person, rulesAt } from "../../approval/team/support.js";
import { Team } from "../../approval/team/team.js";
import { sharedChromium, skipReason } from "../../support/chromium.js";
import { clientId, clientSecret, startProvider, type TestProvider } from "./provider.js";

/** What servers share. */
export interface Shared {
  readonly questions: Questions;
  readonly records: PageRecords;
}

/** A team: its provider, the pages of its servers, and calls that wait. */
export class TeamSite {
  readonly provider: TestProvider;
  readonly origins: readonly string[];
  readonly team: Team;
  readonly people: Readonly<Record<"alice" | "bob" | "carol" | "dora", Person>>;
  readonly lines: string[] = [];
  readonly kept: { readonly person: Person; readonly account: string; readonly entry: NewEntry }[] = [];
  readonly #close: () => Promise<void>;

  private constructor(
    provider: TestProvider,
    origins: readonly string[],
    team: Team,
    site: { readonly lines: string[]; readonly kept: TeamSite["kept"]; readonly close: () => Promise<void> },
  ) {
    this.provider = provider;
    this.origins = origins;
    this.team = team;
    this.lines = site.lines;
    this.kept = site.kept;
    this.#close = site.close;
    const at = (name: string) => person(name, ["team"], undefined, provider.issuer.origin);
    this.people = { alice: at("Alice"), bob: at("Bob"), carol: at("Carol"), dora: at("Dora") };
  }

  /** One server for each of `shared`; whoever is named in `readers` may not approve. */
  static async start(
    shared?: readonly Shared[],
    readers: readonly string[] = [],
    now = machineTime.now,
  ): Promise<TeamSite> {
    const provider = await startProvider(readers);
    const alone = { questions: new MemoryQuestions(now), records: new MemoryPageRecords(now) };
    const sealer = new Sealer([randomBytes(32)], "begun logins");
    const lines: string[] = [];
    const kept: TeamSite["kept"] = [];
    const servers = shared ?? [alone];
    const apps = await Promise.all(
      servers.map(async ({ questions, records }) => {
        const app = fastify();
        // The address is known once the server listens, and pages know theirs from settings.
        const proxy = fastify();
        const address = await proxy.listen({ host: "127.0.0.1", port: 0 });
        await proxy.close();
        const origin = new URL(address);
        provider.addClient(origin);
        await app.register(servePages, {
          origin,
          login: new PageLogin({
            issuer: provider.issuer,
            clientId,
            clientSecret: () => clientSecret,
            origin,
            groupsClaim: "groups",
          }),
          sessions: new PageSessions(records),
          logins: new PendingLogins(sealer, records, now),
          decisions: new TeamDecisions(questions, readOnlyRules),
          uploads: {
            accountsOf: ({ scopes }) => (scopes.has("certs:change") ? ["prod"] : []),
            keep: async (of, account, entry) => {
              kept.push({ person: of, account, entry });
              return `vault:upload-${kept.length}`;
            },
          },
          limited: async () => undefined,
          log: (line) => lines.push(line),
        });
        await app.listen({ host: "127.0.0.1", port: Number(origin.port) });
        return { app, origin: origin.origin };
      }),
    );
    let next = 0;
    const [first = alone] = servers;
    const anyOf = () => servers[next++ % servers.length]?.questions ?? first.questions;
    const team = new Team(anyOf, rulesAt(provider.issuer.origin));
    const close = async () => {
      await Promise.all(apps.map(({ app }) => app.close()));
      await provider[Symbol.asyncDispose]();
    };
    return new TeamSite(
      provider,
      apps.map(({ origin }) => origin),
      team,
      { lines, kept, close },
    );
  }

  get origin(): string {
    return this.origins[0] ?? "";
  }

  close(): Promise<void> {
    return this.#close();
  }
}

export class People {
  readonly #contexts: BrowserContext[] = [];
  #browser: Browser | undefined;

  async launch(): Promise<void> {
    this.#browser = await sharedChromium();
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
  }

  /** Somebody's own browser. */
  async browser(options: BrowserContextOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error("the browser was not launched");
    const context = await this.#browser.newContext({
      locale: "en-US",
      viewport: { width: 1000, height: 800 },
      ...options,
    });
    this.#contexts.push(context);
    const tab = await context.newPage();
    // A loaded machine breaks any limit; a test that hangs is ended by vitest.
    tab.setDefaultTimeout(0);
    return tab;
  }
}

export function describeWithBrowsers(what: string, tests: (people: People) => void): void {
  describe.skipIf(skipReason !== undefined)(what, () => {
    const people = new People();
    beforeAll(() => people.launch());
    afterAll(() => people.close());
    tests(people);
  });
}

/** Goes to a page; types the name where the provider asks for it. */
export async function logIn(tab: Page, url: string, name: string): Promise<void> {
  await tab.goto(url);
  await enterName(tab, name);
}

export async function enterName(tab: Page, name: string): Promise<void> {
  await tab.locator("input[name=login]").fill(name);
  await tab.locator("input[name=password]").fill("any");
  await tab.locator("button[type=submit]").click();
}

/** The heading of the page, once it is one of this program. */
export const heading = (tab: Page, name: string | RegExp) => tab.getByRole("heading", { level: 1, name }).waitFor();
