import type { JobTarget } from "../../jobs/job.js";
import { alibaba } from "./alibaba.js";
import type { Delivery } from "./delivery.js";
import { edgeone } from "./edgeone.js";
import { huawei } from "./huawei.js";
import { oneClick } from "./one-click.js";

const deliveries: Readonly<Record<JobTarget["service"], Delivery>> = {
  "tencent-ssl": oneClick,
  "tencent-edgeone": edgeone,
  "alibaba-cdn": alibaba,
  "alibaba-vod": alibaba,
  "huawei-live": huawei,
};

export function deliveryFor({ service }: Pick<JobTarget, "service">): Delivery {
  return deliveries[service];
}

/** Whether the certificate has to lie at Tencent Cloud SSL for this target, else its key is sent along. */
export function takesId({ service }: Pick<JobTarget, "service">): boolean {
  return service === "tencent-ssl" || service === "tencent-edgeone";
}
