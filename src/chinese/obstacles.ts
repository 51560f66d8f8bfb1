/** Why something is not asked, since it cannot succeed or has nothing to do; and what is warned of by what was found. */
export const obstacleTexts: Readonly<Record<string, string>> = {
  "{0} is {1}, so {2}": "{0}的状态是{1}，{2}",
  "{0} was uploaded, not ordered here, so {1}": "{0}是上传的，不是在这里申请的，{1}",
  "wait_for (certificate) until it is issued, or choose another.": "用 wait_for（certificate）等到签发，或者换一张。",
  "it cannot be served": "不能用来部署",
  "{0} expired on {1}, so it cannot be served": "{0}已于 {1} 过期，不能用来部署",
  "deployment record {0} is still running ({1} running, {2} waiting)":
    "部署记录 {0} 仍在执行（{1} 个执行中，{2} 个等待中）",
  "Follow it with wait_for (update, {0}), then call again.": "先用 wait_for（update，{0}）跟踪，结束后再次调用。",
  "{0}, so there is nothing to do": "{0}，无需操作",
  "Nothing is left to do.": "没有需要做的了。",
  "ModifyCertificateResubmit reopens a paid order that failed or was cancelled.":
    "失败或已取消的付费订单可用 ModifyCertificateResubmit 重新提交。",
  "wait_for (certificate) shows its progress.": "用 wait_for（certificate）查看进度。",
  "no server certificate": "没有服务器证书",
  "{0}: {1} already": "{0}：已经是{1}",
  "EdgeOne host": "EdgeOne 域名",
  "no cloud resource": "没有云资源",
  "no resource of {0} in these regions": "这些地域里没有 {0} 资源",
  "{0} uses {1}": "{0}在使用{1}",
  "find_certificates (with_bindings) shows what uses which certificate.":
    "find_certificates（with_bindings）会列出哪些资源在用哪张证书。",
  "The application is lost with its review and domain validations: a new one is needed.":
    "申请连同审核进度和域名验证一并作废，需要重新申请。",
  "it has no order that can be cancelled": "没有可以取消的订单",
  "An issued certificate is deleted, not cancelled.": "已签发的证书只能删除，不能取消。",
  "Nothing has to be cancelled.": "没有需要取消的。",
  "Choose a paid order (status 5).": "请选择付费订单（状态 5）。",
  "there is no order to send": "没有可以提交的订单",
  "its order does not wait to be sent": "订单并不处于待提交状态",
  "the order of {0} does not say yet which domain it is for": "{0}的订单还没有填写域名",
  "SubmitCertificateInformation first.": "请先调用 SubmitCertificateInformation。",
  "Whether cloud resources still use it could not be found out, and is not checked.":
    "没能查到是否还有云资源在使用，也不会再检查。",
  "Tencent Cloud does not delete it while they use it": "仍在使用期间，腾讯云不会删除它",
  "Tencent Cloud may refuse the deletion; if it does not, they lose their certificate":
    "腾讯云可能拒绝删除；如果没有拒绝，这些资源会失去证书",
  "Used by {0}: {1}. Give them another certificate first.": "正被{0}使用：{1}。请先为它们换上别的证书。",
  resource: "云资源",
  "Not all resources that may use it could be counted.": "可能在使用它的云资源没能全部统计到。",
  "as now; prevents the deletion": "不变；因此无法删除",
  "its successor": "新证书",
  "its successor {0}": "新证书 {0}",
  "is being reissued, and stays until {0} is issued": "正在重新签发，{0}签发前会一直保留",
  "wait_for (certificate) the successor.": "用 wait_for（certificate）等新证书签发。",
  "is free and less than an hour old: it cannot be deleted before {0}":
    "是不到一小时前申请的免费证书：{0} 之前不能删除",
  "Call again after {0}.": "请在 {0} 之后再次调用。",
  "was issued here (CannotBeDeletedIssued): it can be deleted once it has expired or was revoked":
    "是在这里签发的（CannotBeDeletedIssued）：过期或吊销之后才能删除",
  "Leave it; or a person revokes it in the vendor's console first.": "保留不动，或者先由人在云控制台吊销。",
  "its order has to be cancelled first": "需要先取消订单",
  "CancelCertificateOrder, then delete.": "先调用 CancelCertificateOrder，再删除。",
  "{0} has the remark {1} already": "{0}的备注已经是{1}",
  "Only a paid order that failed or was cancelled can be resubmitted.": "只有失败或已取消的付费订单可以重新提交。",
  "there is no application": "没有申请",
  "its application needs no resubmission": "申请不需要重新提交",
  "{0} is free, and a free application cannot be resubmitted": "{0}是免费证书，免费申请不能重新提交",
  "Apply for a new one (ApplyCertificate).": "请重新申请（ApplyCertificate）。",
  "no confirmation letter is awaited": "不需要确认函",
  "nothing in deployment record {0} has failed": "部署记录 {0} 中没有失败的项目",
  "deployment record {0} replaced nothing": "部署记录 {0} 没有替换任何证书",
  "it cannot be reissued here": "不能在这里重新签发",
  "Have it reissued where it was ordered, then UploadCertificate.":
    "请在原来的申请渠道重新签发，再用 UploadCertificate 上传。",
  "{0} was reissued already, as {1}": "{0}已经重新签发过，新证书为 {1}",
  "Go on with {0}.": "请改用 {0}。",
  "it cannot be reissued": "不能重新签发",
  "{0} expires in less than {1} days, and is renewed rather than reissued":
    "{0}不到 {1} 天就到期，应当续期而不是重新签发",
  "Apply for its renewal.": "请申请续期。",
  "A reissue cannot be undone, and a free certificate can be reissued only once.":
    "重新签发无法撤回，免费证书只能重新签发一次。",
  "there is no order to fill in": "没有可以填写的订单",
  "its order takes no data now": "订单现在不接受填写",
  "The same certificate is stored already, as {0}: this stores a copy of it.":
    "同一张证书已经存在（{0}）：这次会再存一份。",
  "the same certificate is stored already, as {0}": "同一张证书已经存在（{0}）",
  "{0} expires in {1} days, and can be renewed only in its last {2} days": "{0}还有 {1} 天到期，最后 {2} 天内才能续期",
  "Apply without OldCertificateId for an additional certificate, or wait until {0}.":
    "如需另外一张证书，请不带 OldCertificateId 申请；否则请等到 {0}。",
  "DnsNames is documented as not supported yet": "文档注明 DnsNames 暂不支持",
  "Apply for each name on its own, without DnsNames.": "请不带 DnsNames，为每个域名分别申请。",
  "Their private keys are gone with them: a certificate that was issued for one needs its key from elsewhere.":
    "如有私钥会一并删除：用这些 CSR 签发的证书，如果没有备份私钥，将无法再部署。",
  "This ends a free application: it cannot be resumed, only applied for again.":
    "免费申请到此结束：无法恢复，只能重新申请。",
  "nothing of it is under review": "没有正在审核的内容",
  "Only an application under review can be withdrawn; CancelCertificateOrder cancels an order before.":
    "只有审核中的申请可以撤回；审核之前的订单用 CancelCertificateOrder 取消。",
  "The price is not known here, and a purchase cannot be undone from here: refunds are up to the vendor.":
    "此处无法得知价格，购买后也无法在这里撤销：能否退款由云厂商决定。",
  "there is nothing to download": "没有可以下载的内容",
  "{0}: in project {1} already": "{0}：已经在项目 {1} 中",
  "CSR {0} is generated, and can no longer be edited": "CSR {0} 已经生成，不能再编辑",
  "Create another one (CreateCSR).": "请另建一个（CreateCSR）。",
  "CSR {0} already has these values": "CSR {0} 的内容已经如此",
  "{0} is a server certificate, not a CA's, so it cannot verify visitors":
    "{0}是服务器证书，不是 CA 证书，无法用来校验访客",
  "Name the certificate of the CA that issues the visitors' certificates (DescribeCertificates, CertificateType CA).":
    "请指定签发访客证书的 CA 证书（DescribeCertificates，CertificateType 为 CA）。",
};
