import type { FastifyInstance } from "fastify";
import type { AccessRules } from "../../access/rules.js";
import { TeamDecisions } from "../../approval/team/decisions.js";
import type { Questions } from "../../approval/team/questions.js";
import { PageLogin, type PageLoginOptions } from "./login.js";
import { type PageRecords, PageSessions } from "./page-sessions.js";
import { type PagesOptions, servePages } from "./routes.js";

/** What the team's pages need of the server. */
export interface OpenPagesOptions
  extends PageLoginOptions,
    Pick<PagesOptions, "logins" | "uploads" | "language" | "limited" | "log"> {
  readonly questions: Questions;
  readonly records: PageRecords;
  readonly rules: Pick<AccessRules, "known">;
}

/** Serves the team's pages. */
export async function openPages(app: FastifyInstance, options: OpenPagesOptions): Promise<void> {
  const { questions, records, rules, ...forPages } = options;
  await app.register(servePages, {
    ...forPages,
    login: new PageLogin(options),
    sessions: new PageSessions(records),
    desk: new TeamDecisions(questions, rules),
  });
}
