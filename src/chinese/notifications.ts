/** What people are told outside the conversation. */
export const notificationTexts: Readonly<Record<string, string>> = {
  "cloudcert-mcp: {0}": "cloudcert-mcp：{0}",
  "This is the sandbox: nothing real is touched.": "这是沙箱，不涉及任何真实资源。",

  "a domain's certificate expires soon": "有一个域名的证书即将到期",
  "the certificates of {0} domains expire soon": "有 {0} 个域名的证书即将到期",
  planned: "已拟定计划",
  "a change is waiting for your approval": "有变更等待你审批",
  "a change needs a person, and nobody was asked": "有变更需要人审批，但没有请任何人审批",
  "done and verified": "已完成，并已验证",
  "failed or incomplete": "失败或未全部完成",
  "a domain serves something other than what its cloud lists": "有一个域名实际返回的证书与云上记录不一致",
  "{0} domains serve something other than what their clouds list": "有 {0} 个域名实际返回的证书与云上记录不一致",
  "done without asking, by a standing approval": "已按长期授权执行，无需再审批",
  "a standing approval is near its end": "有一项长期授权即将失效",

  "Plan {0}: {1}": "计划 {0}：{1}",
  "and {0} more warnings": "另有 {0} 条警告",
  "It can be decided until {0}.": "可在 {0} 之前审批。",
  "A person decides where the server asks, not here.": "请在服务器发起审批请求的地方审批；此处不能审批。",
  "Nothing was done, and nothing waits. Run {0} as {1} on {2}, or give a standing approval.":
    "未作任何变更，也没有任何审批在等待。请在主机 {2} 上以用户 {1} 运行 {0}，或授予长期授权。",
  "Standing approval {0}: {1} uses left, last day {2}.": "长期授权 {0}：剩余 {1} 次，最后一天为 {2}。",
  "After that, a person is asked again about: {0}.": "此后，以下域名的变更将重新由人审批：{0}。",

  "{0}: until {1}": "{0}：有效期至 {1}",
  "{0}: listed {1}, served {2}": "{0}：云上记录为{1}，实际返回{2}",

  Deployment: "部署",
  Rollback: "回滚",
  Deletion: "删除",
  "Turning HTTPS off": "关闭 HTTPS",
  "{0}: certificate for {1}, until {2}": "{0}：{1} 的证书，有效期至 {2}",
  "Verified: {0} of {1}.": "已验证：{0}/{1}。",
  "Failed: {0}.": "失败：{0}。",
  "Not completed: {0}.": "未完成：{0}。",
  "and {0} more": "另有 {0} 个",
};
