import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AccessRules } from "../../access/rules.js";
import { decisionForm } from "../../approval/page/form.js";
import type { Markup } from "../../approval/page/markup.js";
import { approvalCounts, shownDigest, TeamDecisions } from "../../approval/team/decisions.js";
import type { TeamQuestion } from "../../approval/team/question.js";
import type { Questions } from "../../approval/team/questions.js";
import { messageOf } from "../../lib/failure.js";
import { KeyedMutex } from "../../lib/keyed-mutex.js";
import { type Language, languageAccepted, languages } from "../../lib/language.js";
import { type ContentFault, UnfitContent } from "../../secrets/references/refuse.js";
import { pathWithoutQuery } from "../host-and-origin.js";
import { checkOwnForm, ForeignRequest, formToken, guardPage, isFormToken, ownPath } from "./csrf.js";
import { ClientRefused, callbackPath, loggedOutPath, PageLogin, type PageLoginOptions } from "./login.js";
import { canDecide, listPage, pageNotice, questionPage, uploadedPage, uploadPage, type Viewer } from "./page-html.js";
import { type PageRecords, type PageSession, PageSessions, pageTimes } from "./page-sessions.js";
import type { PageNotice } from "./page-texts.js";
import type { PendingLogins } from "./pending-logins.js";
import { storeUpload, type Uploads } from "./upload.js";

interface PagesOptions {
  /** The address of this server as browsers know it. */
  readonly origin: URL;
  readonly login: Pick<PageLogin, "begin" | "finish" | "logoutUrl" | "logoutOrigin">;
  readonly sessions: PageSessions;
  readonly logins: PendingLogins;
  readonly decisions: TeamDecisions;
  /** Absent where nothing can be uploaded. */
  readonly uploads?: Uploads | undefined;
  /** The pages' language; if absent, the one that the browser asks for. */
  readonly language?: Language | undefined;
  /** Counts a request of a person. @returns the seconds until the next is accepted, if there were too many */
  readonly limited: (request: FastifyRequest, whose: string) => Promise<number | undefined>;
  readonly log: (line: string) => void;
}

/** What the team's pages need of the server. */
interface OpenPagesOptions
  extends PageLoginOptions,
    Pick<PagesOptions, "logins" | "uploads" | "language" | "limited" | "log"> {
  readonly questions: Questions;
  readonly records: PageRecords;
  readonly rules: Pick<AccessRules, "known">;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Of whoever has logged in on the pages. */
    pageSession: PageSession | undefined;
  }
}

/** Largest file: a chain with its key has some 20 KB. In bytes. */
const MAX_FILE_SIZE = 256 * 1024;

const idOf = z.object({ id: z.string().regex(/^[\w-]{22}$/) });

/** Serves the team's pages. */
export async function openPages(app: FastifyInstance, options: OpenPagesOptions): Promise<void> {
  const { questions, records, rules, ...forPages } = options;
  await app.register(servePages, {
    ...forPages,
    login: new PageLogin(options),
    sessions: new PageSessions(records),
    decisions: new TeamDecisions(questions, rules),
  });
}

/** The team's pages, behind a login: questions, deciding, uploading. Registered in a scope of their own. */
export async function servePages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: 4_096 });
  await app.register(multipart, {
    limits: { fileSize: MAX_FILE_SIZE, files: 1, fields: 4, fieldSize: 1_024, parts: 5 },
  });
  const pages = new Pages(options);
  app.decorateRequest("pageSession", undefined);
  app.addHook("onRequest", async (request, reply) => {
    const session = await options.sessions.find(request.cookies[pages.sessionCookie]);
    if (session === undefined) return undefined;
    const person = options.decisions.known(session.person);
    request.pageSession = { ...session, person };
    const seconds = await options.limited(request, `person ${person.id}`);
    if (seconds === undefined) return undefined;
    return pages.notice(request, reply.header("retry-after", String(seconds)), 429, "too many");
  });
  app.setErrorHandler((error, request, reply) => pages.failed(error, request, reply));
  app.get("/", async (_request, reply) => reply.redirect("/approvals", 302));
  app.get("/approvals", pages.list);
  app.get("/approvals/:id", pages.show);
  app.post("/approvals/:id", pages.decide);
  app.get("/upload", pages.uploadForm);
  app.post("/upload", pages.upload);
  app.get("/login", (request, reply) => pages.login(request, reply));
  app.get(callbackPath, (request, reply) => pages.loggedIn(request, reply));
  app.post("/logout", (request, reply) => pages.logout(request, reply));
  app.get(loggedOutPath, (request, reply) => pages.notice(request, reply, 200, "logged out"));
}

/** A request of somebody who has logged in. */
interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: PageSession;
}

class Pages {
  readonly #options: PagesOptions;
  /** Browsers enforce what the prefix says: TLS, this host only, path / (RFC 6265bis, 4.1.3.2). */
  readonly #prefix: string;
  /** One of a person at a time: opening an encrypted key is much work. */
  readonly #uploading = new KeyedMutex();

  constructor(options: PagesOptions) {
    this.#options = options;
    this.#prefix = options.origin.protocol === "https:" ? "__Host-" : "";
  }

  readonly list = this.#page(async (visit) => {
    const questions = await this.#options.decisions.questionsOf(visit.session.person);
    return this.#send(visit.reply, 200, listPage(questions, this.#viewer(visit)));
  });

  readonly show = this.#page(async (visit) => {
    const question = await this.#question(visit);
    if (question === undefined) return this.notice(visit.request, visit.reply, 404, "unknown");
    return this.#showQuestion(visit, question, 200);
  });

  readonly decide = this.#form(async (visit) => {
    const { request, reply, session } = visit;
    const question = await this.#question(visit);
    if (question === undefined) return this.notice(request, reply, 404, "unknown");
    const form = decisionForm.safeParse(request.body);
    const shown = languages
      .map((language) => shownDigest(question, language))
      .find((words) => isFormToken(session, decidePurpose(question, words), form.data?.csrfToken));
    if (!form.success || shown === undefined) return this.notice(request, reply, 403, "refused");
    const { decision, typed } = form.data;
    const answered = await this.#options.decisions.answer(question.id, session.person, {
      approve: decision === "approve",
      typed,
      shown,
      loggedInAgain: await this.#options.sessions.hasLoggedInAgain(session),
    });
    if (answered.counted) return reply.redirect(`/approvals/${question.id}`, 303);
    if (answered.why === "over" || answered.why === "answered before") return this.notice(request, reply, 409, "over");
    if (answered.why === "unknown") return this.notice(request, reply, 404, "unknown");
    return this.#showQuestion(visit, question, 403);
  });

  readonly uploadForm = this.#page((visit) => this.#showUpload(visit, 200));

  readonly upload = this.#form(async (visit) => {
    const { request, reply, session } = visit;
    const { uploads } = this.#options;
    const fields = new Map<string, string>();
    let file: Buffer | undefined;
    for await (const part of request.parts()) {
      if (part.type === "file") file = await part.toBuffer();
      else if (typeof part.value === "string") fields.set(part.fieldname, part.value);
    }
    const account = uploads?.accountsOf(session.person).find((name) => name === fields.get("account"));
    const isOurs = isFormToken(session, "upload", fields.get("csrfToken"));
    if (uploads === undefined || account === undefined || !isOurs || file === undefined)
      return this.notice(request, reply, 403, "refused");
    try {
      const keep: Parameters<typeof storeUpload>[2] = (entry) => uploads.keep(session.person, account, entry);
      const [bytes, password] = [file, fields.get("password")];
      const stored = await this.#uploading.take(session.person.id, () => storeUpload(bytes, password, keep));
      return this.#send(reply, 200, uploadedPage(stored, this.#viewer(visit)));
    } catch (error) {
      if (!(error instanceof UnfitContent)) throw error;
      return this.#showUpload(visit, 422, error.fault);
    }
  });

  async login(request: FastifyRequest, reply: FastifyReply) {
    const { to, again } = z
      .object({ to: z.string().optional().catch(undefined), again: z.string().optional().catch(undefined) })
      .parse(request.query);
    return this.#toProvider(request, reply, ownPath(to), again === "1");
  }

  async loggedIn(request: FastifyRequest, reply: FastifyReply) {
    const { sessions, logins, login, log } = this.#options;
    const begun = logins.open(request.cookies[this.#loginCookie]);
    this.#clear(reply, this.#loginCookie);
    if (begun === undefined) return this.notice(request, reply, 400, "not logged in");
    try {
      const [, query = ""] = request.url.split("?", 2);
      const { person, idToken } = await login.finish(query, begun);
      if (!(await logins.isFirst(begun))) throw new Error("the provider takes an answer twice");
      await sessions.end(request.cookies[this.sessionCookie]);
      const value = await sessions.open(person, idToken, begun.again);
      this.#set(reply, this.sessionCookie, value, pageTimes.session);
      return reply.redirect(ownPath(begun.to), 303);
    } catch (error) {
      // What the provider says is not repeated to whoever sent this.
      log(`a login was not completed: ${messageOf(error)}`);
      if (error instanceof ClientRefused) return this.notice(request, reply, 503, "unavailable");
      return this.notice(request, reply, 400, "not logged in");
    }
  }

  async logout(request: FastifyRequest, reply: FastifyReply) {
    checkOwnForm(request, this.#options.origin);
    const { pageSession: session } = request;
    if (session === undefined) return reply.redirect(loggedOutPath, 303);
    const form = z.object({ csrfToken: z.string() }).safeParse(request.body);
    if (!isFormToken(session, "logout", form.data?.csrfToken)) return this.notice(request, reply, 403, "refused");
    await this.#options.sessions.end(request.cookies[this.sessionCookie]);
    this.#clear(reply, this.sessionCookie);
    const elsewhere = await this.#options.login.logoutUrl(session.idToken).catch(() => undefined);
    return reply.redirect(elsewhere?.href ?? loggedOutPath, 303);
  }

  notice(request: FastifyRequest, reply: FastifyReply, status: number, notice: PageNotice) {
    return this.#send(reply, status, pageNotice(notice, this.#language(request)));
  }

  failed(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    if (error instanceof ForeignRequest) return this.notice(request, reply, 403, "refused");
    const status = z.object({ statusCode: z.number().min(400).max(499) }).safeParse(error);
    if (status.success) return this.notice(request, reply, status.data.statusCode, "refused");
    this.#options.log(`a page failed: ${messageOf(error)}`);
    // Only the operator learns what failed. Whether a form took effect before the failure is unknown.
    return this.notice(request, reply, 503, request.method === "POST" ? "unsure" : "failed");
  }

  /** Reading a page leads whoever has not logged in through a login to it. */
  #page(show: (visit: Visit) => Promise<unknown>) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const { pageSession: session } = request;
      if (session !== undefined) return show({ request, reply, session });
      return this.#toProvider(request, reply, ownPath(pathWithoutQuery(request)), false);
    };
  }

  /** A form does nothing for whoever has not logged in, or sends it from elsewhere. */
  #form(answer: (visit: Visit) => Promise<unknown>) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      checkOwnForm(request, this.#options.origin);
      const { pageSession: session } = request;
      if (session === undefined) return this.notice(request, reply, 401, "not logged in");
      return answer({ request, reply, session });
    };
  }

  async #showQuestion(visit: Visit, question: TeamQuestion, status: number) {
    const { reply, session } = visit;
    const { person } = session;
    const viewer = this.#viewer(visit);
    const canAnswer = question.state === "open" && canDecide(question, person);
    const mayApprove = typeof approvalCounts(question, person) !== "string";
    const again = mayApprove && question.loginAgain && !(await this.#options.sessions.hasLoggedInAgain(session));
    const purpose = decidePurpose(question, shownDigest(question, viewer.language));
    const form = !canAnswer
      ? undefined
      : again
        ? { loginAgain: `/login?again=1&to=/approvals/${question.id}` }
        : { token: formToken(session, purpose), mayApprove };
    return this.#send(reply, status, questionPage(question, viewer, form));
  }

  async #showUpload(visit: Visit, status: number, fault?: ContentFault) {
    const { request, reply, session } = visit;
    const accounts = this.#options.uploads?.accountsOf(session.person) ?? [];
    if (accounts.length === 0) return this.notice(request, reply, 404, "unknown");
    const page = uploadPage(accounts, formToken(session, "upload"), this.#viewer(visit), fault);
    return this.#send(reply, status, page);
  }

  async #question({ request, session }: Visit): Promise<TeamQuestion | undefined> {
    const parsed = idOf.safeParse(request.params);
    return parsed.success ? this.#options.decisions.question(parsed.data.id, session.person) : undefined;
  }

  async #toProvider(request: FastifyRequest, reply: FastifyReply, to: string, again: boolean) {
    const { login, logins, log } = this.#options;
    try {
      const begun = await login.begin(to, again);
      this.#set(reply, this.#loginCookie, logins.seal(begun.login), pageTimes.login);
      return guardPage(reply).redirect(begun.url.href, 302);
    } catch (error) {
      log(`no login is possible: ${messageOf(error)}`);
      return this.notice(request, reply, 503, "unavailable");
    }
  }

  async #send(reply: FastifyReply, status: number, page: Markup) {
    const logoutOrigin = await this.#options.login.logoutOrigin().catch(() => undefined);
    return guardPage(reply, logoutOrigin).code(status).type("text/html; charset=utf-8").send(page.text);
  }

  #viewer({ request, session }: Visit): Viewer {
    return {
      language: this.#language(request),
      person: session.person,
      logoutToken: formToken(session, "logout"),
      uploads: (this.#options.uploads?.accountsOf(session.person).length ?? 0) > 0,
    };
  }

  #language({ headers }: FastifyRequest): Language {
    return this.#options.language ?? languageAccepted(headers["accept-language"]);
  }

  get sessionCookie(): string {
    return `${this.#prefix}cloudcert`;
  }

  get #loginCookie(): string {
    return `${this.#prefix}cloudcert-login`;
  }

  get #attributes() {
    return { path: "/", httpOnly: true, secure: this.#prefix !== "", sameSite: "lax" } as const;
  }

  #set(reply: FastifyReply, name: string, value: string, lasts: number): void {
    reply.setCookie(name, value, { ...this.#attributes, maxAge: lasts / 1_000 });
  }

  #clear(reply: FastifyReply, name: string): void {
    reply.clearCookie(name, this.#attributes);
  }
}

/** A form is good for one question, as it was shown. */
function decidePurpose({ id }: TeamQuestion, shown: string): string {
  return `decide ${id} ${shown}`;
}
