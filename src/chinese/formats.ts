/** Files of other formats, and how they are converted. */
export const formatTexts: Readonly<Record<string, string>> = {
  "PKCS#12 (PFX)": "PKCS#12（PFX）文件",
  "PKCS#12 (PFX) with an obsolete encryption": "使用过时加密方式的 PKCS#12（PFX）文件",
  "PKCS#7": "PKCS#7 文件",
  "PKCS#7 (CMS)": "PKCS#7（CMS）文件",
  "an OpenSSH private key": "OpenSSH 私钥",
  "a PuTTY private key": "PuTTY 私钥",
  "a Java keystore": "Java 密钥库",
  "a Kubernetes Secret": "Kubernetes Secret（含证书和私钥）",
  "a Kubernetes SealedSecret": "Kubernetes SealedSecret（加密的 Secret）",
  "Traefik's acme.json": "Traefik 的 acme.json",
  "a Microsoft private key (PVK or MSBLOB)": "微软格式的私钥（PVK 或 MSBLOB）",
  "an SM2 enveloped key (GM/T 0009)": "SM2 密钥对保护数据（GM/T 0009）",
  "encrypted with {0}": "{0} 加密文件",
  "a Git LFS pointer": "Git LFS 指针文件",
  "a JSON Web Key": "JWK 格式的密钥",
  "a compressed archive": "压缩包",
  "a tar archive": "tar 归档文件",
  "compressed with {0}": "{0} 压缩文件",
  "{0}, in base64": "{0}（base64 编码）",
  "a private key encrypted with {0}": "使用 {0} 加密的私钥",
  "a private key encrypted in a way that is not known here": "加密方式无法识别的私钥",

  // What to do then
  "Then upload {0}.": "之后上传 {0}。",
  "Then upload {0} and {1}, one after the other.": "之后依次上传 {0} 和 {1}。",
  "Then upload the files of key and certificate, one after the other.": "之后依次上传其中的私钥和证书文件。",
  "OpenSSL asks for the password of the file and for a new pass phrase. Then upload {0} with that pass phrase as the password of the key.":
    "OpenSSL 会先询问文件的密码，再要求设置新的口令。之后上传 {0}，并在“私钥密码”处填写该口令。",
  "Run this in its repository, then upload the file again.": "请在其所在的仓库中执行此命令，之后重新上传该文件。",
  "Decrypt it with the CA's tool or the program that made the signing key, then upload the result.":
    "请用 CA 提供的工具或生成签名私钥的程序解密，之后上传得到的私钥。",
  "Have the program that encrypted it encrypt it with AES-256, then upload the result.":
    "请用原来的加密程序改用 AES-256 重新加密，之后上传得到的文件。",

  // What else to know
  "If the file is binary, add -inform der.": "如文件为二进制格式，请加上 -inform der。",
  "Keys for SSH are rarely meant for TLS.": "SSH 私钥通常不用于 TLS。",
  "If it gets a password, that belongs to it.": "如为它设置了密码，请一并提供。",
  "Only its cluster decrypts it.": "只有其所在的集群能够解密。",
  "The domain goes in place of DOMAIN.": "请将 DOMAIN 换成域名。",
  "With OpenSSL 1, add -inform PVK or -inform MSBLOB.": "如使用 OpenSSL 1，请加上 -inform PVK 或 -inform MSBLOB。",
  "It has no password: the signing key of the same pair decrypts it.": "它没有密码，须用同一密钥对的签名私钥解密。",
  "For one member of a YAML or JSON file, add --extract '[\"NAME\"]'.":
    "如只需 YAML 或 JSON 文件中的一项，请加上 --extract '[\"NAME\"]'。",
  "Certbot's private_key.json is the key of the ACME account and not of a certificate: that one is privkey.pem.":
    "Certbot 的 private_key.json 是 ACME 账户密钥，而不是证书私钥；证书私钥是 privkey.pem。",
  "If it is a tar archive, take its files out with tar -xf instead.":
    "如果它是 tar 归档文件，请改用 tar -xf 取出其中的文件。",
  "OpenSSL 1 takes no -provider.": "OpenSSL 1 不需要 -provider。",
};
