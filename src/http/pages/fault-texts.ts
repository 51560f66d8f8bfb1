import type { Language } from "../../lib/language.js";
import { conversionOf } from "../../secrets/references/conversion.js";
import type { ContentFault } from "../../secrets/references/refuse.js";

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
  "other format": (name: string) => `The file is ${name}, which cannot be uploaded as it is.`,
  convert: "Convert it on your computer:",
};

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
  "other format": (name) => `此文件是 ${name}，不能直接上传。`,
  convert: "请在你的计算机上转换：",
};

/** What it says, and how the file is converted, with what introduces the commands and what follows them. */
export function describeFault(fault: ContentFault, language: Language) {
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
      const { name, commands } = fault.format;
      const afterwards = conversionOf(fault.format, "upload").map((sentence) => sentence.for({ language }));
      const conversion = { introduction: texts.convert, commands, afterwards };
      return { says: texts["other format"](name.for({ language })), conversion };
    }
    default:
      return { says: texts[fault.what] };
  }
}
