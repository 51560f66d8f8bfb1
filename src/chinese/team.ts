/** Texts of the team's server. */
export const teamTexts = {
  "{0} with a client that calls itself {1}": "{0}（通过自称 {1} 的客户端）",
  "Asked by": "发起人",
  "Decided by": "决定人",
  "Asked by: {0}": "发起人：{0}",
  "Decided by: {0}, {1}, {2}": "决定人：{0}，{1}，{2}",
  "{0}: {1}, {2}": "{0}：{1}，{2}",
  "{0} asks for it.": "由 {0} 发起。",
  "It is decided on the server's page, by whoever the rules let approve it, after logging in.":
    "由规则允许的审批人登录服务器页面后决定。",
};
