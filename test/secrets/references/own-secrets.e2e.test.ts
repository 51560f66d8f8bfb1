import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textOf } from "../../support/assistant.js";
import { sampleChanges } from "../../support/sample-calls.js";
import { refused, type ScriptedCloud, startScriptedCloud, tencent } from "../../support/scripted-cloud.js";

/**
 * A call names one of the server's own secrets as the password that it sends: by a variable, a file, a link or a copy, of
 * its own account or of another. A person would approve it: the question shows only the reference.
 */

const secrets = {
  CLOUDKEY_SHOP_ID: "AKIDshopxxxxxxxxxxxxxx",
  CLOUDKEY_SHOP_KEY: "shop-secret-key-0123456789ab",
  CLOUDKEY_BLOG_ID: "AKIDblogxxxxxxxxxxxxxx",
  CLOUDKEY_BLOG_KEY: "blog-secret-key-9876543210zy",
  CLOUDKEY_BLOG_TOKEN: "blog-token-555555555555555555",
  CLOUDKEY_ROLE_KEY: "role-secret-key-24680135790xy",
  CLOUDKEY_HOOK: "https://hooks.slack.com/services/T0000000/B0000000/uYd8TqK3vXw5ZrB7nPcE2mLs",
};
const inFile = "file-secret-key-1122334455667788";
const rotated = "next-secret-key-8877665544332211";

/** Copies as Windows and Kubernetes write them. */
function otherWritings(secret: string): Readonly<Record<string, Buffer>> {
  const wide = Buffer.from(`\ufeff${secret}\r\n`, "utf16le");
  return {
    "utf16le.txt": wide,
    "utf16be.txt": Buffer.from(wide).swap16(),
    "no-mark.txt": Buffer.from(secret, "utf16le"),
    "base64.txt": Buffer.from(Buffer.from(secret).toString("base64")),
    "url.txt": Buffer.from(secret.replace(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`)),
  };
}

let folder: string;
let cloud: ScriptedCloud;
let sent = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cc-own-"));
  const files = join(folder, "files");
  mkdirSync(files);
  const put = (name: string, text: string) => writeFileSync(join(files, name), text, { mode: 0o600 });
  put("cloud.key", `${inFile}\n`);
  linkSync(join(files, "cloud.key"), join(files, "link.txt"));
  put("copy.txt", inFile);
  put("copy-of-variable.txt", secrets.CLOUDKEY_BLOG_KEY);
  for (const [name, bytes] of Object.entries(otherWritings(secrets.CLOUDKEY_BLOG_KEY)))
    writeFileSync(join(files, name), bytes, { mode: 0o600 });
  put("password.txt", "correct horse battery staple\n");
  writeFileSync(
    join(folder, "accounts.yaml"),
    `accounts:
  shop:
    tencent: { secret_id: env:CLOUDKEY_SHOP_ID, secret_key: env:CLOUDKEY_SHOP_KEY }
  blog:
    tencent: { secret_id: env:CLOUDKEY_BLOG_ID, secret_key: env:CLOUDKEY_BLOG_KEY, token: env:CLOUDKEY_BLOG_TOKEN }
  held:
    tencent: { secret_id: env:CLOUDKEY_SHOP_ID, secret_key: "file:${join(files, "cloud.key")}" }
  role:
    tencent:
      secret_id: env:CLOUDKEY_SHOP_ID
      secret_key: env:CLOUDKEY_ROLE_KEY
      role: { arn: "qcs::cam::uin/100000000001:roleName/certs" }
`,
  );
  cloud = await startScriptedCloud(
    ["--accounts", join(folder, "accounts.yaml"), "--files", files, "--notify", "slack=env:CLOUDKEY_HOOK"],
    { env: { ...secrets, CLOUDKEY_COPY: inFile, CLOUDKEY_PASSWORD: "correct horse battery staple" } },
  );
  cloud.answers((_, body) => {
    sent += body;
    return tencent({ CSRId: 4 });
  });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const createCsr = (KeyPassword: string) =>
  cloud.assistant.call("CreateCSR", { ...sampleChanges.CreateCSR, account: "shop", KeyPassword });

it.each(Object.keys(secrets))(
  "the variable %s, whose account is another or only assumes a role, is refused",
  async (name) => {
    const reply = textOf(await createCsr(`env:${name}`));
    expect(reply).toContain(`the variable ${name} holds a setting or a credential of this server`);
    expect(cloud.asked).not.toContain("CreateCSR");
  },
);

it.each(Object.keys(otherWritings("")))("a copy in another writing is refused: %s", async (name) => {
  expect(textOf(await createCsr(`file:${name}`))).toContain("holds a setting or a credential of this server");
  expect(cloud.asked).not.toContain("CreateCSR");
});

describe("a file that the settings name", () => {
  it.each(["file:cloud.key", "file:link.txt", "file:copy.txt", "file:copy-of-variable.txt", "env:CLOUDKEY_COPY"])(
    "and its links and copies are refused: %s",
    async (reference) => {
      expect(textOf(await createCsr(reference))).toContain("holds a setting or a credential of this server");
      expect(cloud.asked).not.toContain("CreateCSR");
    },
  );

  it("is refused with what it holds since a rotation, and so are copies of that", async () => {
    writeFileSync(join(folder, "files", "cloud.key"), rotated);
    writeFileSync(join(folder, "files", "copy.txt"), `${rotated}\n`);
    for (const name of ["cloud.key", "link.txt", "copy.txt"])
      expect(textOf(await createCsr(`file:${name}`))).toContain("holds a setting or a credential of this server");
    expect(cloud.asked).not.toContain("CreateCSR");
  });
});

it("secrets of accounts that were not used yet are masked in a reply to another", async () => {
  cloud.answers(() => refused("X.Y", `a remark: ${Object.values(secrets).join(" ")} ${inFile}`));
  const reply = textOf(
    await cloud.assistant.call("DescribeCertificate", { account: "shop", CertificateId: "AAAAAAAA" }),
  );
  expect(reply).toContain("a remark");
  for (const [name, secret] of Object.entries({ ...secrets, inFile }))
    if (!name.endsWith("_ID")) expect(cloud.everything()).not.toContain(secret);
  expect(reply).not.toContain(secrets.CLOUDKEY_ROLE_KEY);
});

it.each(["env:CLOUDKEY_PASSWORD", "file:password.txt"])(
  "a password of the operator's is sent: %s",
  async (reference) => {
    cloud.answers((_, body) => {
      sent += body;
      return tencent({ CSRId: 4 });
    });
    sent = "";
    await createCsr(reference);
    expect(sent).toContain("correct horse battery staple");
  },
);
