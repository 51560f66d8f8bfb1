/** Texts of the team's server. */
export const teamTexts = {
  "{0} with a client that calls itself {1}": "{0}（通过自称 {1} 的客户端）",
  "Asked by": "发起人",
  "Decided by": "决定人",
  "Asked by: {0}": "发起人：{0}",
  "Decided by: {0}, {1}, {2}": "决定人：{0}，{1}，{2}",
  "{0}: {1}, {2}": "{0}：{1}，{2}",
  "{0} was approved for {1} and begun at {2}. Find out what came of it first.":
    "{0}已在 {2} 为 {1} 获批并开始执行。请先查明其结果。",
  "{0} asks for the same, and that question is not done yet.": "{0} 也发起了同样的变更，该问题尚未了结。",
  "{0} asks for it.": "由 {0} 发起。",
  "It is decided on the server's page, by whoever the rules let approve it, after logging in.":
    "由规则允许的审批人登录服务器页面后决定。",
};
