/** What the checks before a call find. */
export const findingTexts: Readonly<Record<string, string>> = {
  "{0} (The cloud would answer {1}.)": "{0}（云端会答复 {1}。）",
  "{0}: the {1} was given as text and is in the conversation now. Pass it by reference instead.":
    "{0}：{1}是以明文给出的，已经留在对话中。请改为以引用方式传入。",
  password: "密码",
  "Other users of its machine can read {0}: restrict it, as with chmod 600.":
    "{0} 可被本机的其他用户读取，请收紧权限，例如 chmod 600。",

  "Chain, dates and names of certificate {0} were not checked: {1}.": "证书 {0} 的证书链、有效期和域名未作检查：{1}。",
  "Tencent Cloud shows no certificate under this id": "腾讯云没有显示此 ID 的证书",
  "a single operation does not read {0}; find_certificates and deploy_certificate do":
    "单独的调用不读取{0}中的证书，find_certificates 和 deploy_certificate 会读取",
  "Alibaba Cloud's Certificate Management Service": "阿里云数字证书管理服务中",
  "Huawei Cloud's certificate manager": "华为云证书管理服务（CCM）中",
  "EdgeOne's own": "EdgeOne 自有",

  // The chain
  "The certificate": "证书",
  "Certificate {0} of the chain": "证书链中的第 {0} 张证书",
  "The leaf is not first: certificate {0} is {1}.": "叶子证书不在最前：第 {0} 张{1}。",
  "the only one that is not a CA's": "才是唯一的非 CA 证书",
  "the first one that is not a CA's": "才是第一张非 CA 证书",
  "{0} names certificate {1} as its issuer, but was not signed by its key.":
    "{0}声明由第 {1} 张证书签发，但并非用其密钥签名。",
  "{0} is not part of the leaf's chain": "{0}不属于叶子证书的证书链",
  "{0}: it repeats certificate {1}.": "{0}：它与第 {1} 张证书重复。",
  "{0}: it is another server's certificate.": "{0}：它是另一台服务器的证书。",
  "{0}.": "{0}。",
  "The chain is out of order: it should be {0}.": "证书链顺序有误，应为 {0}。",
  "{0} is a root that browsers do not trust: every visitor gets a warning.":
    "{0}是浏览器不信任的根证书，所有访客都会看到安全警告。",
  "The chain ends at {0}, which is not a root that browsers trust: every visitor gets a warning.":
    "证书链止于{0}，它不是浏览器信任的根证书，所有访客都会看到安全警告。",
  "{0} is the root, which need not be sent: leave it out.": "{0}是根证书，无需发送，请去掉。",
  "{0} is the root, which clients already have: leave it out.": "{0}是根证书，客户端本来就有，请去掉。",
  "The certificate is signed by its own key, so no client trusts it.": "该证书是自签名证书，任何客户端都不会信任。",
  "The intermediate certificate is missing: nothing here is from {0}.": "缺少中间证书：所给的内容中没有{0}的证书。",
  "the issuer {0}": "颁发者 {0}",
  "its issuer, which has no name": "其颁发者（没有名称）",
  "The certificate is of the SM2 standard: signatures in its chain were not checked.":
    "该证书采用国密 SM2 标准，证书链中的签名未作检查。",
  "A key in the chain is of a kind or size that no public CA uses: signatures by it were not checked.":
    "证书链中有密钥的类型或长度是公共 CA 不使用的，由它签发的签名未作检查。",
  "The first certificate does not parse.": "第一张证书无法解析。",
  "There is no PEM certificate in the text.": "文本中没有 PEM 证书。",
  "Certificate {0} of the chain does not parse.": "证书链中的第 {0} 张证书无法解析。",
  "There is a private key in the text of the certificate: take it out.": "证书文本中含有私钥，请去掉。",
  "There is other text beside the PEM certificates: take it out.": "PEM 证书之外还有其他文本，请去掉。",

  // The certificate
  "{0} expired on {1}.": "{0}已于 {1} 过期。",
  "{0} is not valid before {1}.": "{0}在 {1} 之前尚未生效。",
  "{0} expires on {1}, before the leaf: from then on visitors are turned away.":
    "{0}将于 {1} 到期，早于叶子证书：此后访客会看到证书告警。",
  "{0} expires on {1}, in less than {2}.": "{0}将于 {1} 到期，不足{2}。",
  "a day": "一天",
  "{0} days": "{0} 天",
  "{0}; browsers accept at most {1} days from public authorities, and Apple's at most {2} from any.":
    "{0}；浏览器最多接受公共 CA 签发 {1} 天有效期的证书，苹果的客户端对任何 CA 最多接受 {2} 天。",
  "The certificate has no expiry (notAfter is 9999-12-31)": "该证书没有到期时间（notAfter 为 9999-12-31）",
  "The certificate is valid for {0} days": "该证书的有效期为 {0} 天",
  "The name {0} covers nothing: {1}.": "名称 {0} 不起作用：{1}。",
  "it is longer than {0} characters": "它超过 {0} 个字符",
  "it is written in UTF-8, but clients compare names in their DNS form{0}":
    "它是用 UTF-8 写的，而客户端按 DNS 中的形式比较名称{0}",
  "it is an address written as a DNS name, but clients look for it among the IP addresses":
    "它是写成 DNS 名称的地址，而客户端会在 IP 地址中查找",
  "clients accept no * alone, only one before a domain, as in *.example.com":
    "客户端不接受单独的 *，* 之后必须有域名，例如 *.example.com",
  "The certificate's subject alternative name has neither a DNS name nor an IP address, so browsers accept it for no domain.":
    "证书的使用者可选名称（SAN）中既没有 DNS 名称也没有 IP 地址，浏览器不会对任何域名接受它。",
  "clients accept * only as the whole first label": "客户端只接受用 * 代表整个第一级标签",
  "clients accept no final dot": "客户端不接受末尾的点",
  "it is not a valid host name": "它不是主机名的写法",
  "The subject is empty and the subject alternative name not critical, so Apple's clients refuse it.":
    "使用者为空，而使用者备用名称（SAN）未标为关键扩展，苹果的客户端会因此拒绝。",
  "The certificate does not cover {0}; it is for {1}.": "该证书不包含 {0}，它用于 {1}。",
  "The certificate has no subject alternative name, so browsers accept it for no domain.":
    "该证书没有使用者备用名称（SAN），浏览器对任何域名都不会接受它。",
  "{0} has a key of {1}; RSA needs {2} bits, an elliptic curve {3}.":
    "{0}的密钥为 {1}；RSA 至少需要 {2} 位，椭圆曲线至少需要 {3} 位。",
  "{0}, and the clouds accept RSA only up to {1} bits": "{0}，而云厂商最多只接受 {1} 位的 RSA",
  "{0} has a key of {1}.": "{0}的密钥为 {1}。",
  "{0}, which only clients of the Chinese standard accept, beside a second certificate":
    "{0}，只有支持国密标准的客户端接受，且须另有一张证书",
  "{0}, which browsers do not accept": "{0}，浏览器不接受",
  "EC P-521 (secp521r1), which Chrome and Edge do not accept": "EC P-521（secp521r1），Chrome 和 Edge 不接受",
  "EC on a curve that is not known here, which browsers do not accept": "使用未知曲线的 EC 密钥，浏览器不接受",
  "{0} is damaged: its public key {1}.": "{0}已损坏：其公钥{1}。",
  "is not a valid point on its curve": "不是其曲线上的有效点",
  "cannot be read as {0}": "无法按 {0} 读取",
  "EC with explicit parameters in place of a curve's name, which clients refuse":
    "以显式参数代替曲线名称的 EC 密钥，客户端会拒绝",
  "The certificate's serial number is {0}, so some clients refuse it.": "该证书的序列号{0}，有些客户端会因此拒绝。",
  negative: "为负数",
  zero: "为零",
  "longer than 20 bytes": "超过 20 字节",
  "Its key usage ({0}) lacks digitalSignature, without which browsers and TLS 1.3 refuse it.":
    "其密钥用法（{0}）中没有 digitalSignature，浏览器和 TLS 1.3 会因此拒绝。",
  "It has a critical extension that clients do not know ({0}), so they refuse it.":
    "它含有客户端不认识的关键扩展（{0}），客户端会因此拒绝。",
  "It demands a stapled OCSP response (must-staple), without which some browsers refuse it.":
    "它要求装订 OCSP 响应（must-staple），没有时有些浏览器会拒绝。",
  "{0} and {1}: both halves are the same certificate.": "{0} 和 {1}：签名证书和加密证书是同一张。",
  "{0} and {1}: both halves have the same key.": "{0} 和 {1}：签名证书和加密证书的密钥相同。",
  "{0} is signed with {1}, which clients refuse.": "{0}使用 {1} 签名，客户端会拒绝。",
  "The first certificate is a root certificate, not a server's.": "第一张证书是根证书，不是服务器证书。",
  "The first certificate is a CA certificate, not a server's.": "第一张证书是 CA 证书，不是服务器证书。",
  "The certificate is not meant for servers: its extended key usage lacks serverAuth.":
    "该证书不能用于服务器：扩展密钥用法中没有 serverAuth。",
  "The certificate is not a CA certificate.": "该证书不是 CA 证书。",
  "The certificate is of the SM2 standard, and an RSA or ECC one is needed.":
    "该证书采用国密 SM2 标准，此处需要 RSA 或 ECC 证书。",
  "The certificate is not of the SM2 standard.": "该证书不是国密 SM2 标准的证书。",

  // The key
  "The private key is damaged or was altered: it states the certificate's public half, but is not its key.":
    "私钥已损坏或被改动：其中声明的是该证书的公钥，但并非对应的私钥。",
  "The private key belongs to certificate {0} of the chain, so the leaf is not first.":
    "私钥属于证书链中的第 {0} 张证书，说明叶子证书不在最前。",
  "Certificates 1 and {0} are both a server's, and the private key belongs to certificate {1}.":
    "第 1 张和第 {0} 张都是服务器证书，而私钥属于第 {1} 张。",
  "The private key does not belong to the certificate.": "私钥与证书不匹配。",
  "The private key is not PEM that can be read.": "私钥不是可读取的 PEM。",
  "The password in {0} does not open the private key.": "{0} 中的密码无法打开私钥。",
  "The private key is encrypted with {0} and cannot be opened here: whether it belongs to the certificate was not checked.":
    "私钥使用 {0} 加密，本程序无法打开：未检查私钥与证书是否匹配。",
  "The private key is encrypted in a way that is not known here: whether it belongs to the certificate was not checked.":
    "私钥的加密方式无法识别：未检查私钥与证书是否匹配。",
  "The private key is encrypted, and this operation takes no password: name an unencrypted one.":
    "私钥已加密，而此操作不接受密码：请提供未加密的私钥。",
  "The private key is encrypted: give its password in {0}.": "私钥已加密，请在 {0} 中提供密码。",

  // The signing request
  "The CSR does not parse.": "CSR 无法解析。",
  "The CSR names no domain.": "CSR 中没有域名。",
  "The CSR is for {0}, not for {1}.": "CSR 用于 {0}，而不是 {1}。",
  "The CSR's name {0} would cover nothing: {1}.": "CSR 中的名称 {0} 不起作用：{1}。",
  "The CSR does not ask for {0}.": "CSR 中没有申请 {0}。",
  "The CSR's key is {0}; RSA needs {1} bits, an elliptic curve {2}.":
    "CSR 的密钥为 {0}；RSA 至少需要 {1} 位，椭圆曲线至少需要 {2} 位。",
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
  "The letter is a GIF file, which only the CA WoSign accepts.": "确认函是 GIF 文件，只有沃通（WoSign）接受。",
  "VerificationMode custom_ca needs a CA certificate.": "VerificationMode 为 custom_ca 时需要 CA 证书。",
  "CsrContent is ignored: CsrType is {0}.": "CsrContent 会被忽略：CsrType 为 {0}。",
  "A CA certificate is stored without its key: leave the key out.": "CA 证书存储时不带私钥，请去掉私钥。",
  "certificate {0}: {1}": "证书 {0}：{1}",
};
