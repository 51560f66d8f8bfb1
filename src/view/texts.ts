import type { Language } from "../lib/language.js";
import type { Urgency } from "./urgency.js";

/** All texts of the view that do not come from a reply. */
export const viewInEnglish = {
  lang: "en",
  reading: "Reading the clouds…",
  estate: "What ends when",
  unseen: "Not seen",
  unseenHint: "This is not the whole picture: what follows lacks the following.",
  neverSeen: "Never looked at here",
  listedAt: (at: string) => `As the clouds listed it ${at}.`,
  madeAt: (at: string, version: string) => `Made ${at} by cloudcert-mcp ${version}, by reading only.`,
  shown: (shown: number, all: number) => `Shows ${shown} of ${all}. Ask the assistant for the next page to see more.`,
  nothing: "Nothing matches.",
  counts: "Counts",
  counted: {
    total: "certificates",
    expiring_within_30_days: "end within 30 days",
    issued: "issued",
    expired: "ended",
    pending: "pending",
    closed: "closed",
    other: "other",
    domains_listed: "domains",
  },
  overview: "By service",
  group: "Service",
  windows: {
    ended: "Ended",
    week: "7 days",
    month: "30 days",
    quarter: "90 days",
    later: "Later",
    never: "No end",
  } satisfies Record<Urgency, string>,
  services: {
    "tencent-ssl": "Tencent Cloud SSL",
    "tencent-edgeone": "Tencent Cloud EdgeOne",
    "alibaba-cas": "Alibaba Cloud Certificate Management",
    "alibaba-cdn": "Alibaba Cloud CDN",
    "alibaba-dcdn": "Alibaba Cloud DCDN",
    "alibaba-vod": "Alibaba Cloud VOD",
    "huawei-live": "Huawei Cloud Live",
    "huawei-scm": "Huawei Cloud Certificate Manager",
  },
  storedAt: (service: string) => `${service}: stored certificates`,
  domainsOf: (service: string) => `${service}: domains`,
  domain: "Domain",
  names: "Names",
  certificate: "Certificate",
  ends: "Ends",
  edge: "Edge serves",
  sameEnd: "ends the same day",
  usedBy: "Used by",
  drift: "Differs",
  drifts: {
    "its edge serves no certificate": "Its edge serves no certificate.",
    "HTTPS is off according to the cloud, and its edge serves a certificate":
      "HTTPS is off according to the cloud, and its edge serves a certificate.",
    "its edge serves another certificate than the cloud lists":
      "Its edge serves another certificate than the cloud lists.",
  },
  driftCount: (count: number) =>
    count === 1
      ? "1 serves something else than its cloud lists"
      : `${count} serve something else than their cloud lists`,
  httpsOff: "HTTPS is off",
  changing: "Changing",
  next: (id: string) => `Covered longer by ${id}`,
  daysLeft: (days: number) =>
    days < 0 ? `ended ${counted(-days)} ago` : days === 0 ? "ends today" : `in ${counted(days)}`,
  noEnd: "No certificate",
  deployment: "Deployment",
  rollback: "Rollback",
  job: (id: string) => `Job ${id}`,
  gets: "Certificate",
  takenBack: "Certificate taken back",
  target: "Target",
  before: "Before",
  then: "Then",
  accepted: "Accepted",
  served: "Served",
  planning: "Planning. A person is asked before anything is sent.",
  live: "Moves while the job runs.",
  notLive: "This host does not pass on progress: the outcome appears here when the call ends.",
  putBack: "What was there before",
  givenCertificate: "The certificate of this call",
  notYet: "not yet",
  unknown: "not known",
  states: {
    planned: "planned",
    "not attempted": "not sent",
    sending: "being sent",
    accepted: "accepted, not seen served yet",
    served: "served",
    "put back": "put back and served",
    unchanged: "had it already",
    failed: "failed",
    superseded: "superseded by a later change",
    "incomplete chain": "served with an incomplete chain",
  },
  cancelled: "The call was cancelled. The assistant can say what was done until then.",
  failed: "The call failed",
  waiting: "The call goes on",
  watchEnded: "Watching ended",
  next_step: "Next",
  textOnly: "There is no picture of this reply; its text has everything.",
  labelled: (label: string, text: string) => `${label}: ${text}`,
};

export type ViewTexts = Readonly<typeof viewInEnglish>;

const counted = (days: number) => `${days} day${days === 1 ? "" : "s"}`;

export const viewInChinese: ViewTexts = {
  lang: "zh-Hans",
  reading: "正在读取各云平台……",
  estate: "证书到期情况",
  unseen: "未能看到的部分",
  unseenHint: "以下并非全部，缺少这些内容：",
  neverSeen: "不在查看范围内",
  listedAt: (at) => `各云平台于 ${at} 的列表。`,
  madeAt: (at, version) => `由 cloudcert-mcp ${version} 于 ${at} 生成，仅使用只读操作。`,
  shown: (shown, all) => `显示 ${all} 项中的 ${shown} 项。如需查看其余内容，请让助手翻到下一页。`,
  nothing: "没有符合条件的内容。",
  counts: "数量",
  counted: {
    total: "张证书",
    expiring_within_30_days: "张 30 天内到期",
    issued: "张已签发",
    expired: "张已过期",
    pending: "张待签发",
    closed: "张已关闭",
    other: "张其他",
    domains_listed: "个域名",
  },
  overview: "按服务统计",
  group: "服务",
  windows: { ended: "已到期", week: "7 天内", month: "30 天内", quarter: "90 天内", later: "更晚", never: "无到期日" },
  services: {
    "tencent-ssl": "腾讯云 SSL 证书",
    "tencent-edgeone": "腾讯云 EdgeOne",
    "alibaba-cas": "阿里云数字证书管理服务",
    "alibaba-cdn": "阿里云 CDN",
    "alibaba-dcdn": "阿里云全站加速 DCDN",
    "alibaba-vod": "阿里云视频点播",
    "huawei-live": "华为云直播",
    "huawei-scm": "华为云云证书管理服务",
  },
  storedAt: (service) => `${service}：已存储的证书`,
  domainsOf: (service) => `${service}：域名`,
  domain: "域名",
  names: "域名",
  certificate: "证书",
  ends: "到期",
  edge: "边缘实际返回",
  sameEnd: "同一天到期",
  usedBy: "使用者",
  drift: "不一致",
  drifts: {
    "its edge serves no certificate": "边缘没有返回证书。",
    "HTTPS is off according to the cloud, and its edge serves a certificate":
      "云平台显示 HTTPS 已关闭，但边缘返回了证书。",
    "its edge serves another certificate than the cloud lists": "边缘返回的证书与云平台列出的不同。",
  },
  driftCount: (count) => `${count} 个域名实际返回的证书与云平台列出的不一致`,
  httpsOff: "HTTPS 已关闭",
  changing: "变更中",
  next: (id) => `${id} 可覆盖更久`,
  daysLeft: (days) => (days < 0 ? `已过期 ${-days} 天` : days === 0 ? "今天到期" : `还有 ${days} 天`),
  noEnd: "没有证书",
  deployment: "部署",
  rollback: "回滚",
  job: (id) => `任务 ${id}`,
  gets: "证书",
  takenBack: "被撤下的证书",
  target: "目标",
  before: "变更前",
  then: "变更后",
  accepted: "已接受",
  served: "已生效",
  planning: "正在规划。发送任何请求之前都会先请人批准。",
  live: "任务执行期间会自动更新。",
  notLive: "此客户端不转发进度，调用结束后这里会显示结果。",
  putBack: "变更前的内容",
  givenCertificate: "本次调用的证书",
  notYet: "尚未",
  unknown: "未知",
  states: {
    planned: "已计划",
    "not attempted": "未发送",
    sending: "正在发送",
    accepted: "已接受，尚未看到生效",
    served: "已生效",
    "put back": "已恢复并生效",
    unchanged: "原本就是这张证书",
    failed: "失败",
    superseded: "已被后来的变更取代",
    "incomplete chain": "已生效，但证书链不完整",
  },
  cancelled: "调用已取消。此前完成了什么，可以问助手。",
  failed: "调用失败",
  waiting: "调用仍在进行",
  watchEnded: "停止观察",
  next_step: "下一步",
  textOnly: "此回复没有图形显示，文字回复中包含全部内容。",
  labelled: (label, text) => `${label}：${text}`,
};

export const viewTextsIn: Readonly<Record<Language, ViewTexts>> = { en: viewInEnglish, "zh-CN": viewInChinese };

/** Our own word for a term of a reply; undefined for a term that is none of ours. */
export function termIn(terms: Readonly<Record<string, string>>, term: string): string | undefined {
  return Object.hasOwn(terms, term) ? terms[term] : undefined;
}

/** "2026-12-18"; of anything that is no date, what was given. */
export function dayOf(at: string): string {
  return /^\d{4}-\d\d-\d\d/.test(at) ? at.slice(0, "YYYY-MM-DD".length) : at;
}

/** "2026-12-18 08:30 UTC" */
export function minuteIn(at: string): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  return `${new Date(time).toISOString().slice(0, "YYYY-MM-DDTHH:MM".length).replace("T", " ")} UTC`;
}
