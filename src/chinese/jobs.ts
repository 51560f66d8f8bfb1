/** What jobs ask and warn of. */
export const jobTexts: Readonly<Record<string, string>> = {
  "certificate {0}, {1}": "证书 {0}，{1}",
  "Covered, but in another cloud than the certificate's store, and left as they are: {0}.":
    "已覆盖但不在该证书库所属的云、保持原样的域名：{0}。",
  "The store shows names, expiry and fingerprint of the certificate, and not its chain: whether an intermediate is missing shows only at the edge.":
    "证书库只显示证书的域名、到期时间和指纹，不显示证书链：是否缺少中间证书，只能在边缘节点看到。",
  "Delete {0} for good?": "永久删除{0}？",
  "unused certificate": "未使用的证书",
  "{0} more are unused; call again for them.": "还有 {0} 张未使用；再次调用即可处理。",
  "{0}: {1}.": "{0}：{1}。",
  "Kept, not deleted": "保留、不删除",
  "{0} can replace {1}, which ends on {2}.": "{0} 可以接替 {1}，后者于 {2} 到期。",
  "{0} can replace {1}, which ends on {2}, for clients that accept what browsers refuse.":
    "对于接受浏览器所拒绝证书的客户端，{0} 可以接替 {1}，后者于 {2} 到期。",
  "{0} is not valid before {1}, so nothing can use it yet.": "{0} 在 {1} 之前尚未生效，因此还没有什么能使用它。",
  "{0} is all there is to replace {1}, which ends on {2}, though browsers would refuse it.":
    "能接替 {1}（{2} 到期）的只有 {0}，但浏览器会拒绝它。",
  "the certificate of {0}": "{0} 的证书",
  "Not everything in the other clouds could be read, so a certificate may be about to be needed there.":
    "其他云上的内容未能全部读取，因此证书可能即将在那里用到。",
  "Not everything in account {0} could be read, so a certificate may be about to be needed there.":
    "账号 {0} 中的内容未能全部读取，因此证书可能即将在那里用到。",
  "In account {0}: {1}": "账号 {0}：{1}",
  "Only this account is deleted from, and these are in account {0}: {1}.":
    "此处只删除本账号中的证书，而以下证书在账号 {0} 中：{1}。",
  "Only certificates of Tencent Cloud SSL are deleted here, and these are in {0}, whose console deletes them: {1}.":
    "这里只删除腾讯云 SSL 的证书；以下证书在{0}，请到其控制台删除：{1}。",
  "Only certificates of Tencent Cloud SSL are deleted here. In {0}, whose console deletes them, these have expired, and no domain that is listed has them; other products there may use them: {1}.":
    "这里只删除腾讯云 SSL 的证书。{0}中的以下证书已过期，且没有已列出的域名在用，但可能有其他产品在用，请到其控制台删除：{1}。",
  "Not listed, or no longer: {0}.": "未列出或已不存在：{0}。",
  "In use": "正在使用",
  "{0} by {1}": "{0}（使用方：{1}）",
  "{0} is the remark of {1}: give the id.": "{0} 是 {1} 的备注名：请给出证书 ID。",
  "{0} is a domain of {1}: give the id.": "{0} 是 {1} 的域名：请给出证书 ID。",
  "{0} is not listed, but there is: {1}. Ids are case-sensitive.": "未列出 {0}，但列有：{1}。ID 区分大小写。",
  "Uploaded and still valid: {0}. A server outside the clouds may use it, and this may be the only copy of its key.":
    "上传的证书，仍在有效期内：{0}。云外的服务器可能正在使用它，它的私钥也可能只有这一份。",
  "Cancelled, failed or revoked, so deleted only if named (certificate_ids): {0}.":
    "已取消、审核失败或已吊销，只有在 certificate_ids 中明确指定时才会删除：{0}。",
  "Not expired, and only expired ones were asked for: {0}.": "尚未过期，而本次只要求删除已过期的：{0}。",
  "Being deployed, and not seen to be served yet": "正在部署，尚未确认生效",
  "What uses them could not be found out": "无法查明哪些资源在用",
  "May be served on {0}, where the list of {1} does not show every certificate":
    "可能正用于 {0}（{1}的列表没有完整显示其所用证书）",
  "Downloaded according to the operation log, so something else may use them": "操作日志显示已被下载，别处可能在用",
  "CA certificates: client verification is not reported by every product":
    "CA 证书：并非每个产品都会报告客户端验证的使用情况",
  "Issued or ordered here: deleted only once expired, revoked or cancelled":
    "在这里签发或申请的证书：过期、吊销或取消之后才能删除",
  "HTTPS was turned off from here lately, which the cloud's list does not show yet: {0}.":
    "刚从这里关闭了 HTTPS，云上的列表还没有反映：{0}。",
  "They have the old certificate in services that were not named, and are left as they are: {0}.":
    "在未指定的服务中也用着旧证书、保持原样的域名：{0}。",
  "They have the old certificate, but the new one does not cover them: {0}.":
    "以下域名用着旧证书，但新证书不覆盖它们：{0}。",
  "Every {0} resource that uses {1} is left as it is: the new certificate does not cover {2}, and one update changes all of them.":
    "使用 {1} 的{0}资源全部保持原样：新证书不覆盖 {2}，而一键更新会一并替换该产品的所有资源。",
  "{0} cannot be updated here, so {1} stays there: change that in the product itself":
    "{0} 无法在此一键更新，仍使用 {1}，请到对应产品中更换",
  "{0} is used by {1}, and not by what the target names: {2}.": "使用 {0} 的是 {1}，目标中指定的以下项没有在用：{2}。",
  "Whether they serve the old certificate could not be seen: {0}.": "以下域名返回的是不是旧证书无法查看：{0}。",
  "What else uses {0} could not be looked up: {1}": "还有哪些资源在用 {0} 无法查询：{1}",
  "Covered, but HTTPS was turned off from here lately, which the cloud's list does not show yet; left as they are: {0}.":
    "已覆盖，但不久前已由本程序关闭 HTTPS（云端列表尚未体现）、保持原样的域名：{0}。",
  "Covered, but without HTTPS now, and left as they are: {0}.": "已覆盖但目前没有 HTTPS、保持原样的域名：{0}。",
  "Covered, but whether they have HTTPS could not be read, and no certificate for them was seen at their edge; left as they are unless named as targets: {0}.":
    "已覆盖，但无法读取是否已开启 HTTPS，边缘节点上也没有看到覆盖它们的证书；除非指定为目标，否则保持原样：{0}。",
  "Its cloud says {0} of {1}: it may refuse a change until that has ended, so better wait first.":
    "所属的云显示 {1} 的状态为{0}：在此状态结束之前可能拒绝变更，最好先等待。",
  "Its cloud says {0} of {1}: it may refuse the change, and visitors may be served nothing.":
    "所属的云显示 {1} 的状态为{0}：可能拒绝本次变更，访客也可能无法访问。",
  "Which domains serve {0} under another id was not looked at: {1}": "未查看哪些域名以其他 ID 使用 {0}：{1}",
  "Whether {0} is a copy of the old certificate could not be read: {1}": "无法读取 {0} 是否为旧证书的副本：{1}",
  "its store shows no fingerprint.": "证书库未显示其指纹。",
  "Not set up here, so not looked at: {0}.": "此处未配置、因此未查看：{0}。",
  "Not set up in this account, so not looked at: {0}.": "本账号未配置、因此未查看：{0}。",
  "Other accounts, not looked at: {0}.": "其他账号，未查看：{0}。",
  "Not looked for: load balancers, CDN and other resources at Tencent Cloud beside EdgeOne. To change those that have an old certificate, name it in replaces.":
    "未查找腾讯云上 EdgeOne 以外的资源（负载均衡、CDN 等）。如需更换其中仍使用旧证书的资源，请在 replaces 中指明旧证书。",
  "Resources that use certificate {0}": "使用证书 {0} 的云资源",
  "CDN domain {0}": "CDN 域名 {0}",
  "DCDN domain {0}": "全站加速域名 {0}",
  "VOD domain {0}": "视频点播域名 {0}",
  "Upload to Tencent Cloud SSL": "上传到腾讯云 SSL 证书",
  "Fetch the key of certificate {0}": "取得证书 {0} 的私钥",
  "nothing uses it there": "那里没有云资源使用它",
  "{0}: served with {1} instead": "{0}：改用{1}",
  "the certificate that is uploaded first": "先行上传的证书",
  "{0}, uploaded first": "{0}，先行上传",
  "{0}, beside {1}": "{0}，同时保留 {1}",
  "EdgeOne host {0}": "EdgeOne 域名 {0}",
  "{0}: clients that take only {1} are turned away{2}.": "{0}：只接受 {1} 的客户端将被拒绝{2}。",
  "{0}: whether it also has a certificate of another algorithm (RSA, ECDSA) could not be seen: {1}. If so, this removes it.":
    "{0}：未能查看是否另有其他算法的证书（RSA、ECDSA）：{1}。如果有，本次变更会将其移除。",
  "These EdgeOne hosts may have certificates that are not shown here: the list that has all of them was not read (DescribeAccelerationDomains): {0}. One that no check of the edge shows either, such as SM2, is removed, and roll_back cannot put it back.":
    "这些 EdgeOne 域名可能还有此处未列出的证书：未能读取列有全部证书的域名列表（DescribeAccelerationDomains）：{0}。检查边缘节点也看不到的证书（如国密 SM2）将被移除，roll_back 无法恢复。",
  "{0} may have certificates that are not shown here: the list that has all of them (DescribeAccelerationDomains) does not tell: {1}. One that no check of the edge shows either, such as SM2, is removed, and roll_back cannot put it back.":
    "{0} 可能还有此处未列出的证书：列有全部证书的域名列表（DescribeAccelerationDomains）未给出结果：{1}。检查边缘节点也看不到的证书（如国密 SM2）将被移除，roll_back 无法恢复。",
  "it is a free one of EdgeOne's own": "它是 EdgeOne 自有的免费证书",
  "Whether these hosts also have certificates of another algorithm (RSA, ECDSA) was not checked: they are too many. Any such certificate is removed.":
    "域名过多，未查看它们是否另有其他算法的证书（RSA、ECDSA）。如果有，本次变更会将其移除。",
  ": what its edge serves them is not in Tencent Cloud SSL, so it can neither be kept nor put back":
    "：其边缘节点为它们返回的证书不在腾讯云 SSL 证书中，既无法保留，也无法恢复",
  "; to serve both, upload this one and name both ids in ServerCertInfo of ModifyHostsCertificate":
    "；如要同时使用两张，请先上传这一张，再在 ModifyHostsCertificate 的 ServerCertInfo 中写明两个 ID",
  "it expires {0}": "它将于 {0} 到期",
  "it does not cover {0}": "它不包含 {0}",
  ", as {0} cannot be set again: {1}": "，因为 {0} 无法再次设置：{1}",
  unknown: "未知",
  "Tencent Cloud already stores this certificate as {0}, but lacks its chain or does not show it: it is stored again, with its chain.":
    "腾讯云已存有该证书（{0}），但那里缺少证书链，或没有显示：将连同证书链再存一份。",
  "beside {0} its edge served {1}, which Tencent Cloud SSL does not have; ModifyHostsCertificate sets {2} alone":
    "除 {0} 之外，其边缘节点还返回过 {1}，而腾讯云 SSL 证书中没有；ModifyHostsCertificate 只能设置 {2}",
  "certificate {0}, which it had, {1}": "它之前的证书 {0}：{1}",
  "what failed is tried again": "重试失败的部分",
  "private key of certificate {0}, fetched from Tencent Cloud after approval, public half SHA-256 {1}":
    "证书 {0} 的私钥，批准后从腾讯云取得，公钥 SHA-256 {1}",
  "fetched from Tencent Cloud after approval and sent to the targets that need it; held in memory here":
    "批准后从腾讯云取出，发送给需要它的目标；本机只放在内存中，不写入磁盘",
  "{0} (expires {1})": "{0}（{1} 到期）",
  "{0} target": "{0} 个目标",
  "{0} targets": "{0} 个目标",
  "{0} of {1}": "{1}中的 {0} 个",
  "Serve the certificate for {0} on {1}?": "将证书 {0} 部署到 {1}？",
  "It expires {0}, before what is served now on: {1}.": "新证书于 {0} 到期，早于以下目标目前部署的证书：{1}。",
  "{0}: {1}, so this cannot be undone.": "{0}：{1}，因此部署后无法回滚。",
  "certificate {0} is served again": "重新使用证书 {0}",
  "none: HTTPS off, as before": "无：HTTPS 关闭，与之前一样",
  "no HTTPS, as before": "无 HTTPS，与之前一样",
  "what a wildcard serves cannot be seen, only what its hosts serve":
    "无法查看泛域名当前返回的证书，只能查看具体域名的",
  "What it serves now could not be seen: {0}": "未能查看它当前返回的证书：{0}",
  "Whether a one-click update is bringing another certificate there was not read ({0}): {1}.":
    "未读取是否有一键更新正在为它更换证书（{0}）：{1}。",
  "what it has now was not read: {0}": "未读取它当前的证书：{0}",
  "what it has now is not known": "它当前的证书未知",
  "it serves this certificate already; whether HTTP is redirected cannot be seen and was not changed: UpdateDomainHttpsCert sets it":
    "它已在使用此证书；HTTP 是否跳转无法查看，未作更改：可用 UpdateDomainHttpsCert 设置",
  "{0} (under another access key)": "{0}（使用其他访问密钥）",
  "a certificate that is not known here": "一张此处未知的证书",
  "Whether Tencent Cloud already stores the certificate was not checked: {0}.": "未查询腾讯云是否已存有该证书：{0}。",
  "the previous certificate has expired": "原证书已过期",
  "the key of the previous certificate ({0}, {1}) is not available here: pass certificate and private_key by reference":
    "这里没有原证书的私钥（{0}，{1}）：请以引用方式传入 certificate 和 private_key",
  "the given certificate ({0}) is not the previous one ({1}, {2}): pass that one and its key":
    "传入的证书（{0}）不是原证书（{1}，{2}）：请传入原证书及其私钥",
  "the given certificate is the previous one ({0}, {1}), but with another chain: pass it with the chain that was served":
    "传入的证书就是原证书（{0}，{1}），但证书链不同：请连同原来使用的证书链一起传入",
  "the key of the previous certificate may be at Tencent Cloud, but this server's policy excludes {0}: pass certificate and private_key by reference":
    "原证书的私钥可能在腾讯云，但本服务器的策略不允许 {0}：请以引用方式传入 certificate 和 private_key",
  "no deployment record is known": "没有已知的部署记录",
  "record {0} is still running ({1}): wait_for it first": "记录 {0} 仍在执行（{1}）：请先用 wait_for 等待",
  "record {0} contains nothing to undo ({1})": "记录 {0} 中没有可撤销的内容（{1}）",
  "what it had before is not known": "它之前的证书未知",
  "it had a free certificate of EdgeOne's own: set it by ModifyHostsCertificate, Mode eofreecert_manual":
    "它之前使用 EdgeOne 的免费证书：请用 ModifyHostsCertificate 设置，Mode 为 eofreecert_manual",
  "what it served before could not be seen": "未能查看它之前返回的证书",
  "its addresses served several certificates before": "它的各个地址之前返回的证书不止一张",
  "{0} cannot go back: {1}.": "{0} 无法回滚：{1}。",
  "Roll back deployment {0} of {1} on {2}?": "回滚部署 {0}（证书 {1}，{2}）？",
  "Write {0} to files named {1} in {2}?": "将{0} 写入 {2} 下名为 {1} 的文件？",
  "private key and certificates": "私钥和证书",
  "{0}, for {1}": "{1} 的{0}",
  "A private key on disk can be read by every program of its owner.": "磁盘上的私钥可被该用户的所有程序读取。",
  "Files {0} in {1}": "{1} 下的文件 {0}",
  "File {0}": "文件 {0}",
  "archive that cannot be opened here": "此处无法打开的压缩包",
  "certificate and intermediates": "证书及中间证书",
  "intermediate certificates": "中间证书",
  "certificate signing request": "证书签名请求（CSR）",
  "confirmation letter": "确认函",
  "{0}, of the certificate for {1}": "{0}，属于 {1} 的证书",
  "{0}, which expires {1}": "{0}（{1} 到期）",
  written: "已写入",
  "{0} ({1}, {2})": "{0}（{1}，{2}）",
  "accepted {0}": "{0} 已受理",
  "sent with unknown outcome {0}": "{0} 已发送，结果未知",
  ", under another access key": "，使用其他访问密钥",
  "what {0} set ({1})": "{0} 的设置（{1}）",
  "a deployment (job {0}, {1})": "部署（任务 {0}，{1}）",
  "a rollback (job {0}, {1})": "回滚（任务 {0}，{1}）",
  "a deletion (job {0}, {1})": "删除（任务 {0}，{1}）",
  "check_served_certificate shows when it has arrived": "可用 check_served_certificate 查看是否已生效",
  "wait_for deployment {0}": "请用 wait_for 等待部署 {0}",
  "{0} is still rolling out there, with {1}. This replaces it; it is better to wait first ({2}).":
    "{0} 仍在生效过程中（{1}），本次操作会取代它；建议先等它完成（{2}）。",
  "{0}: the same was asked for before ({1}), and may not be listed yet. This asks for another one.":
    "{0}：此前已提交过同样的申请（{1}），列表中可能尚未显示；本次操作会再提交一份。",
  "{0} may still be bringing certificate {1} to {2}; until it has arrived, that does not count as a use of it. It is better to wait first ({3}).":
    "{0} 可能仍在把证书 {1} 部署到 {2}；生效之前不计为使用该证书。建议先等它完成（{3}）。",

  // Records that cannot be read
  "The journal could not be read: {0}": "无法读取任务日志：{0}",
  "1 record of the journal could not be read: {0}": "任务日志中有 1 条记录无法读取：{0}",
  "{0} records of the journal could not be read: {1}": "任务日志中有 {0} 条记录无法读取：{1}",
  "{0}. What these sent is not known: it may still be on its way, or be sent again.":
    "{0}。无法得知其中发送过什么：可能仍在生效过程中，也可能会被重复发送。",

  // Waves
  "Job {0}, which was to serve this certificate on {1}, was rolled back on {2} by job {3}.":
    "任务 {0} 曾要把这张证书部署到 {1}，已于 {2} 被任务 {3} 回滚。",
  "Serve the certificate for {0} on {1}, in waves of {2}?": "将证书 {0} 分批部署到 {1}（各批 {2} 个）？",
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
