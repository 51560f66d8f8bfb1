import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { send } from "../approval/page/support.js";
import { inTerminal } from "../approval/terminal/support.js";
import {
  type Assistant,
  type AssistantOptions,
  cli,
  pointedAt,
  reads,
  startAssistant,
  textOf,
} from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { ofRows, rows, wide } from "../support/width.js";

/** What a person whose computer speaks Chinese is shown, on every way of asking, by a real client of the built server. */

let sandbox: Sandbox;
/** The id of a certificate that nothing uses. */
let mail: string;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20_000 });
  mail = idOf("mail");
});
afterAll(() => sandbox.close());

const rename = () => ["ModifyCertificateAlias", { CertificateId: mail, Alias: "网站 web" }] as const;
const remove = () => ["DeleteCertificate", { CertificateId: mail }] as const;
const shanghai = { LANG: "zh_CN.UTF-8", TZ: "Asia/Shanghai" };

/** A server on this sandbox with a home of its own. */
async function serve(flags: readonly string[], env: Record<string, string>, person: AssistantOptions["person"] = null) {
  const home = mkdtempSync(join(tmpdir(), "cc-zh-"));
  const at = pointedAt(sandbox);
  const own = { HOME: home, XDG_RUNTIME_DIR: home };
  const assistant = await startAssistant([...at.args, ...flags], { env: { ...at.env, ...own, ...env }, person });
  return { assistant, own };
}

interface Form {
  readonly message: string;
  readonly requestedSchema: unknown;
  /** The environment of the server. */
  readonly own: Readonly<Record<string, string>>;
}
const forms = new Map<string, Promise<Form>>();

/** The form that the client is given for a deletion of a certificate. */
function formIn(env: Record<string, string>, flags: readonly string[] = []): Promise<Form> {
  const settings = JSON.stringify([env, flags]);
  const form = forms.get(settings) ?? newForm(env, flags);
  forms.set(settings, form);
  return form;
}

async function newForm(env: Record<string, string>, flags: readonly string[]): Promise<Form> {
  const shown: Pick<Form, "message" | "requestedSchema">[] = [];
  const person = reads((question) => {
    if ("requestedSchema" in question) shown.push(question);
    return { action: "decline" };
  });
  const { assistant, own } = await serve(
    ["--approve", "elicit", "--edge-domains", "nothing.invalid", ...flags],
    env,
    person,
  );
  await assistant.call("DeleteCertificate", { CertificateId: idOf("storefront") });
  await assistant.close();
  const [form] = shown;
  if (form === undefined) throw new Error("nobody was asked");
  return { ...form, own };
}

function idOf(alias: string): string {
  const found = [...sandbox.account.ssl.certificates.values()].find((each) => each.alias === alias);
  if (found === undefined) throw new Error(`there is no certificate ${alias}`);
  return found.id;
}

const linkIn = (assistant: Assistant) => assistant.links()[0] ?? "";

describe("the client's form", () => {
  it.each(rows([{ LC_ALL: "zh_CN.UTF-8", LANG: "en_US.UTF-8" }, { LC_MESSAGES: "zh_SG" }, shanghai], 1))(
    "is Chinese where the environment is: %j",
    ofRows,
    async (env) => {
      const { message, requestedSchema } = await formIn(env);
      const id = idOf("storefront");
      expect(message).toMatch(new RegExp(`^永久删除证书 ${id}？ {2}\\n无法撤销。涉及 \\d+ 个对象。 {2}\\n警告：`));
      expect(message).toContain("腾讯云 SSL 证书，账号 ");
      expect(message).toMatch(
        new RegExp(`证书 ${id}（example.com），存在状态：已签发，\\d{4}-\\d\\d-\\d\\d 到期 → 将删除`),
      );
      expect(message).toContain(`如要批准，请输入 ${id}。`);
      expect(JSON.stringify(requestedSchema)).toContain("批准此变更");
    },
  );

  it.each(
    rows(
      [
        { TZ: "Asia/Shanghai" },
        { LANG: "C.UTF-8", TZ: "UTC" },
        { LANG: "de_DE.UTF-8" },
        { LC_ALL: "en_US.UTF-8", LANG: "zh_CN.UTF-8" },
      ],
      1,
    ),
  )("is English elsewhere: %j", ofRows, async (env) =>
    expect((await formIn(env)).message).toMatch(/^Delete certificate \w+ for good\? {2}\nCannot be undone\. /),
  );

  it("follows the setting before the environment", wide, async () => {
    expect((await formIn(shanghai, ["--language", "en"])).message).toMatch(/^Delete/);
    expect((await formIn({ CLOUDCERT_LANGUAGE: "zh-CN" })).message).toMatch(/^永久删除/);
    expect((await formIn(shanghai, ["--language", "auto"])).message).toMatch(/^永久删除/);
  });

  it("tells times in the person's zone, with UTC beside", wide, async () => {
    const ends = sandbox.account.ssl.certificates.get(idOf("storefront"))?.material?.parsed.notAfter ?? new Date(0);
    const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");
    const utc = minute(ends.getTime());
    const here = minute(ends.getTime() + 8 * 3600_000);
    expect((await formIn(shanghai)).message).toContain(`到期时间：${here} (UTC+8; ${utc} UTC)，还有 `);
    expect((await formIn({ TZ: "Asia/Shanghai" })).message).toContain(`expires: ${here} (UTC+8; ${utc} UTC), `);
    for (const TZ of ["UTC", "", "CST-8"])
      expect((await formIn({ LANG: "C.UTF-8", TZ })).message).toContain(`expires: ${utc} UTC, `);
  });
});

describe("the page", () => {
  async function page(
    headers: Record<string, string>,
    env: Record<string, string> = {},
    flags: readonly string[] = [],
  ) {
    const { assistant } = await serve(["--approve", "page", ...flags], env);
    let called: Promise<unknown> | undefined;
    const { body } = await new Promise<Awaited<ReturnType<typeof send>>>((resolve) => {
      called = assistant.call(...rename(), () => resolve(send(linkIn(assistant), { headers })));
    });
    const closed = called?.catch(() => {});
    await assistant.close();
    await closed;
    return body;
  }

  it("is in the browser's language, frame and plan alike", wide, async () => {
    const chinese = await page({ "Accept-Language": "zh-CN,zh;q=0.9" });
    for (const text of [`将证书 ${mail} 的备注改为`, "修改记录或订单，不影响线上流量。", "备注", "批准", "腾讯云"]) {
      expect(chinese).toContain(text);
    }
    expect(chinese).not.toContain('lang="en"');
    expect(await page({ "Accept-Language": "en" }, shanghai)).toContain(`Rename certificate ${mail} to`);
  });

  it("follows the setting before the browser", wide, async () => {
    expect(await page({ "Accept-Language": "en" }, {}, ["--language", "zh-CN"])).toContain(`将证书 ${mail} 的备注改为`);
  });
});

describe("the terminal", () => {
  it("is in the language of the terminal, up to the code", wide, async () => {
    const { assistant, own } = await serve(["--approve", "terminal"], {});
    const terminal = inTerminal(`${process.execPath} ${cli} approve`, { ...own, LANG: "zh_CN.UTF-8" });
    await terminal.until("没有待审批的请求");
    const called = assistant.call(...rename());
    await terminal.until(`将证书 ${mail} 的备注改为`);
    await terminal.until("修改记录或订单，不影响线上流量。");
    await terminal.until("涉及 1 个对象。");
    await terminal.until("批准吗？");
    await terminal.answer("y\r");
    await terminal.until("验证码 ");
    const code = (await terminal.until(" ")).trim();
    await terminal.until("如要批准，请输入验证码");
    await terminal.answer(`${code}\r`);
    await terminal.until("已批准。");
    expect((await called).isError).not.toBe(true);
    await assistant.close();
  });
});

describe("the audit log", () => {
  it("is shown in either language", wide, async () => {
    const { own } = await formIn(shanghai);
    const id = idOf("storefront");
    const show = async (env: Record<string, string>) => (await runCommand(["audit", "show"], { ...own, ...env })).out;
    const [chinese, english] = await Promise.all([show(shanghai), show({ LANG: "en_US.UTF-8" })]);
    expect(chinese).toContain(`审批事项   永久删除证书 ${id}？`);
    expect(chinese).toContain("决定       已拒绝（elicit，用时 ");
    expect(chinese).toContain("请求       未发送");
    expect(english).toContain(`Question   Delete certificate ${id} for good?`);
    expect(english).toContain("Decision   declined (elicit, after ");
  });
});

describe("a host that asks by itself", () => {
  it("gets the plan in the person's language, and the model its own words in English", wide, async () => {
    const { assistant } = await serve(["--approve", "token", "--token-for-destructive"], shanghai);
    const text = textOf(await assistant.call(...remove()));
    expect(text).toContain(`永久删除证书 ${mail}？`);
    expect(text).toContain("Show the person the plan.");
    await assistant.close();
  });
});
