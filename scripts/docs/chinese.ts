import { endpointIds, serviceIds, sites } from "../../src/catalogue/services.js";
import { chinese as chineseTexts } from "../../src/chinese/index.js";
import { approvals, callTimes, type OptionName, options, tencentSignatures } from "../../src/config/options.js";
import { accessTokenTypes, type TeamOptionName } from "../../src/config/team-options.js";
import { groupNames } from "../../src/config/toolsets.js";
import { receiverKinds } from "../../src/notify/receiver.js";
import type { Language } from "./readme.js";

/** Simplified Chinese, in the vendors' own terms where they exist. */
export const chinese: Language = {
  heads: {
    operations: ["工具", "服务", "作用", "影响"],
    jobs: ["工具", "作用", "影响"],
    groups: ["分组", ...sites.flatMap((site) => [`工具数（${site}）`, `Token 数（${site}）`])],
  },
  effects: {
    read: "只读",
    "key-export": "**取出私钥**",
    create: "新增",
    change: "修改记录",
    traffic: "**影响线上流量**",
    destroy: "**不可撤销**",
    purchase: "**产生费用**",
  },
  byDefault: "默认",
  all: "全部，`--tools '*'`",
  jobs: {
    find_certificates: "列出各云平台已存储的证书和域名，最早到期的在前",
    plan_renewals: "显示每张在用证书何时应续期，以及一年的续期工作量",
    deploy_certificate: "把一张证书部署到三家云上的任意多个目标",
    delete_unused_certificates: "删除没有被使用的已存储证书",
    check_served_certificate: "连接域名的每个地址，检查实际返回的证书",
    wait_for: "跟踪订单、部署生效、删除或审批，直到完成",
    turn_off_https: "关闭域名的 HTTPS",
    roll_back: "恢复某次部署所替换的内容",
    propose_standing_approval: "请你在限定范围内预先批准续期",
    list_standing_approvals: "显示每份长期授权的范围、使用次数和是否有效",
    list_jobs: "显示以往的任务及每个目标的状态",
    explain_error: "解释云平台的错误码：可能的原因和检查项",
    inspect_certificate: "在使用前检查证书、证书链和私钥",
    list_vault: "列出内存中保管的私钥、密码和压缩包，不显示内容",
    save_to_file: "把保管的私钥或压缩包写入文件",
    check_setup: "检查凭证、时钟、网络、文件和审批方式",
  },
  serviceTitle: ({ title }) => translated(title),
  toolTitle: ({ title, titleInChinese }) => titleInChinese ?? translated(title),
  optionHelp: (name) => chineseHelp[name],
  teamOptionHelp: (name) => chineseTeamHelp[name],
  install: (editor) => `安装到 ${editor}`,
};

function translated(title: string): string {
  const found = chineseTexts.get(title);
  if (found === undefined) throw new Error(`src/chinese has no entry for the title ${title}`);
  return found;
}

const chineseTeamHelp: Readonly<Record<TeamOptionName, string>> = {
  http: "在此地址以 Streamable HTTP 提供 MCP；端点为 /mcp",
  publicUrl: "客户端访问本服务器所用的源，例如 https://certs.example.com。默认：--http 为回环地址时即该地址",
  httpSessions: "在内存中保留 MCP 会话。有多台服务器时，负载均衡必须把同一会话转发到同一台服务器",
  tlsCert: "HTTPS 的证书链（PEM）；文件变化后会重新读取",
  tlsKey: "--tls-cert 的私钥（PEM）",
  behindTlsProxy: "由前置代理终止 TLS；允许在非回环地址上使用明文 HTTP",
  trustedProxies: "信任哪些代理发来的 X-Forwarded 头：地址或 CIDR 网段。默认：无",
  allowedHosts: "除 --public-url 的主机名外还接受的 Host 头",
  allowedOrigins: "除自身之外允许调用本服务器的网页的源。默认：无",
  issuer: "接受哪个签发者签发的访问令牌（OAuth 2.1、OpenID Connect）",
  audience: "访问令牌必须面向的受众。默认：端点的 URL，即 --public-url 加 /mcp",
  accessTokenType: `访问令牌必须声明的类型：${accessTokenTypes.join(", ")}。默认：at+jwt（RFC 9068）`,
  tokenLifetime: "访问令牌自签发起的最长有效时间（秒），即使其 exp 声明更晚。默认：3600",
  groupsClaim: "访问令牌中列出所属组的声明。默认：groups",
  tokens: "静态令牌文件，见 `cloudcert-mcp tokens`。默认：不接受静态令牌",
  rules: "YAML 文件，规定谁可以读取、变更、请求和批准什么。默认：任何人都不能变更",
  loginClient: "在 --issuer 处的客户端 ID，用于批准和上传的页面。默认：不提供页面",
  loginSecret: "--login-client 的客户端密钥，也可写 file:/PATH。默认：公开客户端",
  rateLimit: "每人每分钟最多的请求数。默认：600",
  addressRateLimit: "每个地址每分钟最多的请求数。默认：3000",
  requestTime: "客户端发送一个请求最多可用的时间。默认：30",
  drainTime: "停止时等待客户端关闭 keep-alive 连接的最长时间（秒）。默认：10",
  metrics: "在此地址的 /metrics 提供 Prometheus 指标。默认：不提供",
};

const chineseHelp: Readonly<Record<OptionName, string>> = {
  services: `启用的服务：${serviceIds.join(", ")}。默认：有凭证的服务；一个凭证都没有时为全部`,
  tools: `只向模型展示这些工具：工具名（可含 *）或分组：${groupNames.join(", ")}。整体任务仍会使用其余工具`,
  readOnly: "只提供、只允许只读操作",
  accounts: "列出多个账号的 YAML 文件，代替环境中的凭证。默认：无",
  site: `腾讯云站点：${sites.join(" 或 ")}（国际站或中国站）。默认：${options.site.fallback}`,
  tencentRegion: "SSL 证书服务使用哪个腾讯云地域的接入地址，如 ap-singapore",
  alibabaRegion: "CDN 使用哪个阿里云地域的接入地址，如 ap-southeast-1",
  huaweiRegion: "直播服务所在的华为云区域，如 ap-southeast-3。默认：cn-north-4",
  tencentSignature: `腾讯云签名方法：${tencentSignatures.join(", ")}。默认：TC3-HMAC-SHA256`,
  endpoint: `代替某个服务的接入地址；须为 https，本机回环地址可用 http。SERVICE：${endpointIds.join(", ")}。未给出 alibaba-cas-intl（新加坡的证书库）时，沿用 alibaba-cas 的地址`,
  timeout: `一次云 API 调用的时限（秒）。默认：${inSeconds(options.timeout.fallback)}`,
  language:
    "给人看的内容所用的语言，包括审批、通知和命令的输出，但错误消息为英文：auto、en 或 zh-CN。默认：auto，即浏览器的语言，或 LC_ALL、LC_MESSAGES、LANG 的语言",
  approve: `用什么方式请人审批：${approvals.join(", ")}。默认：auto，即先 elicit，再 page 和 terminal。token 见 docs/approval.md`,
  callTime: `一次调用的时限（秒），包括规划、等待审批和跟踪部署；到时限时回复当前进展，再发同样的调用会接着执行。默认：${callTimes.usual / 1000}；已知收到进度通知就会继续等待的客户端为 ${callTimes.extended / 1000}`,
  approvalWait: "--call-time 中最多用于等待审批的时间（秒）；超过 --call-time 的默认值时，调用随之延长。默认：全部",
  tokenForDestructive: "配合 --approve token：购买和不可撤销的操作也可用令牌审批",
  allowPurchases: "允许 CreateCertificate 在审批后产生费用",
  allow: "只允许这些操作：操作名（可含 *），也可写成 SERVICE/NAME",
  deny: "禁止这些操作；优先于 --allow",
  auditLog: "记录每次变更的文件。默认：用户状态目录下的 audit.jsonl",
  jobs: "部署任务日志所在目录。默认：用户状态目录下的 jobs；沙箱的日志随沙箱一同删除",
  database:
    "多台服务器共用的 PostgreSQL 数据库，代替文件：postgres://…，或对该 URL 的引用：env:NAME 或 file:/PATH。默认：无。见 docs/team-server.md",
  stateKey:
    "配合 --database：32 字节的密钥（base64），所有服务器相同，数据库不知道它；用引用给出：env:NAME 或 file:/PATH",
  notify: `接收待审批计划和任务结果通知的接收方：${receiverKinds.join(", ")}。地址和签名密钥用引用给出：env:NAME 或 file:/PATH。见 docs/notifications.md`,
  edgeDomains: "允许查看哪些域名实际返回的证书（可含 *）。默认：调用中出现的任意域名",
  edgePrivate: "也允许查看私网地址返回的证书",
  edge: "查看任何域名时都改连这个地址；须为本机回环地址",
  files: "file: 引用的读取目录，也是 save_to_file 的写入目录。默认：无",
  evidenceKey: "用来给证据签名的 Ed25519 私钥（PEM）。默认：无",
  envPrefix: "env: 引用可读取的变量名前缀，以 _ 结尾。默认：无",
  allowInlineSecrets: "接受以明文写在对话里的私钥和密码",
  showPersonalData: "完整显示证书订单中的姓名、地址和电话",
  sandbox: "使用本进程内的三家云沙箱；不读取凭证",
  sandboxDomains: "在沙箱演示域名之外再添加的域名数量，分布在各项服务上。默认：不添加",
  sandboxSpeed: `沙箱中耗时操作的加速倍数；1：与真实云一样慢。默认：${options.sandboxSpeed.fallback}`,
};

function inSeconds(milliseconds: number): number {
  return milliseconds / 1000;
}
