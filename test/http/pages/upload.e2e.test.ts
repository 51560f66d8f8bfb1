import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { sm2EnvelopedKey } from "../../certificates/encrypted-keys.js";
import { describeWithBrowsers, heading, logIn, TeamSite } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "cloudcert-upload-"));
const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
const bytesOf = (name: string) => readFileSync(join(folder, name));
const newKey = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const key = newKey();
writeFileSync(join(folder, "site.key"), key);
openssl("req", "-x509", "-key", "site.key", "-out", "site.crt", "-subj", "/CN=shop.example.com", "-days", "30");
const certificate = bytesOf("site.crt").toString();
openssl(..."pkcs12 -export -inkey site.key -in site.crt -out site.pfx -passout pass:old".split(" "));
openssl(..."pkcs8 -topk8 -in site.key -v2 aes256 -passout pass:right -out locked.key".split(" "));
const legacy = "-provider legacy -provider default";
openssl(...`pkcs8 -topk8 -in site.key -v2 rc2 ${legacy} -passout pass:right -out rc2.key`.split(" "));
openssl(..."crl2pkcs7 -nocrl -certfile site.crt -out chain.p7b".split(" "));
openssl(..."req -new -key site.key -subj /CN=shop.example.com -out site.csr".split(" "));
openssl(..."pkcs8 -topk8 -in site.key -v2 aes256 -iter 9000000 -passout pass:right -out slow.key".split(" "));

describeWithBrowsers("uploading on the team's pages", (people) => {
  let site: TeamSite;
  const cookies = new Map<string, string>();
  let csrfToken = "";
  beforeAll(async () => {
    site = await TeamSite.start();
    const tab = await people.browser();
    await logIn(tab, `${site.origin}/upload`, "alice");
    csrfToken = z.string().parse(await tab.locator("form[enctype] input[name=csrfToken]").getAttribute("value"));
    for (const { name, value } of await tab.context().cookies()) cookies.set(name, value);
  });
  afterAll(() => site.close());

  const post = async (file: string | Buffer, language: string, password = "") => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ account: "prod", csrfToken, password })) body.set(name, value);
    body.set("file", new Blob([file]), "site.pem");
    const cookie = [...cookies].map((each) => each.join("=")).join("; ");
    const headers = { cookie, origin: site.origin, "accept-language": language };
    const answer = await fetch(`${site.origin}/upload`, { method: "POST", headers, body });
    const [, alert] = /role="alert">(.*?)<\/section>/s.exec(await answer.text()) ?? [];
    return { status: answer.status, alert: alert?.replace(/<[^>]*>/g, "").replaceAll("&quot;", '"') ?? "" };
  };

  it("stores it in the person's own vault and shows its reference alone", async () => {
    const before = site.kept.length;
    const tab = await people.browser();
    await logIn(tab, `${site.origin}/upload`, "alice");
    await tab
      .getByLabel("File in PEM or DER")
      .setInputFiles({ name: "site.key", mimeType: "text/plain", buffer: Buffer.from(key) });
    await tab.getByRole("button", { name: "Upload" }).click();
    await heading(tab, "Uploaded");
    expect(await tab.locator("code").allTextContents()).toEqual([`vault:upload-${before + 1}`]);
    expect(site.kept.slice(before)).toMatchObject([
      { person: { name: "Alice" }, account: "prod", entry: { content: "private key", text: key } },
    ]);
    expect(await tab.content()).not.toContain(key.split("\n")[1] ?? "no line");
  });

  it.each([
    ["en", "en-US", "PKCS#12 (PFX), which cannot be uploaded as it is", "Upload", "Uploaded"],
    ["zh-CN", "zh-CN", "PKCS#12（PFX）文件，不能直接上传", "上传", "已上传"],
  ])(
    "of a PFX says in %s how to convert it; what comes of the command is taken",
    async (_, locale, says, send, done) => {
      const before = site.kept.length;
      const tab = await people.browser({ locale });
      await logIn(tab, `${site.origin}/upload`, "alice");
      await tab.locator("input[type=file]").setInputFiles(join(folder, "site.pfx"));
      await tab.getByRole("button", { name: send, exact: true }).click();
      const alert = tab.getByRole("alert");
      await alert.getByText(says).waitFor();
      const directory = process.env.PICTURES;
      if (directory !== undefined)
        await tab.screenshot({ path: join(directory, `upload-${locale}.png`), fullPage: true });
      const command = await alert.locator("code").innerText();
      openssl(
        ...command
          .replace(/^openssl /, "")
          .replace("FILE", "site.pfx")
          .split(" "),
        ..."-passin pass:old -passout pass:fresh".split(" "),
      );
      expect(site.kept).toHaveLength(before);
      await tab.locator("input[type=file]").setInputFiles(join(folder, "site.pem"));
      await tab.locator("input[type=password]").fill("fresh");
      await tab.getByRole("button", { name: send, exact: true }).click();
      await heading(tab, done);
      expect(site.kept.slice(before).map(({ entry }) => entry.content)).toEqual(["private key", "certificate"]);
    },
  );

  /** What is uploaded, and what the page says of it in English and in Chinese. */
  const unfit: readonly (readonly [what: string, file: () => string | Buffer, english: string, chinese: string])[] = [
    ["nothing to recognize", () => "hello", "neither a private key nor a certificate", "没有可按 PEM 或 DER 读取的"],
    ["a CSR", () => bytesOf("site.csr"), "It holds: CERTIFICATE REQUEST.", "文件内容为：CERTIFICATE REQUEST。"],
    ["a key with a wrong password", () => bytesOf("locked.key"), "does not open", "无法用该密码打开"],
    ["a key with too many rounds", () => bytesOf("slow.key"), "is not accepted", "不接受此私钥"],
    ["a key cut off", () => key.slice(0, 60), "its END line is missing", "缺少 END 行"],
    ["a damaged chain", () => key + certificate.replace("MII", "M!I"), 'character 2 is "!"', '第 2 个字符是 "!"'],
    ["two keys", () => key + newKey(), "holds 2 private keys", "有 2 个私钥"],
    ["a long chain", () => key + manyCertificates(), "holds 11 certificates", "有 11 张证书"],
    ["a PKCS#7", () => bytesOf("chain.p7b"), "openssl pkcs7 -print_certs", "之后上传 chain.pem"],
    ["a key encrypted with RC2", () => bytesOf("rc2.key"), "openssl pkey -provider legacy", "使用 RC2 加密的私钥"],
    ["an SM2 enveloped key", () => sm2EnvelopedKey(), "signing key of the same pair", "同一密钥对的签名私钥"],
    ["a keystore in base64", () => keystoreInBase64, "base64 -d FILE", "Java 密钥库（base64 编码）"],
    ["an OpenSSH key", () => opensshKey, "ssh-keygen -p", "OpenSSH 私钥"],
    ["a Java keystore", () => Buffer.from("feedfeed00000002", "hex"), "keytool -importkeystore", "Java 密钥库"],
    ["a Kubernetes Secret", () => "kind: Secret\ndata:\n  tls.crt: x", "one after the other", "依次上传"],
    ["a ZIP file of a console", () => Buffer.from("504b0304140000000800", "hex"), "unzip FILE -d site", "压缩包"],
    ["a PuTTY key", () => "PuTTY-User-Key-File-3: ssh-rsa", "puttygen FILE", "PuTTY 私钥"],
    ["a file of SOPS", () => "key: ENC[AES256_GCM,data:x]", "sops decrypt FILE", "SOPS 加密文件"],
    ["an ACME account's key", () => '{"kty":"EC","d":"x"}', "is privkey.pem", "ACME 账户密钥"],
  ];
  it.each(unfit)("of %s stores nothing, and says why in the page's language", async (_, file, english, chinese) => {
    const before = site.kept.length;
    const told = await post(file(), "en", "wrong");
    expect(told).toMatchObject({ status: 422, alert: expect.stringContaining(english) });
    expect(told.alert).not.toMatch(/\p{Script=Han}/u);
    const toldInChinese = await post(file(), "zh-CN", "wrong");
    expect(toldInChinese).toMatchObject({ status: 422, alert: expect.stringContaining(chinese) });
    // Commands, file names and labels are the same in both.
    expect(toldInChinese.alert).not.toMatch(/\b(the|is|it|holds|then|which|upload)\b/i);
    expect(site.kept).toHaveLength(before);
  });

  it("of an encrypted key asks for its password", async () => {
    expect((await post(bytesOf("locked.key"), "en")).alert).toContain("enter the password of the key");
    expect((await post(bytesOf("locked.key"), "zh-CN")).alert).toContain("请重新选择文件，并填写私钥密码");
    expect((await post(bytesOf("locked.key"), "en", "right")).status).toBe(200);
  });
});

const keystoreInBase64 = Buffer.concat([Buffer.from("feedfeed00000002", "hex"), Buffer.alloc(64)]).toString("base64");
const opensshKey = `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from("openssh-key-v1").toString("base64")}\n-----END OPENSSH PRIVATE KEY-----\n`;

function manyCertificates(): string {
  return Array.from({ length: 11 }, (_, index) => {
    openssl(
      "req",
      "-x509",
      "-key",
      "site.key",
      "-out",
      "one.crt",
      "-subj",
      `/CN=ca${index}.example.com`,
      "-days",
      "30",
    );
    return bytesOf("one.crt").toString();
  }).join("");
}
