import type { FastifyInstance } from "fastify";
import type { AccessRules } from "../../access/rules.js";
import { TeamDecisions } from "../../approval/team/decisions.js";
import type { Questions } from "../../approval/team/questions.js";
import type { Language } from "../../lib/language.js";
import { PageLogin, type PageLoginOptions } from "./login.js";
import { type PageRecords, PageSessions } from "./page-sessions.js";
import { type PagesOptions, servePages } from "./pages.js";
import type { PendingLogins } from "./pending-logins.js";
import type { Uploads } from "./upload.js";

/** What the team's pages need of the server. */
export interface OpenPagesOptions extends PageLoginOptions, Pick<PagesOptions, "limited"> {
  readonly questions: Questions;
  readonly records: PageRecords;
  readonly logins: PendingLogins;
  readonly uploads: Uploads;
  readonly rules: Pick<AccessRules, "known">;
  readonly language: Language | undefined;
  readonly log: (line: string) => void;
}

/** Serves the team's pages. */
export async function openPages(app: FastifyInstance, options: OpenPagesOptions): Promise<void> {
  const { questions, records, logins, uploads, rules, language, origin, limited, log } = options;
  await app.register(servePages, {
    origin,
    login: new PageLogin(options),
    sessions: new PageSessions(records),
    logins,
    desk: new TeamDecisions(questions, rules),
    uploads,
    language,
    limited,
    log,
  });
}
