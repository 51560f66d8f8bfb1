/** What the checks before a call find. */
export const findingTexts: Readonly<Record<string, string>> = {
  "{0} (The cloud would answer {1}.)": "{0}（云端会答复 {1}。）",
  "{0}: the {1} was given as text and is in the conversation now. Pass it by reference instead.":
    "{0}：{1}是以明文给出的，已经留在对话中。请改为以引用方式传入。",
  password: "密码",
  "Other users of its machine can read {0}: restrict it, as with chmod 600.":
    "{0} 可被本机的其他用户读取，请收紧权限，例如 chmod 600。",

  // The chain
  "The certificate": "证书",
  "Certificate {0} of the chain": "证书链中的第 {0} 张证书",
  "The leaf is not first: certificate {0} is the only one that is not a CA's.":
    "叶子证书不在最前：只有第 {0} 张不是 CA 证书。",
  "{0} names certificate {1} as its issuer, but was not signed by its key.":
    "{0}声明由第 {1} 张证书签发，但并非用其密钥签名。",
  "{0} is no part of the leaf's chain.": "{0}不属于叶子证书的证书链。",
  "The chain is out of order: it should be {0}.": "证书链顺序有误，应为 {0}。",
  "{0} is the root, which clients have already: leave it out.": "{0}是根证书，客户端本来就有，请去掉。",
  "The certificate is signed by its own key, so that no client trusts it.":
    "该证书是自签名证书，任何客户端都不会信任。",
  "The intermediate certificate is missing: nothing here is from the issuer {0}.":
    "缺少中间证书：所给的内容中没有颁发者 {0} 的证书。",
  "The certificate is of the SM2 standard: signatures in its chain were not checked.":
    "该证书采用国密 SM2 标准，证书链中的签名未作检查。",
  "A key in the chain is of a kind or size that no public authority uses: signatures by it were not checked.":
    "证书链中有密钥的类型或长度是公共 CA 不使用的，由它签发的签名未作检查。",
  "The first certificate does not parse.": "第一张证书无法解析。",
  "There is no PEM certificate in the text.": "文本中没有 PEM 证书。",
  "Certificate {0} of the chain does not parse.": "证书链中的第 {0} 张证书无法解析。",
  "There is a private key in the text of the certificate: take it out.": "证书文本中含有私钥，请去掉。",
  "There is other text beside the PEM certificates: take it out.": "PEM 证书之外还有其他文本，请去掉。",

  // The certificate
  "{0} expired on {1}.": "{0}已于 {1} 过期。",
  "{0} is not valid before {1}.": "{0}在 {1} 之前尚未生效。",
  "{0} ends on {1}, in less than {2} days.": "{0}将于 {1} 到期，不足 {2} 天。",
  "The certificate does not cover {0}; it is for {1}.": "该证书不包含 {0}，它用于 {1}。",
  "The certificate has no subject alternative name, so that browsers accept it for no domain.":
    "该证书没有使用者备用名称（SAN），浏览器对任何域名都不会接受它。",
  "{0} has a key of {1}; RSA needs 2048 bits, an elliptic curve 225.":
    "{0}的密钥为 {1}；RSA 至少需要 2048 位，椭圆曲线至少需要 225 位。",
  "{0} is signed with {1}, which clients refuse.": "{0}使用 {1} 签名，客户端会拒绝。",
  "The first certificate is a root certificate, not a server's.": "第一张证书是根证书，不是服务器证书。",
  "The first certificate is a CA certificate, not a server's.": "第一张证书是 CA 证书，不是服务器证书。",
  "The certificate is not meant for servers: its extended key usage lacks serverAuth.":
    "该证书不能用于服务器：扩展密钥用法中没有 serverAuth。",
  "The certificate is not one of a CA.": "该证书不是 CA 证书。",
  "The certificate is of the SM2 standard, and an RSA or ECC one is needed.":
    "该证书采用国密 SM2 标准，此处需要 RSA 或 ECC 证书。",
  "The certificate is not of the SM2 standard.": "该证书不是国密 SM2 标准的证书。",

  // The key
  "The private key is damaged or was altered: it states the certificate's public half, and is not its key.":
    "私钥已损坏或被改动：其中声明的是该证书的公钥，但并非对应的私钥。",
  "The private key belongs to certificate {0} of the chain, so the leaf is not first.":
    "私钥属于证书链中的第 {0} 张证书，说明叶子证书不在最前。",
  "The private key does not belong to the certificate.": "私钥与证书不匹配。",
  "The private key is not PEM that can be read.": "私钥不是可读取的 PEM。",
  "The password in {0} does not open the private key.": "{0} 中的密码无法打开私钥。",
  "The private key is encrypted, and this operation takes no password: name an unencrypted one.":
    "私钥已加密，而此操作不接受密码：请提供未加密的私钥。",
  "The private key is encrypted: give its password in {0}.": "私钥已加密，请在 {0} 中提供密码。",

  // The signing request
  "The CSR does not parse.": "CSR 无法解析。",
  "The CSR names no domain.": "CSR 中没有域名。",
  "The CSR is for {0}, not for {1}.": "CSR 用于 {0}，而不是 {1}。",
  "The CSR does not ask for {0}.": "CSR 中没有申请 {0}。",
  "The CSR's key is {0}; RSA needs 2048 bits, an elliptic curve 225.":
    "CSR 的密钥为 {0}；RSA 至少需要 2048 位，椭圆曲线至少需要 225 位。",
  "The CSR is signed with {0}, which a CA may refuse.": "CSR 使用 {0} 签名，CA 可能会拒绝。",
  "The CSR was not signed by the key that it names.": "CSR 并非用其中声明的密钥签名。",
  "The CSR is of the SM2 standard: its signature was not checked.": "该 CSR 采用国密 SM2 标准，其签名未作检查。",

  // Single operations
  "{0} is ignored: {1}.": "{0} 会被忽略：{1}。",
  "SSLProtocol is off": "SSLProtocol 为 off",
  "CertType is cas": "CertType 为 cas",
  "CertType is not cas": "CertType 不是 cas",
  "The documents ask for CertId with cas; CertName alone may not do.":
    "文档要求 CertType 为 cas 时提供 CertId，只给 CertName 可能不够。",
  "CertName is left out; the API may refuse an upload without it (CertName.MissingParameter). Name it, such as by domain and date.":
    "未指定 CertName，API 可能因此拒绝上传（CertName.MissingParameter）。请指定一个名称，例如域名加日期。",
  "The letter is a GIF file, which only the CA WoSign takes.": "确认函是 GIF 文件，只有沃通（WoSign）接受。",
  "VerificationMode custom_ca needs a CA certificate.": "VerificationMode 为 custom_ca 时需要 CA 证书。",
  "CsrContent is ignored: CsrType is {0}.": "CsrContent 会被忽略：CsrType 为 {0}。",
  "A CA certificate is stored without its key: leave the key out.": "CA 证书存储时不带私钥，请去掉私钥。",
};
