import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { planLines } from "../../build/src/approval/terminal/layout.js";
import { findWaiting, sendDecision, showPlan } from "../../build/src/approval/terminal/waiting-questions.js";
import { startAssistant } from "../pictures/assistant.js";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const locales = { en: "en_US.UTF-8", "zh-CN": "zh_CN.UTF-8" };

/** A faster answer is not taken for a person's; milliseconds. */
const READING_TIME = 400;

/** A person using one language, with every way of being asked. */
export class Desk {
  home = mkdtempSync(join(tmpdir(), "cloudcert-plans-"));
  #forms = [];
  #approves = false;
  #stderr = "";

  /** @param byToken whether the host asks, with the plan from the reply */
  static async open(language, byToken) {
    const desk = new Desk();
    desk.language = language;
    // Not UTC, like most people's time zone.
    desk.env = { LANG: locales[language], TZ: "Asia/Shanghai", XDG_RUNTIME_DIR: desk.home };
    const flags = ["--allow-purchases", "--files", desk.home, "--sandbox-speed", "60"];
    desk.byToken = byToken;
    desk.assistant = byToken
      ? await startAssistant([...flags, "--approve", "token", "--token-for-destructive"], undefined, desk.env)
      : await startAssistant(flags, (question) => desk.#answer(question), desk.env);
    desk.assistant.stderr.on("data", (chunk) => {
      desk.#stderr += chunk;
    });
    return desk;
  }

  /** A form that is declined at once does not count as seen, so page and terminal are offered, too. */
  async #answer({ message }) {
    this.#forms.push(message);
    if (!this.#approves) return { action: "decline" };
    await setTimeout(READING_TIME);
    const confirm = /^(?:To approve, type |如要批准，请输入 )(.+?)[.。]$/m.exec(message)?.[1];
    return { action: "accept", content: { approve: true, ...(confirm && { confirm }) } };
  }

  /** Makes the calls that come before the plan. */
  async before(name, args) {
    if (this.byToken) {
      const { approval } = await this.assistant.call(name, args);
      return this.assistant.call(name, { ...args, approval: approval.token });
    }
    this.#approves = true;
    const result = await this.assistant.call(name, args);
    this.#approves = false;
    return result;
  }

  /** Reads what the plan's arguments need. */
  read(name, args) {
    return this.assistant.call(name, args);
  }

  /** @returns what the person is shown, by way of asking */
  async ask(name, args) {
    if (this.byToken) {
      const { plan } = (await this.assistant.call(name, args)).approval;
      return { host: `${JSON.stringify(plan, undefined, 1)}\n` };
    }
    this.#forms = [];
    const called = this.assistant.client.callTool({ name, arguments: args });
    const waiting = await Promise.race([this.#waiting(), called]);
    if (waiting.socket === undefined) throw new Error(`${name} was not asked: ${JSON.stringify(waiting)}`);
    const { plan } = await showPlan(waiting, this.language);
    const link = [...this.#stderr.matchAll(/waits for approval: (http\S+)/g)].at(-1)?.[1];
    const page = await fetch(link, { headers: { "Accept-Language": this.language } });
    const texts = {
      form: `${this.#forms.at(-1)}\n`,
      page: textOf(await page.text()),
      terminal: `${planLines(plan, { width: 100, paint: (_, text) => text }).join("\n")}\n`,
    };
    await sendDecision(waiting.socket, { planId: plan.id, approve: false });
    await called;
    const audit = execFileSync(process.execPath, [cli, "audit", "show", "--sandbox"], {
      env: { ...this.env, HOME: this.assistant.home },
      encoding: "utf8",
    });
    return { ...texts, audit: `${audit.trim().split("\n\n").at(-1)}\n` };
  }

  async #waiting() {
    for (;;) {
      const { waiting } = await findWaiting([join(this.home, "cloudcert-mcp")], this.language);
      if (waiting[0] !== undefined) return waiting[0];
      await setTimeout(50);
    }
  }

  async close() {
    await this.assistant.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** As read from top to bottom. */
function textOf(page) {
  return page
    .replace(/<style>[\s\S]*?<\/style>|<span class="label"[\s\S]*?<\/span>/g, "")
    .replace(/<\/(?:th|td|dt|button)>|<span class="muted">/g, " | ")
    .replace(/<\/(?:h1|h2|p|li|tr|dd|div|summary|title)>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name])
    .replace(/[ |]+\n/g, "\n")
    .replace(/\n{2,}/g, "\n");
}
