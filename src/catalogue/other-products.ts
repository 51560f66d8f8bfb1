import { ownMember } from "../lib/json.js";
import { type Cloud, clouds, cloudTitles, tencentSsl } from "./services.js";

/** What people name as a service although it is none here: products of the clouds, by their short names. */
const products: Readonly<Record<Cloud, Readonly<Record<string, string>>>> = {
  tencent: {
    cdn: "CDN",
    ecdn: "CDN",
    clb: "CLB",
    cos: "COS",
    waf: "WAF",
    live: "Live",
    css: "Live",
    vod: "VOD",
    tke: "TKE",
    ddos: "DDoS protection",
  },
  alibaba: {
    oss: "OSS",
    esa: "ESA",
    slb: "SLB",
    alb: "ALB",
    nlb: "NLB",
    clb: "CLB",
    waf: "WAF",
    live: "Live",
    fc: "Function Compute",
  },
  huawei: { cdn: "CDN", elb: "ELB", obs: "OBS", waf: "WAF", vod: "VOD", cce: "CCE" },
};

const prefixes: Readonly<Record<Cloud, RegExp>> = {
  tencent: /^(?:tencentcloud|tencent|qcloud)/,
  alibaba: /^(?:alibabacloud|alibaba|alicloud|aliyun)/,
  huawei: /^(?:huaweicloud|huawei)/,
};

/** Longest name that is looked up, in characters. */
const maxLength = 40;

/**
 * What to do about a product that is no service here; undefined for any other name, and for one that several clouds
 * have. The products of Tencent Cloud take their certificates from SSL Certificates, which replaces one wherever it is
 * bound; those of the other clouds have APIs that this program does not know.
 * @param ofTencent what to do about one of Tencent Cloud, where its certificates are taken from SSL Certificates
 */
export function adviceOnOtherProduct(name: string, ofTencent: string | undefined): string | undefined {
  const normalized = name
    .slice(0, maxLength)
    .replace(/[-_\s]/g, "")
    .toLowerCase();
  const candidates = clouds.flatMap((cloud) => {
    const title = ownMember(products[cloud], normalized.replace(prefixes[cloud], ""));
    return title === undefined ? [] : [{ cloud, title: `${cloudTitles[cloud]} ${title}` }];
  });
  const [product, another] = candidates;
  if (product === undefined || another !== undefined) return undefined;
  if (product.cloud === "tencent")
    return ofTencent && `${product.title} takes its certificates from ${tencentSsl.id}: ${ofTencent}`;
  return `this server has no tools for ${product.title}: a person chooses the certificate in the console of that product`;
}
