import { generateKeyPairSync, randomBytes } from "node:crypto";
import { it } from "vitest";
import { Seal } from "../../src/secrets/seal.js";
const newKey = () => generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs8", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } }).privateKey;
it("bench", () => {
  const keys = Array.from({ length: 10 }, newKey);
  const t0 = performance.now();
  const seal = new Seal([...keys, "tencent-secret-key-0123456789"]);
  console.log("make", performance.now() - t0);
  const M = 1 << 20;
  const fill = (unit: string) => unit.repeat(Math.ceil(M / unit.length)).slice(0, M);
  const texts: Record<string, string> = {
    base64: randomBytes(M).toString("base64").slice(0, M),
    prose: fill("The certificate of www.example.com is not valid for that. "),
    json: JSON.stringify(fill('{"a":"b","c":["x\\n"]},')).slice(0, M),
    backslashes: fill("\\"), percents: fill("%25"), percent41: fill("%41"), amps: fill("&amp;"), ampx: fill("&amp;amp;#x41;"), ends: fill("-----END PRIVATE KEY-----"), begins: fill("-----BEGIN PRIVATE KEY-----"),
    begins2: fill("-BEGIN PRIVATE KEY-"), M: fill("MIIE"), cand: fill("MIIEDAIBA"), cand2: fill("MIIEAIBA"), cand3: fill("MAACAQ"), A: fill("A"), hex: randomBytes(M).toString("hex").slice(0, M), runs40: fill("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB,"), b64b64: Buffer.from(Buffer.from(fill("hello world ")).toString("base64")).toString("base64").slice(0, M),
    hyphen: fill("this-is-a-long-hyphenated-name-of-a-host "), keytail: fill(keys[0].slice(1500, 1523) + ","), pem: fill(keys[0]), colons: fill("aa:bb:cc:dd:"), quotes: fill('"\\"'), unicode: fill("证书不匹配，请检查 "), lines: fill("x\\n"), dash: fill("-"),
  };
  for (const [name, text] of Object.entries(texts)) {
    seal.text(text.slice(0, 100000));
    const t = performance.now(); const out = seal.text(text); console.log(name.padEnd(14), (performance.now() - t).toFixed(1), out.length);
  }
}, 600000);
