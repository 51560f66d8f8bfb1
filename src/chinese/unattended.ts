/** What the commands of a shell or a schedule tell people. */
export const unattendedTexts: Readonly<Record<string, string>> = {
  "Done.": "已完成。",
  "Failed.": "失败。",
  "Not carried out: the arguments or the settings do not allow it.": "未执行：参数或设置不允许。",
  "Not carried out: nobody has approved it.": "未执行：没有人批准。",
  "Accepted by the cloud, and not seen at the edge in the time allowed.":
    "云端已受理，但在规定时间内未在边缘节点看到生效。",
  "Ended by a signal.": "已被信号终止。",
  "A dry run: nobody was asked, and nothing was sent.": "试运行：没有询问任何人，也没有发出任何请求。",
  "Next: {0}": "下一步：{0}",
};
