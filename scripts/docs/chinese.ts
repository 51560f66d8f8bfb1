import { serviceIds, sites } from "../../src/catalogue/services.js";
import { chinese as chineseTexts } from "../../src/chinese/index.js";
import { approvals, callTimes, type OptionName, options, tencentSignatures } from "../../src/config/options.js";
import { groupNames } from "../../src/config/toolsets.js";
import { receiverKinds } from "../../src/notify/receiver.js";
import type { Language } from "./readme.js";

/** Simplified Chinese, in the vendors' own terms where they exist. */
export const chinese: Language = {
  heads: {
    operations: ["工具", "服务", "作用", "影响"],
    jobs: ["工具", "作用", "影响"],
    groups: ["分组", "工具数", "Token 数"],
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
  all: "全部",
  serviceTitle: ({ title }) => translated(title),
  toolTitle: ({ title, titleInChinese }) => titleInChinese ?? translated(title),
  optionHelp: (name) => chineseHelp[name],
  install: (editor) => `安装到 ${editor}`,
};

function translated(title: string): string {
  const found = chineseTexts.get(title);
  if (found === undefined) throw new Error(`src/chinese has no entry for the title ${title}`);
  return found;
}

const chineseHelp: Readonly<Record<OptionName, string>> = {
  services: `启用的服务：${serviceIds.join(", ")}。默认：有凭证的服务；一个凭证都没有时为全部`,
  tools: `只向模型展示这些工具：工具名（可含 *）或分组：${groupNames.join(", ")}。整体任务仍会使用其余工具`,
  readOnly: "只提供、只允许只读操作",
  accounts: "列出多个账号的 YAML 文件，代替环境中的凭证。默认：无",
  site: `腾讯云站点：${sites.join(" 或 ")}（国际站或中国站）。默认：${options.site.fallback}`,
  tencentRegion: "SSL 证书服务使用哪个腾讯云地域的接入域名，如 ap-singapore",
  alibabaRegion: "CDN 使用哪个阿里云地域的接入域名，如 ap-southeast-1",
  huaweiRegion: "直播服务所在的华为云区域，如 ap-southeast-3。默认：cn-north-4",
  tencentSignature: `腾讯云签名方法：${tencentSignatures.join(", ")}。默认：第一个`,
  endpoint: "代替某个服务接入域名的地址；须为 https，本机回环地址可用 http",
  timeout: `一次云 API 调用的时限（秒）。默认：${inSeconds(options.timeout.fallback)}`,
  language: "审批内容所用的语言：auto、en 或 zh-CN。默认：auto，即浏览器的语言，或 LC_ALL、LC_MESSAGES、LANG 的语言",
  approve: `用什么方式请人审批：${approvals.join(", ")}。默认：auto，即先 elicit，再 page 和 terminal。token 见 docs/approval.md`,
  callTime: `一次调用的时限（秒），包括规划、等待审批和跟踪部署；到时限时回复当前进展，再发同样的调用会接着执行。默认：${callTimes.usual / 1000}；已知收到进度通知就会继续等待的客户端为 ${callTimes.extended / 1000}`,
  approvalWait: "--call-time 中最多用于等待审批的时间（秒）。默认：全部",
  tokenForDestructive: "配合 --approve token：购买和不可撤销的操作也可用令牌审批",
  allowPurchases: "允许 CreateCertificate 在审批后产生费用",
  allow: "只允许这些操作：操作名（可含 *），也可写成 SERVICE/NAME",
  deny: "禁止这些操作；优先于 --allow",
  auditLog: "记录每次变更的文件。默认：用户状态目录下的 audit.jsonl",
  jobs: "部署任务日志所在目录。默认：用户状态目录下的 jobs；沙箱的日志随沙箱一同删除",
  database: "多台服务器共用的 PostgreSQL，代替文件：postgres://…，或写着它的地方：env:NAME 或 file:/PATH。默认：无",
  stateKey:
    "配合 --database：32 字节的密钥（base64），所有服务器相同，数据库不知道它；用引用给出：env:NAME 或 file:/PATH",
  notify: `等待审批的计划和任务结果通知到哪里：${receiverKinds.join(", ")}。地址和签名密钥用引用给出：env:NAME 或 file:/PATH。见 docs/notifications.md`,
  edgeDomains: "允许查看哪些域名实际返回的证书（可含 *）。默认：调用中出现的任意域名",
  edgePrivate: "也允许查看私网地址返回的证书",
  edge: "查看任何域名时都改连这个地址；须为本机回环地址",
  files: "file: 引用的读取目录，也是 save_to_file 的写入目录。默认：无",
  evidenceKey: "用来给证据签名的 Ed25519 私钥（PEM）。默认：无",
  envPrefix: "env: 引用可读取的变量名前缀。默认：无",
  allowInlineSecrets: "接受以明文写在对话里的私钥和密码",
  showPersonalData: "完整显示证书订单中的姓名、地址和电话",
  sandbox: "使用本进程内的三家云沙箱；不读取凭证",
  sandboxDomains: "沙箱演示之外再添加的域名数量，分布在各项服务上。默认：不添加",
  sandboxSpeed: `沙箱内的等待比真实云快的倍数；1：与真实云一样慢。默认：${options.sandboxSpeed.fallback}`,
};

function inSeconds(milliseconds: number): number {
  return milliseconds / 1000;
}
