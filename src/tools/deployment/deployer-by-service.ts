import type { JobTarget } from "../../jobs/job.js";
import { alibabaDeployer } from "./alibaba.js";
import type { Deployer } from "./deployer.js";
import { edgeoneDeployer } from "./edgeone.js";
import { huaweiDeployer } from "./huawei.js";
import { oneClickDeployer } from "./one-click.js";

const deployers: Readonly<Record<JobTarget["service"], Deployer>> = {
  "tencent-ssl": oneClickDeployer,
  "tencent-edgeone": edgeoneDeployer,
  "alibaba-cdn": alibabaDeployer,
  "alibaba-dcdn": alibabaDeployer,
  "alibaba-vod": alibabaDeployer,
  "huawei-live": huaweiDeployer,
};

export function deployerFor({ service }: Pick<JobTarget, "service">): Deployer {
  return deployers[service];
}
