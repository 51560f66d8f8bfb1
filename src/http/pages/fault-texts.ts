import type { Language } from "../../lib/language.js";
import type { ContentFault, OtherFormat } from "../../secrets/references/refuse.js";

const ofPkcs12 =
  "OpenSSL asks for the password of the file, then for a new pass phrase. Upload site.pem with that pass phrase as the password of the key.";

/** What a person is told about an unusable upload. Callers of tools, who name files, get other words. */
const english = {
  encrypted: "The private key is encrypted. Choose the file again, and enter the password of the key.",
  "unfit key":
    "The private key is not accepted. It must be an RSA or elliptic curve key of a usual size; if it is encrypted, with at most as many rounds as openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 100000 gives it.",
  "wrong password": "The private key does not open with that password. Enter the right one.",
  missing: (found: readonly string[]) =>
    `The file holds neither a private key nor a certificate that can be read as PEM or DER.${
      found.length === 0 ? "" : ` It holds: ${found.join(", ")}.`
    }`,
  damaged: (damage: string) =>
    `The file cannot be used: ${damage}. Get it from its source again, or repair that place.`,
  "several keys": (count: number) =>
    `The file holds ${count} private keys. Upload a file that holds only the one to use.`,
  "long chain": (count: number, most: number) =>
    `The file holds ${count} certificates; at most ${most} are taken. Leave out all but the certificate of the site and its chain.`,
  "other format": (name: string) =>
    `The file is ${name}, which cannot be uploaded as it is. Convert it on your computer:`,
  /** What to know of the commands, and what to upload then. */
  formats: {
    "PKCS#12": { name: "PKCS#12 (PFX)", then: ofPkcs12 },
    "old PKCS#12": { name: "PKCS#12 (PFX) with an obsolete encryption", then: ofPkcs12 },
    "PKCS#7": { name: "PKCS#7", then: "If FILE is binary, add -inform der. Then upload chain.pem." },
    "OpenSSH key": {
      name: "an OpenSSH private key",
      then: "Then upload site.key. Keys for SSH are rarely meant for TLS.",
    },
    "Java keystore": { name: "a Java keystore", then: `Give site.p12 a password in the first step. ${ofPkcs12}` },
    "Kubernetes Secret": {
      name: "a Kubernetes Secret",
      then: "Then upload site.crt and site.key, one after the other.",
    },
    SealedSecret: {
      name: "a Kubernetes SealedSecret",
      then: "Only its cluster decrypts it. Then upload secret.yaml, and follow what is said of it.",
    },
    "acme.json": {
      name: "Traefik's acme.json",
      then: "Put your domain in place of DOMAIN. Then upload site.crt and site.key, one after the other.",
    },
    archive: {
      name: "an archive",
      then: "Then upload the files of key and certificate, one after the other.",
    },
    "compressed file": {
      name: "compressed",
      then: "Then upload site.pem; if that is a tar archive, follow what is said of it.",
    },
    "PuTTY key": { name: "a PuTTY private key", then: "Then upload site.key, with its password if you gave it one." },
    OpenPGP: { name: "encrypted with OpenPGP", then: "Then upload site.pem." },
    age: { name: "encrypted with age", then: "Then upload site.pem." },
    SOPS: {
      name: "encrypted with SOPS",
      then: "For one member of a YAML or JSON file, add --extract '[\"NAME\"]'. Then upload site.pem.",
    },
    "Ansible Vault": { name: "encrypted with Ansible Vault", then: "Then upload site.pem." },
    "git-crypt": { name: "encrypted with git-crypt", then: "Run this in its repository, then upload the file again." },
    "Git LFS": {
      name: "a Git LFS pointer",
      then: "Run this in its repository, then upload the file again.",
    },
    "Microsoft key": {
      name: "a Microsoft private key (PVK or MSBLOB)",
      then: "With OpenSSL 1, add -inform PVK or -inform MSBLOB. Then upload site.key.",
    },
    JWK: {
      name: "a JSON Web Key",
      then: "Then upload site.key. Certbot's private_key.json is the key of the ACME account; that of the certificate is privkey.pem.",
    },
    "encrypted key": {
      name: "a private key with an encryption that cannot be opened here",
      then: "Encrypt it anew with AES-256 (OpenSSL 1 takes no -provider). Then upload site.key with its new password.",
    },
    "SM2 enveloped key": {
      name: "an SM2 enveloped key (GM/T 0009)",
      then: "It has no password: it is encrypted for the signing key of the same pair. Decrypt it with that key, with the CA's tool or the program that made the key, then upload the resulting private key.",
    },
  } satisfies Record<OtherFormat["kind"], { readonly name: string; readonly then: string }>,
};

const ofPkcs12InChinese =
  "OpenSSL 会先询问文件的密码，再要求设置新的口令。之后上传 site.pem，并在“私钥密码”处填写该口令。";

const chinese: typeof english = {
  encrypted: "私钥已加密。请重新选择文件，并填写私钥密码。",
  "unfit key":
    "不接受此私钥。私钥须为常用长度的 RSA 或椭圆曲线私钥；如已加密，迭代次数不得超过 openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 100000 所用的次数。",
  "wrong password": "无法用该密码打开私钥。请填写正确的密码。",
  missing: (found) =>
    `文件中没有可按 PEM 或 DER 读取的私钥或证书。${found.length === 0 ? "" : `文件内容为：${found.join("、")}。`}`,
  damaged: (damage) => `文件无法使用：${damage}。请重新获取该文件，或修复该处。`,
  "several keys": (count) => `文件中有 ${count} 个私钥。请上传只包含所需私钥的文件。`,
  "long chain": (count, most) => `文件中有 ${count} 张证书，最多接受 ${most} 张。请仅保留站点证书及其证书链。`,
  "other format": (name) => `此文件是 ${name}，不能直接上传。请在你的计算机上转换：`,
  formats: {
    "PKCS#12": { name: "PKCS#12（PFX）文件", then: ofPkcs12InChinese },
    "old PKCS#12": { name: "使用过时加密方式的 PKCS#12（PFX）文件", then: ofPkcs12InChinese },
    "PKCS#7": { name: "PKCS#7 文件", then: "如 FILE 为二进制文件，请加上 -inform der。之后上传 chain.pem。" },
    "OpenSSH key": { name: "OpenSSH 私钥", then: "之后上传 site.key。SSH 私钥通常不用于 TLS。" },
    "Java keystore": { name: "Java 密钥库", then: `请在第一步为 site.p12 设置密码。${ofPkcs12InChinese}` },
    "Kubernetes Secret": { name: "Kubernetes Secret", then: "之后依次上传 site.crt 和 site.key。" },
    SealedSecret: {
      name: "Kubernetes SealedSecret",
      then: "只有其所在的集群能够解密。之后上传 secret.yaml，并按其说明操作。",
    },
    "acme.json": {
      name: "Traefik 的 acme.json",
      then: "请将 DOMAIN 换成你的域名。之后依次上传 site.crt 和 site.key。",
    },
    archive: { name: "归档或压缩包", then: "之后依次上传其中的私钥和证书文件。" },
    "compressed file": { name: "压缩文件", then: "之后上传 site.pem；如果它是 tar 归档，请按其说明操作。" },
    "PuTTY key": { name: "PuTTY 私钥", then: "之后上传 site.key；如设置了密码，请一并填写。" },
    OpenPGP: { name: "OpenPGP 加密文件", then: "之后上传 site.pem。" },
    age: { name: "age 加密文件", then: "之后上传 site.pem。" },
    SOPS: {
      name: "SOPS 加密文件",
      then: "如只需 YAML 或 JSON 文件中的一项，请加上 --extract '[\"NAME\"]'。之后上传 site.pem。",
    },
    "Ansible Vault": { name: "Ansible Vault 加密文件", then: "之后上传 site.pem。" },
    "git-crypt": { name: "git-crypt 加密文件", then: "请在其所在的仓库中执行此命令，之后重新上传该文件。" },
    "Git LFS": { name: "Git LFS 指针文件", then: "请在其所在的仓库中执行此命令，之后重新上传该文件。" },
    "Microsoft key": {
      name: "微软格式的私钥（PVK 或 MSBLOB）",
      then: "如使用 OpenSSL 1，请加上 -inform PVK 或 -inform MSBLOB。之后上传 site.key。",
    },
    JWK: {
      name: "JWK 格式的密钥",
      then: "之后上传 site.key。Certbot 的 private_key.json 是 ACME 账户密钥；证书私钥是 privkey.pem。",
    },
    "encrypted key": {
      name: "加密方式无法在此打开的私钥",
      then: "请改用 AES-256 重新加密（OpenSSL 1 不需要 -provider）。之后上传 site.key，并填写新密码。",
    },
    "SM2 enveloped key": {
      name: "SM2 密钥对保护数据（GM/T 0009）",
      then: "它没有密码，须用同一密钥对的签名私钥解密。请用 CA 提供的工具或生成签名私钥的程序解密，之后上传得到的私钥。",
    },
  },
};

interface FaultText {
  readonly says: string;
  /** The commands that convert the file, and what to know of them. */
  readonly conversion?: { readonly commands: readonly string[]; readonly then: string };
}

export function describeFault(fault: ContentFault, language: Language): FaultText {
  const texts = language === "en" ? english : chinese;
  switch (fault.what) {
    case "missing":
      return { says: texts.missing(fault.found) };
    case "damaged":
      return { says: texts.damaged(fault.damage.for({ language })) };
    case "several keys":
      return { says: texts["several keys"](fault.count) };
    case "long chain":
      return { says: texts["long chain"](fault.count, fault.most) };
    case "other format": {
      const { kind, commands } = fault.format;
      const { name, then } = texts.formats[kind];
      return { says: texts["other format"](name), conversion: { commands, then } };
    }
    default:
      return { says: texts[fault.what] };
  }
}
