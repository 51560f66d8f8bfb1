import { linkSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OwnSecrets, type OwnSecretsOptions } from "../../../src/secrets/references/own-secrets.js";
import { promisedForms } from "../redaction/forms.js";
import { failureOf, folder, scratch, sharedMaterial, write } from "./support.js";

const directory = scratch();
const state = folder(directory, "state");
const token = "a-token-of-a-cloud-0123456789";
const kept = write(directory, "kept.txt", `${token}\n`);
const other = write(directory, "other.txt", "a password of a key\n");
const macKey = write(state, "mac.key", "bWFjLWtleQ==");

const own = (options: Partial<OwnSecretsOptions> = {}) =>
  new OwnSecrets({
    references: [],
    variables: new Set(),
    secrets: [],
    env: {},
    files: [],
    folders: [],
    ...options,
  });
const refusal = "holds a setting or a credential of this server, which no call may use";
const identityOf = (path: string) => statSync(path, { bigint: true });

describe("files", () => {
  it("that a setting names are refused by whichever name they are opened", async () => {
    const link = join(directory, "hard-link.txt");
    linkSync(kept, link);
    for (const options of [{ references: [`file:${kept}`] }, { references: [`file://${kept}`] }, { files: [kept] }])
      expect((await failureOf(() => own(options).refuseFile(link, identityOf(link)))).happened).toContain(refusal);
    await own({ files: [kept] }).refuseFile(other, identityOf(other));
  });

  it("refuses a file that a setting names through a symbolic link", async () => {
    const link = join(directory, "symbolic-link.txt");
    symlinkSync(kept, link);
    const work = () => own({ references: [`file:${link}`] }).refuseFile(kept, identityOf(kept));
    expect((await failureOf(work)).happened).toContain(refusal);
  });

  it("where the program keeps its own are refused", async () => {
    const work = () => own({ folders: [state] }).refuseFile(macKey, identityOf(macKey));
    expect((await failureOf(work)).happened).toContain(refusal);
    await own({ folders: [state] }).refuseFile(kept, identityOf(kept));
  });

  it("that are missing or of another machine refuse nothing", async () => {
    const references = [`file:${join(directory, "missing")}`, "file://other-machine/x"];
    await own({ references, folders: [join(directory, "missing")] }).refuseFile(kept, identityOf(kept));
    await own({ references }).refuseContent("x", Buffer.from(token));
  });
});

describe("content", () => {
  it("is refused if a secret is part of it, wherever the setting has the secret", async () => {
    for (const options of [
      { secrets: [token] },
      { references: ["env:TOKEN"], env: { TOKEN: ` ${token}\n` } },
      { references: ["env:KEYS"], env: { KEYS: `another-key-0000 ${token}` } },
      { references: [`file:${kept}`] },
    ]) {
      const failure = await failureOf(() => own(options).refuseContent("env:COPY", Buffer.from(`x=${token};`)));
      expect(failure.happened).toContain(`env:COPY ${refusal}`);
      expect(JSON.stringify(failure)).not.toContain(token);
      await own(options).refuseContent("env:COPY", Buffer.from("something else"));
    }
  });

  const { "first part": _, "last part": __, ...wholeForms } = promisedForms;
  const inUtf16 = Buffer.from(token, "utf16le");
  const writings: Readonly<Record<string, Buffer>> = {
    ...Object.fromEntries(Object.entries(wholeForms).map(([name, form]) => [name, Buffer.from(form(token))])),
    "UTF-16": inUtf16,
    "UTF-16 with a byte order mark": Buffer.concat([Buffer.from([0xff, 0xfe]), inUtf16]),
    "UTF-16, big-endian": Buffer.from(inUtf16).swap16(),
    "UTF-16 after what is no letter": Buffer.from(`密碼\u00e9 ${token}`, "utf16le"),
    "base64 in UTF-16": Buffer.from(Buffer.from(token).toString("base64"), "utf16le"),
  };

  it.each(Object.entries(writings))("is refused in whatever writing a copy has: %s", async (__, bytes) => {
    const failure = await failureOf(() => own({ secrets: [token] }).refuseContent("file:copy", bytes));
    expect(failure.happened).toContain(`file:copy ${refusal}`);
  });

  it.each(["base64", "base64url", "hex"] as const)(
    "is refused in %s, however short the secret is",
    async (encoding) => {
      const short = "Sh0rt&secret";
      const copy = Buffer.from(`x${short}`).toString(encoding);
      const failure = await failureOf(() => own({ secrets: [short] }).refuseContent("file:copy", Buffer.from(copy)));
      expect(failure.happened).toContain(refusal);
    },
  );

  it("is not refused for a part of a secret, or for keys and archives of others", async () => {
    const { leaf, key } = sharedMaterial();
    const secrets = [token, "postgres://user:correct-horse@a-long-name-of-a-host.example.com/a-database"];
    for (const text of [leaf, key, "a-long-name-of-a-host.example.com", token.slice(1), "H4sIAAAA".repeat(20)])
      await own({ secrets }).refuseContent("file:copy", Buffer.from(text));
  });

  it("is not compared with words: a refusal would confirm a guess", async () => {
    await own({ secrets: ["Summer2026!"], references: ["env:WORD"], env: { WORD: "hunter2" } }).refuseContent(
      "file:guesses.txt",
      Buffer.from("Summer2026! hunter2"),
    );
  });
});
