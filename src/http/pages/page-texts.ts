import type { UncountedReason } from "../../access/requirement.js";
import type { QuestionState, TeamDecision } from "../../approval/team/question.js";
import type { Language } from "../../lib/language.js";
import { clockTime } from "../../lib/moment.js";

/** All texts of the team's pages that come neither from a plan nor from the page of one person. */
const english = {
  lang: "en",
  origin: "This page comes from your team's cloudcert-mcp server. Only whoever has logged in sees it.",
  questions: "Questions",
  upload: "Upload a key or certificate",
  logOut: "Log out",
  waiting: "Waiting for your decision",
  others: "Asked by you, or waiting for others",
  ended: "Ended within the last hour",
  nothing: "Nothing waits for you.",
  askedBy: (name: string) => `asked by ${name}`,
  until: (at: Date) => `until ${clockTime("en-GB", at)}`,
  given: (given: number, needed: number) => `Approvals: ${given} of ${needed}`,
  states: {
    open: "open",
    approved: "approved, not carried out yet",
    declined: "declined",
    "wrong name": "declined: the name did not match",
    withdrawn: "withdrawn",
    expired: "not decided or not used in time",
    used: "approved, and passed on to be carried out",
  } satisfies Record<QuestionState, string>,
  answers: "Answers so far",
  answered: {
    approved: (name: string, at: Date) => `${name} approved at ${clockTime("en-GB", at)}`,
    declined: (name: string, at: Date) => `${name} declined at ${clockTime("en-GB", at)}`,
    "wrong name": (name: string, at: Date) => `${name} typed another name at ${clockTime("en-GB", at)}`,
  } satisfies Record<TeamDecision["answer"], unknown>,
  youAnswered: "You have answered. This page shows what became of it; load it again to see the newest.",
  whyNot: {
    "own question": "You asked for this yourself: somebody else has to decide it.",
    "not an approver": "The rules do not name you as an approver of this.",
    "no scope": "Your login does not allow approving (certs:approve is missing).",
    "quiet hours": "These are quiet hours: nothing is approved now. You can decline.",
  } satisfies Record<UncountedReason, string>,
  again: "This cannot be undone, or it lasts. Log in once more to decide it.",
  logInAgain: "Log in again",
  uploadTitle: "Upload a key or certificate",
  uploadIntro:
    "What you upload here goes into your own vault and is never shown again. You get a reference, which the assistant can use in its place.",
  account: "For the account",
  file: "File in PEM or DER: a private key, a certificate with its chain, or both",
  password: "Password of the key, if it is encrypted",
  send: "Upload",
  uploaded: "Uploaded",
  uploadedIntro:
    "Give these references to the assistant. They work for you alone, with this account, until the vault drops them.",
  privateKey: "Private key",
  certificate: "Certificate",
  notices: {
    "logged out": { title: "Logged out", body: "Your session here has ended, at every server of the team." },
    "not logged in": {
      title: "Not logged in",
      body: "The login was not completed, is too old, or was used before. Nothing was decided.",
    },
    unavailable: {
      title: "Login is not possible now",
      body: "The identity provider does not answer as it should. Nothing was decided. Try again in a minute.",
    },
    unknown: { title: "Nothing here for you", body: "There is no such page, or it is not for you." },
    refused: { title: "Invalid form", body: "Nothing was decided. Open the page again and answer there." },
    over: { title: "No longer open", body: "Your answer came too late or was already given. It does not count." },
    "too many": { title: "Too many requests", body: "Nothing was done. Wait a minute, then load the page again." },
    failed: {
      title: "That did not work",
      body: "A service this page depends on is not responding. Nothing was changed. Try again in a minute.",
    },
    unsure: {
      title: "It may not have worked",
      body: "Something failed on the way, and it is not known whether what you sent took effect. Open the page again in a minute: it shows what counts.",
    },
  },
  back: "Back to the questions",
  logIn: "Log in",
};

export type PageTexts = Readonly<typeof english>;
export type PageNotice = keyof PageTexts["notices"];

const chinese: PageTexts = {
  lang: "zh-Hans",
  origin: "此页面由你团队的 cloudcert-mcp 服务器提供，仅登录者可见。",
  questions: "待批准的变更",
  upload: "上传私钥或证书",
  logOut: "退出登录",
  waiting: "等待你决定",
  others: "由你发起，或等待他人决定",
  ended: "最近一小时内已结束",
  nothing: "没有等待你处理的变更。",
  askedBy: (name) => `发起人：${name}`,
  until: (at) => `截止 ${clockTime("zh-CN", at)}`,
  given: (given, needed) => `已获 ${given}/${needed} 人批准`,
  states: {
    open: "待决定",
    approved: "已批准，尚未执行",
    declined: "已拒绝",
    "wrong name": "已拒绝：名称不一致",
    withdrawn: "已撤回",
    expired: "未在期限内决定或使用",
    used: "已批准并已交付执行",
  },
  answers: "已有的答复",
  answered: {
    approved: (name, at) => `${name} 于 ${clockTime("zh-CN", at)} 批准`,
    declined: (name, at) => `${name} 于 ${clockTime("zh-CN", at)} 拒绝`,
    "wrong name": (name, at) => `${name} 于 ${clockTime("zh-CN", at)} 输入的名称不一致`,
  },
  youAnswered: "你已答复。此页面显示结果，重新加载可查看最新状态。",
  whyNot: {
    "own question": "此变更由你本人发起，须由他人决定。",
    "not an approver": "规则未将你列为此变更的审批人。",
    "no scope": "你的登录不具备审批权限（缺少 certs:approve）。",
    "quiet hours": "当前为静默时段，不批准任何变更，但你可以拒绝。",
  },
  again: "此变更无法撤销，或将长期有效。请重新登录后再决定。",
  logInAgain: "重新登录",
  uploadTitle: "上传私钥或证书",
  uploadIntro: "上传的内容直接存入你本人的保管库，此后不再显示。你会得到一个引用，助手可用它代替内容本身。",
  account: "所属账号",
  file: "PEM 或 DER 文件：私钥、证书及其证书链，或两者都有",
  password: "私钥密码（如已加密）",
  send: "上传",
  uploaded: "已上传",
  uploadedIntro: "请将以下引用提供给助手。引用仅对你本人和此账号有效，直至从保管库中移除。",
  privateKey: "私钥",
  certificate: "证书",
  notices: {
    "logged out": { title: "已退出登录", body: "你在团队所有服务器上的会话均已结束。" },
    "not logged in": { title: "未登录", body: "登录未完成、已过期或已被使用，未作任何决定。" },
    unavailable: { title: "暂时无法登录", body: "身份提供方未正常响应，未作任何决定。请稍后重试。" },
    unknown: { title: "没有可供你查看的内容", body: "此页面不存在，或不对你开放。" },
    refused: { title: "表单无效", body: "未作任何决定。请重新打开页面并在该页面答复。" },
    over: { title: "已结束", body: "你的答复过晚或已经提交过，不予计入。" },
    "too many": { title: "请求过多", body: "未作任何操作。请等待一分钟后重新加载页面。" },
    failed: { title: "操作未成功", body: "此页面所依赖的服务没有响应，未作任何更改。请稍后重试。" },
    unsure: {
      title: "操作可能未成功",
      body: "处理过程中出现故障，无法确定你提交的内容是否已生效。请稍后重新打开页面，以页面显示的结果为准。",
    },
  },
  back: "返回变更列表",
  logIn: "登录",
};

export const pageTextsIn: Readonly<Record<Language, PageTexts>> = { en: english, "zh-CN": chinese };
