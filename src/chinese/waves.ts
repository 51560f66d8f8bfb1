/** What is said of a deployment in waves. */
export const waveTexts: Readonly<Record<string, string>> = {
  "Serve the certificate for {0} on {1}, in waves of {2}?": "分批（每批 {2} 个）在{1}上启用证书 {0}？",
  "{0} (wave {1} of {2})": "{0}（第 {1} 批，共 {2} 批）",
  "All {0} targets are sent at once, not in waves: a fault reaches all of them.":
    "全部 {0} 个目标一次下发，不分批：一旦出错，所有目标都会受影响。",
  "None of the targets can be looked at from here, so all are sent at once: no wave could be proven.":
    "从这里无法查看任何目标，任何一批都无法验证，因此全部一次下发。",
  "Sent before and not proven yet: {0}. Nothing more is sent until each is seen served and trusted.":
    "此前已下发但尚未验证的目标：{0} 个。确认它们都已生效且受信任之前，不再下发。",
  "Cannot be looked at from here, so sent last, once everything else is proven: {0}.":
    "从这里无法查看、因此等其他目标都验证之后才下发的目标：{0}。",
  "{0}: Tencent Cloud changes all of them with one request, so they go together, once everything else is proven.":
    "{0}：腾讯云用一个请求更新全部资源，无法分批，因此等其他目标都验证之后一起更新。",
};
