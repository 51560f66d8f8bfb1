import type { FastifyInstance } from "fastify";
import { TeamDesk } from "../../approval/team/desk.js";
import type { Questions } from "../../approval/team/questions.js";
import type { Database } from "../../database/database.js";
import type { Person } from "../../identity/person.js";
import type { Language } from "../../lib/language.js";
import { PageLogin, type PageLoginOptions } from "./login.js";
import { MemoryPageRecords, PageSessions } from "./page-sessions.js";
import { type PagesOptions, servePages } from "./pages.js";
import type { Uploads } from "./upload.js";

/** What the team's pages need of the server. */
export interface OpenPagesOptions extends PageLoginOptions, Pick<PagesOptions, "limited"> {
  readonly questions: Questions;
  /** What servers share; the sessions are in this server's memory if absent. */
  readonly database: Database | undefined;
  readonly uploads: Uploads;
  /** The person as the rules know them, by whichever way they came. */
  readonly known: (person: Person) => Person;
  readonly language: Language | undefined;
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

/** Serves the team's pages. */
export async function openPages(app: FastifyInstance, options: OpenPagesOptions): Promise<void> {
  const { questions, database, uploads, known, language, origin, limited, now, log } = options;
  await app.register(servePages, {
    origin,
    login: new PageLogin(options),
    sessions: new PageSessions(await recordsOf(database, now)),
    desk: new TeamDesk(questions),
    uploads,
    known,
    language,
    limited,
    log,
  });
}

async function recordsOf(database: Database | undefined, now: () => Date) {
  if (database === undefined) return new MemoryPageRecords(now);
  const { PostgresPageRecords } = await import("../../database/page-records.js");
  return new PostgresPageRecords(database);
}
