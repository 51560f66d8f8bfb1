/** Texts of the team's server. */
export const teamTexts = {
  "{0} with a client that calls itself {1}": "{0}（通过自称 {1} 的客户端）",
  "Asked by": "发起人",
  "Decided by": "审批人",
  "Asked by: {0}": "发起人：{0}",
  "Decided by: {0}, {1}, {2}": "审批人：{0}，{1}，{2}",
  "{0}: {1}, {2}": "{0}：{1}，{2}",
  "{0} was approved for {1} and begun at {2}. Find out what came of it first.":
    "{0}（由 {1} 发起）已获批，并于 {2} 开始执行。请先查明其结果。",
  "{0} has asked for the same, and that question is still pending.": "{0} 也发起了同样的变更，该审批请求尚未处理。",
  "{0} asks for it.": "由 {0} 发起。",
  "It is decided on the server's page, by whoever the rules let approve it, after logging in.":
    "由规则允许的审批人登录服务器的页面后审批。",
  "block {0} (line {1}) is damaged: {2}": "第 {0} 个块（从第 {1} 行开始）已损坏：{2}",
  "its END line is missing": "缺少 END 行",
  "its END line is missing before line {0}": "第 {0} 行之前缺少 END 行",
  "line {0} ends a block {1} that has no BEGIN line": "第 {0} 行是 {1} 块的结尾，但缺少 BEGIN 行",
  "it begins as {0} and line {1} ends {2}": "开头是 {0}，第 {1} 行的结尾却是 {2}",
  "line {0} is meant as a BEGIN or END line but malformed: it needs capital letters and five hyphens on each side, as in -----BEGIN CERTIFICATE-----":
    "第 {0} 行应为 BEGIN 行或 END 行，但格式有误：须为大写字母，且两侧各有五个连字符，如 -----BEGIN CERTIFICATE-----",
  "its lines begin with numbers, as an editor or a log shows them": "各行以编辑器或日志显示的行号开头",
  "line {0}, character {1} is {2}, which is not base64": "第 {0} 行第 {1} 个字符是 {2}，不是 Base64 字符",
  "it is empty": "内容为空",
  "it has an equals sign before its end": "结尾之前出现了等号",
  "a character of its base64 is missing or too many": "Base64 内容缺少或多出一个字符",
  "{0} bytes at its end are missing": "末尾缺少 {0} 个字节",
  "1 byte at its end is missing": "末尾缺少 1 个字节",
  "line {0} starts a block ({1}) that has no BEGIN line of the form -----BEGIN CERTIFICATE-----":
    "第 {0} 行是一个块（{1}）的开头，但其前缺少形如 -----BEGIN CERTIFICATE----- 的 BEGIN 行",
  "line {0} is binary: PEM and DER cannot be joined in one file":
    "第 {0} 行是二进制内容：PEM 与 DER 不能合在同一个文件中",
  "line {0} is PEM in base64 once more": "第 {0} 行是再经一次 Base64 编码的 PEM",
  "line {0} is PEM in hexadecimal digits": "第 {0} 行是十六进制形式的 PEM",
  "line {0} is PEM in another encoding, such as that of a URL": "第 {0} 行是经过其他编码（如 URL 编码）的 PEM",
  "from line {0} on the file is in another encoding, as Windows PowerShell's >> appends UTF-16: save all of it in UTF-8":
    "从第 {0} 行起，文件换成了另一种编码（如 Windows PowerShell 的 >> 会追加 UTF-16）：请将整个文件存为 UTF-8",
  "block {0} is of a kind that is not known here and may hold a part of the chain: convert it to PEM certificates, or take it out":
    "第 {0} 块的类型未知，可能含有证书链的一部分：请将其转换为 PEM 证书，或从文件中删去",
  "block {0} holds PEM in base64 once more, as certutil -encode makes it of a PEM file: decode it, as with certutil -decode, and name the result":
    "第 {0} 块的内容是再经一次 Base64 编码的 PEM，如对 PEM 文件执行 certutil -encode 所得：请先解码（例如用 certutil -decode），再指定所得的文件",
  "block {0} holds a private key under the label of a certificate: keep the file as secret as a key, and correct the label":
    "第 {0} 块标为证书，内容却是私钥：请像私钥一样保密该文件，并改正标签",
  "block {0} holds a certificate under the label of a private key": "第 {0} 块标为私钥，内容却是证书",
  "block {0} is damaged: {1}": "第 {0} 块已损坏：{1}",
  "after block {0}, in DER, follows what is not DER": "第 {0} 块为 DER，其后的内容却不是 DER",
};
