import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** A folder in which openssl works, for what WebCrypto does not make. */
export class Openssl {
  readonly #folder = mkdtempSync(join(tmpdir(), "preflight-"));

  static readonly present = spawnSync("openssl", ["version"]).status === 0;
  /** SM2 is a matter of how openssl was built. */
  static readonly knowsSm2 =
    Openssl.present && /SM2/.test(spawnSync("openssl", ["ecparam", "-list_curves"], { encoding: "utf8" }).stdout);

  run(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync("openssl", args, { cwd: this.#folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.#folder, name), "utf8");
  }

  /** A certificate that is signed by its own key; `algorithm` is what `-newkey` or `ecparam` takes. */
  selfSigned(name: string, newKey: readonly string[], more: readonly string[] = []): Pair {
    this.run("genpkey", ...newKey, "-out", `${name}.key`);
    const about = [
      "-subj",
      `/CN=${name}`,
      "-addext",
      `subjectAltName=DNS:${name}`,
      "-addext",
      "basicConstraints=CA:FALSE",
    ];
    this.run("req", "-x509", "-new", "-key", `${name}.key`, "-days", "90", "-out", `${name}.crt`, ...about, ...more);
    return { certificate: this.read(`${name}.crt`), key: this.read(`${name}.key`) };
  }

  /** Two SM2 leaves of one name, as China's standard has them: one signs, one encrypts. Each with its issuer. */
  sm2Pairs(name: string): { readonly sign: Pair; readonly enc: Pair; readonly root: string; readonly leaf: string } {
    const subject = ["-subj", "/CN=SM2 Root"];
    this.run("genpkey", "-algorithm", "SM2", "-out", "root.key");
    this.run("req", "-x509", "-new", "-key", "root.key", "-sm3", "-days", "90", ...subject, "-out", "root.crt");
    const issue = (file: string, commonName: string, by: string, extensions: string): Pair => {
      this.write("sm2.ext", extensions);
      this.run("genpkey", "-algorithm", "SM2", "-out", `${file}.key`);
      this.run("req", "-new", "-key", `${file}.key`, "-sm3", "-subj", `/CN=${commonName}`, "-out", `${file}.csr`);
      const signing = ["-CA", `${by}.crt`, "-CAkey", `${by}.key`, "-CAcreateserial", "-sm3", "-extfile", "sm2.ext"];
      this.run("x509", "-req", "-in", `${file}.csr`, ...signing, "-days", "90", "-out", `${file}.crt`);
      return { certificate: this.read(`${file}.crt`), key: this.read(`${file}.key`) };
    };
    const middle = issue("middle", "SM2 Issuing CA", "root", "basicConstraints=critical,CA:TRUE\n").certificate;
    const forServer = `subjectAltName=DNS:${name}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`;
    const [sign, enc] = [issue("sign", name, "middle", forServer), issue("enc", name, "middle", forServer)];
    const chained = (pair: Pair): Pair => ({ ...pair, certificate: pair.certificate + middle });
    return { sign: chained(sign), enc: chained(enc), root: this.read("root.crt"), leaf: sign.certificate };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
