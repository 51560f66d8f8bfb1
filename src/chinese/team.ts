/** Texts of the team's server. */
export const teamTexts = {
  "{0} with {1}": "{0}（通过 {1}）",
  "{0} asks for it.": "由 {0} 发起。",
  "It is decided on the server's page, by whoever the rules let approve it, after logging in.":
    "由规则允许的审批人登录服务器页面后决定。",
};
