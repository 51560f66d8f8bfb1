import type { Service, ServiceId } from "../services.js";

/*
 * Messages that identify a code: other programs often show the sentence and drop the code. Each wording maps to a
 * code in the tables, which have the facts. If several wordings match, the first one counts.
 */

interface Wording {
  readonly code: string;
  readonly of: readonly ServiceId[];
  /** As the clouds and their consoles write it, in English and Chinese. */
  readonly says: RegExp;
}

const alibaba = ["alibaba-cdn", "alibaba-dcdn", "alibaba-vod"] as const;
const tencent = ["tencent-ssl", "tencent-edgeone"] as const;
const ssl = ["tencent-ssl"] as const;
const edgeone = ["tencent-edgeone"] as const;
const huawei = ["huawei-live"] as const;
const huaweiGateway = ["huawei-live", "huawei-scm"] as const;

const otherKey =
  /私钥(?:[与和跟](?:证书|公钥))?不(?:匹配|一致)|(?:certificate|public key) (?:and|does not match|doesn't match|mismatch with) (?:the )?private key|private ?key (?:does not|doesn't) match (?:the )?(?:public key|certificate)|key values mismatch/i;

export const wordings: readonly Wording[] = [
  // Already exists (netcccyun/dnsmgr#165, #178, #234)
  {
    code: "CertNameAlreadyExists",
    of: alibaba,
    says: /certificate name (?:is )?(?:already )?(?:exist|duplicate|taken|in use)|证书名称?(?:已经?存在|重复)|名称重复/i,
  },
  { code: "Certificate.Duplicated", of: alibaba, says: /^\W*duplicated\W*$|duplicated? certificate|证书重复/i },
  {
    code: "CertificateContent.Duplicated",
    of: alibaba,
    says: /certificate content (?:is )?(?:already )?(?:exist|duplicate)|证书内容(?:已经?存在|重复)/i,
  },
  {
    code: "FailedOperation.CertificateExists",
    of: ssl,
    says: /certificate (?:is |has been )?already (?:exist|been uploaded|uploaded)|(?:该|此|相同的?)?证书已(?:经)?(?:存在|上传)|重复上传/i,
  },

  // Arguments (certd/certd#372, certimate-go/certimate#1381)
  {
    code: "CertName.MissingParameter",
    of: alibaba,
    says: /(?:must|need to|should) specify (?:the )?["'`]?cert_?name|cert_?name["'`]? (?:is|cannot be|can not be|must not be) (?:required|missing|empty|null|mandatory|blank)|缺少(?:参数)?\s*cert_?name/i,
  },
  {
    code: "SSLPub.MissingParameter",
    of: alibaba,
    says: /(?:must|need to|should) specify (?:the )?["'`]?SSLPub|缺少(?:参数)?\s*SSLPub/i,
  },
  {
    code: "SSLPri.MissingParameter",
    of: alibaba,
    says: /(?:must|need to|should) specify (?:the )?["'`]?SSLPri|缺少(?:参数)?\s*SSLPri/i,
  },
  { code: "InvalidParameterValue", of: tencent, says: /参数取值错误/ },
  { code: "MissingParameter", of: tencent, says: /缺少参数/ },

  // The certificate and its key (certimate-go/certimate#376)
  {
    code: "FailedOperation.CertificateParseError",
    of: ssl,
    says: /解析失败.{0,20}证书|证书解析失败|请留意是否有多余的空格|(?:fail(?:ed|ure)? to parse|cannot parse|error parsing) (?:the )?certificate/i,
  },
  {
    code: "FailedOperation.CertificateMismatch",
    of: ssl,
    says: otherKey,
  },
  {
    code: "Certificate.MissMatch",
    of: alibaba,
    says: otherKey,
  },
  {
    code: "Certificate.FormatError",
    of: alibaba,
    says: /证书(?:内容)?格式(?:错误|不正确|有误)|certificate format (?:is )?(?:error|invalid|incorrect|wrong)|format of the certificate is (?:invalid|incorrect)/i,
  },
  {
    code: "Certificate.Expired",
    of: alibaba,
    says: /certificate (?:has |is )?(?:already )?expired|证书已(?:经)?过期/i,
  },
  {
    code: "InvalidParameter.CertNotMatchDomain",
    of: edgeone,
    says: /证书(?:与|和|跟)?域名不(?:匹配|一致)|certificate (?:does not|doesn't) (?:match|cover) (?:the )?(?:domain|host)/i,
  },

  // One-click update (certimate-go/certimate#129, #176, #1331; allinssl/allinssl#77, #239, #323, #370)
  {
    code: "FailedOperation.CertificateDeployInstanceEmpty",
    of: ssl,
    says: /未检测到可用实例|无法更新证书.{0,20}云资源实例|no available (?:instance|resource)s? (?:is|are|was|were) (?:detected|found)/i,
  },
  {
    code: "FailedOperation.CertificateNotDeployInstance",
    of: ssl,
    says: /证书不可以?部署到实例|certificate (?:cannot|can not|can't) be deployed to (?:the )?instance/i,
  },
  {
    code: "FailedOperation.CertificateDeployHasPendingRecord",
    of: ssl,
    says: /(?:存在|有)(?:正在)?(?:进行|执行|部署)(?:中)?的?(?:部署|更新)?任务|(?:deployment|update) task is (?:still )?(?:running|pending|in progress)/i,
  },

  // Not found, or not ready
  {
    code: "FailedOperation.CertificateNotFound",
    of: ssl,
    says: /证书(?:ID)?不存在|certificate (?:does not|doesn't) exist/i,
  },
  { code: "Certificate.NotFind", of: alibaba, says: /证书(?:ID)?不存在|certificate (?:does not|doesn't) exist/i },
  {
    code: "InvalidDomain.notOnline",
    of: alibaba,
    says: /domain(?: name)? is (?:being|still being) configured|domain(?: name)? is (?:not online|in configuration)|域名(?:正在)?(?:配置中|正在配置)|域名.{0,6}(?:未上线|审核中)/i,
  },
  {
    code: "InvalidDomain.Offline",
    of: alibaba,
    says: /domain(?: name)? (?:is|has been) (?:offline|stopped|disabled)|域名(?:已)?(?:停用|下线|停止)/i,
  },
  { code: "ResourceUnavailable.HostNotFound", of: edgeone, says: /加速域名不存在/ },
  { code: "ResourceUnavailable.ZoneNotFound", of: edgeone, says: /站点不存在|zone (?:does not exist|is not found)/i },
  {
    code: "LIVE.103011019",
    of: huawei,
    says: /domain (?:name )?(?:does not|not|doesn't) exist|(?<!加速)域名不存在/i,
  },
  {
    code: "InvalidDomain.NotFound",
    of: alibaba,
    says: /domain (?:name )?(?:provided )?(?:does not|doesn't) exist|(?<!加速)域名不存在/i,
  },

  // Quotas
  {
    code: "FailedOperation.ExceedsFreeLimit",
    of: ssl,
    says: /免费证书.{0,12}(?:上限|超(?:过|出)|已达|用完)|free certificates? .{0,30}(?:limit|quota)|exceeds? .{0,20}free certificate/i,
  },
  { code: "FailedOperation.MainDomainCertificateCountLimit", of: ssl, says: /主域名.{0,16}(?:上限|限制|超(?:过|出))/ },

  // Deleting
  {
    code: "FailedOperation.BoundResources",
    of: ssl,
    says: /证书.{0,12}(?:关联|绑定|使用).{0,20}(?:无法|不能|不可)删除|(?:bound|associated) .{0,40}(?:cannot|can not|can't) be deleted/i,
  },

  // Access (jeessy2/ddns-go#844, NewFuture/DDNS#136, huaweicloud/huaweicloud-sdk-python#13, TencentCloud/tencentcloud-cli#84)
  {
    code: "AuthFailure.UnauthorizedOperation",
    of: tencent,
    says: /not authorized to perform operation|\((?:ssl|teo):\w+\)|未授权.{0,12}(?:ssl|teo):/i,
  },
  {
    code: "Forbidden.RAM",
    of: alibaba,
    says: /user not authorized to operate|not authorized to (?:do this action|operate on)|(?:cdn|vod):\w+.{0,40}(?:denied|not authorized|无权限)|NoPermission/i,
  },
  { code: "AuthFailure.SecretIdNotFound", of: tencent, says: /SecretId\s*(?:不存在|is not found)/i },
  {
    code: "AuthFailure.SignatureFailure",
    of: tencent,
    says: /provided credentials could not be validated|签名(?:错误|不正确|验证失败|校验失败)/i,
  },
  {
    code: "AuthFailure.SignatureExpire",
    of: tencent,
    says: /签名(?:已)?过期|signature (?:has )?expired, please check/i,
  },
  { code: "InvalidAccessKeyId.NotFound", of: alibaba, says: /access\s?key is not found|AccessKey(?:Id)?.{0,4}不存在/i },
  {
    code: "SignatureDoesNotMatch",
    of: alibaba,
    says: /signature is not matched with our calculation|signature (?:does not|doesn't) match/i,
  },
  {
    code: "InvalidTimeStamp.Expired",
    of: alibaba,
    says: /time\s?stamp or date value is (?:expired|not well formatted)/i,
  },
  {
    code: "APIGW.0301",
    of: huawei,
    says: /incorrect IAM authentication information|verify aksk signature fail|\bak\b.{0,60}not exist/i,
  },

  // Rate and faults
  { code: "Throttling.User", of: alibaba, says: /denied due to (?:user|request|api) (?:flow control|throttling)/i },
  { code: "APIGW.0308", of: huaweiGateway, says: /throttling threshold has been reached|\bover ratelimit\b/i },
  {
    code: "RequestLimitExceeded",
    of: tencent,
    says: /请求(?:的)?(?:次数|频率)(?:已经?)?(?:超过|超出|超限|超|过|达)|超(?:过|出)了?(?:每秒)?(?:请求)?频率|频率超限|too many requests/i,
  },
  { code: "InternalError", of: tencent, says: /内部错误/ },
];

/** Longest text to search for a wording. */
const MAX_TEXT_LENGTH = 4_000;

/** Codes identified by a text without one, each with its services; those of `preferred` services take precedence. */
export function codesByWording(text: string, preferred: readonly Service[]): readonly Pick<Wording, "code" | "of">[] {
  const matching = wordings.filter(({ says }) => says.test(text.slice(0, MAX_TEXT_LENGTH)));
  const own = matching.filter((wording) => preferred.some(({ id }) => wording.of.some((service) => service === id)));
  return own.length > 0 ? own : matching;
}
