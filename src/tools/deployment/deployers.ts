import type { JobTarget } from "../../jobs/job.js";
import { alibabaDeployer } from "./alibaba.js";
import type { Deployer } from "./deployer.js";
import { edgeoneDeployer } from "./edgeone.js";
import { huaweiDeployer } from "./huawei.js";
import { oneClick } from "./one-click.js";

const deliveries: Readonly<Record<JobTarget["service"], Deployer>> = {
  "tencent-ssl": oneClick,
  "tencent-edgeone": edgeoneDeployer,
  "alibaba-cdn": alibabaDeployer,
  "alibaba-vod": alibabaDeployer,
  "huawei-live": huaweiDeployer,
};

export function deployerFor({ service }: Pick<JobTarget, "service">): Deployer {
  return deliveries[service];
}

/** Whether the certificate has to lie at Tencent Cloud SSL for this target, else its key is sent along. */
export function takesId({ service }: Pick<JobTarget, "service">): boolean {
  return service === "tencent-ssl" || service === "tencent-edgeone";
}
