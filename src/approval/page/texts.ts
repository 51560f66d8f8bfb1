import type { Decision } from "../../audit/entry.js";
import type { Language } from "../../lib/language.js";
import { clockTime } from "../../lib/moment.js";

/** All texts of the page that do not come from the plan. */
export const englishTexts = {
  lang: "en",
  needed: "Approval needed",
  asked: "An assistant asks for your approval",
  environment: "Environment",
  service: "Service",
  account: "Acts as",
  asker: "Asked by",
  action: "Action",
  warnings: "Before you approve",
  changes: "What changes",
  object: "Object",
  now: "Now",
  after: "After",
  details: "Facts and every argument that will be sent",
  facts: "Facts",
  arguments: "Arguments",
  digest: "SHA-256 of all arguments",
  answer: "Your answer",
  /** Precedes the name in the label of its field. */
  typeName: "To approve, type",
  typeHint: "Exactly as shown. Enter does nothing here: choose a button.",
  typeMismatch: "This is not the name. Nothing was sent yet.",
  decline: "Decline",
  approve: "Approve",
  deadline: (at: Date) => `You can answer until ${clockTime("en-GB", at)}. After that nothing is sent.`,
  origin: "This page comes from cloudcert-mcp on this computer. The assistant was not given the link to it.",
  notices: {
    approved: {
      title: "Approved",
      body: "Your approval was passed on. Whether the change succeeds is not known here: the assistant will report it.",
    },
    declined: { title: "Declined", body: "Nothing was sent. The assistant is told that you declined." },
    "wrong name": {
      title: "Not approved: the name did not match",
      body: "Nothing was sent. To try again, ask the assistant for the change once more.",
    },
    gone: { title: "Already decided", body: "This link can no longer be used." },
    expired: {
      title: "Expired",
      body: "The time to answer is over. Nothing was sent. If you still want the change, ask the assistant again.",
    },
    unknown: {
      title: "Unknown link",
      body: "No request belongs to this link. Nothing was decided.",
    },
    outdated: {
      title: "Invalid form",
      body: "Nothing was decided. Open the link of the request again and answer there.",
    },
  },
  ended: {
    approved: "The request was approved.",
    declined: "The request was declined. Nothing was sent.",
    dismissed: "The assistant no longer waits for an answer. Nothing was sent.",
    "wrong name": "The name that was typed did not match. Nothing was sent.",
  } satisfies Record<Decision, string>,
  close: "You can close this page.",
};

export type Texts = Readonly<typeof englishTexts>;

/** The notices shown when there is nothing to decide. */
export type Notice = keyof Texts["notices"];

export const chineseTexts: Texts = {
  lang: "zh-Hans",
  needed: "需要你批准",
  asked: "助手请求你的批准",
  environment: "环境",
  service: "服务",
  account: "使用身份",
  asker: "发起人",
  action: "操作",
  warnings: "批准前请注意",
  changes: "变更内容",
  object: "对象",
  now: "现在",
  after: "变更后",
  details: "相关信息与将要发送的全部参数",
  facts: "相关信息",
  arguments: "参数",
  digest: "全部参数的 SHA-256",
  answer: "你的答复",
  typeName: "如要批准，请输入",
  typeHint: "须与所示完全一致。在此按回车键不会提交，请点击按钮。",
  typeMismatch: "名称不一致，尚未发送任何请求。",
  decline: "拒绝",
  approve: "批准",
  deadline: (at) => `请在 ${clockTime("zh-CN", at)} 之前答复，逾期不会发送任何请求。`,
  origin: "此页面由本机上的 cloudcert-mcp 提供，其链接未提供给助手。",
  notices: {
    approved: { title: "已批准", body: "你的批准已转达。此页面无法得知变更结果，助手会向你报告。" },
    declined: { title: "已拒绝", body: "未发送任何请求。助手会得知你已拒绝。" },
    "wrong name": { title: "未批准：名称不一致", body: "未发送任何请求。如需重试，请让助手重新发起变更。" },
    gone: { title: "此请求已处理", body: "此链接不能再次使用。" },
    expired: { title: "已过期", body: "答复时间已过，未发送任何请求。如仍需变更，请让助手重新发起。" },
    unknown: { title: "链接无效", body: "没有与此链接对应的请求，未作任何决定。" },
    outdated: { title: "表单无效", body: "未作任何决定。请重新打开请求的链接并在该页面答复。" },
  },
  ended: {
    approved: "该请求已获批准。",
    declined: "该请求已被拒绝，未发送任何请求。",
    dismissed: "助手已不再等待答复，未发送任何请求。",
    "wrong name": "输入的名称不一致，未发送任何请求。",
  },
  close: "你可以关闭此页面。",
};

export const textsIn: Readonly<Record<Language, Texts>> = { en: englishTexts, "zh-CN": chineseTexts };
