/** What `cloudcert-mcp evidence` says. */
export const evidenceTexts: Readonly<Record<string, string>> = {
  Job: "任务",
  "Refused: this evidence proves nothing.": "不予采信：这份证据不能证明任何事。",
  "Verified against the {0}.": "已验证，依据：{0}。",
  " and the ": "、",
  "Unanchored: it fits together, but whoever rewrote all of it could have made it, too. Give --key or --head.":
    "没有锚点：内容自洽，但能整份改写的人也做得出这样的文件。请给出 --key 或 --head。",
  "It is signed with the key with SHA-256 {0}, which anybody could have made.":
    "由 SHA-256 为 {0} 的密钥签名，而这样的密钥任何人都能生成。",
  "Job {0} ({1}), lines {2} to {3} of the audit log": "任务 {0}（{1}），审计日志第 {2} 至 {3} 行",
  "Plan {0}: {1} on {2}, {3}": "计划 {0}：{1}，{2}，{3}",
  "Decision: {0} ({1}, {2}, after {3} s)": "决定：{0}（{1}，{2}，{3} 秒后）",
  "Question: {0}": "审批事项：{0}",
  "Change: {0}": "变更：{0}",
  "Request: {0} {1}: {2}": "请求：{0} {1}：{2}",
  "may have been sent: no answer is recorded": "可能已发送：没有应答记录",
  "Before: {0} {1}": "之前：{0} {1}",
  "After: {0} {1}": "之后：{0} {1}",
  "{0} more addresses are not recorded.": "另有 {0} 个地址未记录。",
  "not trusted: {0}": "不受信任：{0}",
  "public key with SHA-256 {0}": "SHA-256 为 {0} 的公钥",
  "head of the audit log: line {0}, hash {1}": "审计日志的链头：第 {0} 行，哈希 {1}",

  "It is too large to be evidence.": "文件过大，不是有效的证据文件。",
  "It is not evidence from this program, or it is damaged.": "文件不是本程序的证据文件，或已损坏。",
  "Something in it was changed: it is not what its own lines, sightings and certificates say.":
    "内容被改动过：与文件自身的日志行、查看记录和证书不一致。",
  "Its signature is wrong.": "签名无效。",
  "It is not signed.": "文件没有签名。",
  "It is signed with another key than the one given.": "签名所用的密钥不是给出的密钥。",
  "The certificate labelled {0} is a different one.": "标为 {0} 的证书与标记不符。",
  "It has certificates that nobody saw.": "文件中有任何一次查看都没有看到过的证书。",
  "The head given, line {0}, is older than all of it: nothing covers what came later.":
    "给出的链头（第 {0} 行）早于全部内容：之后的内容没有任何依据。",
  "The head given, line {0}, comes later than the lines in the file: export it again with --until {1} or --until end.":
    "给出的链头（第 {0} 行）晚于文件中的日志行：请用 --until {1} 或 --until end 重新导出。",
  "Line {0} is not the one whose hash was given.": "第 {0} 行的哈希与给出的不同。",
  "The head given, line {0}, is older than line {1}, which is about the job.":
    "给出的链头（第 {0} 行）早于与该任务有关的第 {1} 行。",
  "No line is about job {0}.": "没有任何一行与任务 {0} 有关。",
  "It begins with lines that are about something else.": "开头的几行与该任务无关。",
  "Line {0} of those in the file breaks the chain: {1}.": "文件中第 {0} 行使哈希链断开：{1}。",
  "Plan {0} was carried out, and its approval is not in the file.": "计划 {0} 已执行，但文件中没有对它的批准。",
  "Plan {0} was carried out before it was approved.": "计划 {0} 在批准之前就已执行。",
  "The time of line {0} is before that of the line before: the clock was set back.":
    "第 {0} 行的时间早于前一行：时钟曾被调回。",
  "What was seen is not what the lines of the log say was seen.": "查看记录与日志行中所记的不一致。",
  "Line {0} is about another sighting.": "第 {0} 行对应的是另一条查看记录。",
  "The time of the check in line {0} does not fit the other times.": "第 {0} 行那次查看的时间与其他时间不符。",
  "A certificate that was seen is missing (line {0}).": "缺少一张看到过的证书（第 {0} 行）。",

  "The audit log has no job {0}. list_jobs shows the jobs of this account; those of another --audit-log are not in it.":
    "审计日志中没有任务 {0}。list_jobs 列出本账号的任务；记在另一个 --audit-log 中的任务不在其中。",
  "The journal no longer has the sighting that line {0} of the audit log is about: its file was changed or removed.":
    "任务日志中已没有审计日志第 {0} 行所指的查看记录：文件被改动或删除。",
  "The audit log has no line {0} yet: it ends with line {1}.": "审计日志还没有第 {0} 行：目前到第 {1} 行为止。",
  "Line {0} is older than line {1}, the last one about the job: a head must be noted after the job.":
    "第 {0} 行早于与该任务有关的最后一行（第 {1} 行）：链头要在任务之后记下。",
  "From line {0} to line {1} the audit log is too long for one file.": "审计日志第 {0} 至 {1} 行太长，放不进一个文件。",
  "Line {0} of the audit log has another hash than the one given: the log was rewritten.":
    "审计日志第 {0} 行的哈希与给出的不同：日志被改写过。",
  "No evidence was written. {0}": "没有写出证据。{0}",
  "No evidence was written: {0}.": "没有写出证据：{0}。",
  "there is no audit log at {0}": "{0} 处没有审计日志",
  "there is no audit log at {0}, and none of the sandbox at {1}": "{0} 处没有审计日志，{1} 处也没有沙箱的审计日志",
  "There is no audit log at {0}; this is the sandbox's, {1}.": "{0} 处没有审计日志；这是沙箱的审计日志 {1}。",
  "the audit log {0} has no line yet": "审计日志 {0} 还没有任何一行",
  "{0} has no audit log yet": "{0} 中还没有审计日志",
  "It does not fit together.": "内容前后不一致。",
  Evidence: "证据",
  "{0} written: lines {1} to {2} of the audit log, {3} checks of what was served.":
    "{0} 已写出：审计日志第 {1} 至 {2} 行，{3} 次对所返回证书的查看。",
  "It is not signed: to check it, an auditor needs a head of the audit log ({0}), noted after the job and kept elsewhere.":
    "文件没有签名：审计人员核对时，需要一个在任务之后记下、保存在别处的审计日志链头（{0}）。",
  "It is signed: to check it, an auditor needs the public key, not from this file.":
    "文件已签名：审计人员核对时需要公钥，而且不能取自这个文件。",
  "{0} has the private key (--evidence-key), and {1} the public key for auditors, with SHA-256 {2}.":
    "{0} 是私钥（--evidence-key），{1} 是给审计人员的公钥，SHA-256 为 {2}。",
};
