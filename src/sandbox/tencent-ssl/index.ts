import type { Handler } from "../handler.js";
import { bindingTaskHandlers } from "./binding-tasks.js";
import { certificateChangeHandlers } from "./certificate-changes.js";
import { certificateListHandlers } from "./certificate-list.js";
import { csrHandlers } from "./csrs.js";
import { freeOrderHandlers } from "./free-orders.js";
import { hostListHandlers } from "./host-lists.js";
import { oneClickUpdateHandlers } from "./one-click-update.js";
import { orderChangeHandlers } from "./order-changes.js";
import { paidOrderHandlers } from "./paid-orders.js";
import { queryHandlers } from "./queries.js";
import { reissueHandlers } from "./reissue.js";
import { revocationHandlers } from "./revocation.js";
import { updateRecordHandlers } from "./update-records.js";
import { uploadHandlers } from "./uploads.js";

/** All documented operations of Tencent Cloud SSL Certificates. */
export const sslHandlers: readonly Handler[] = [
  ...freeOrderHandlers,
  ...paidOrderHandlers,
  ...orderChangeHandlers,
  ...reissueHandlers,
  ...uploadHandlers,
  ...certificateChangeHandlers,
  ...queryHandlers,
  ...certificateListHandlers,
  ...csrHandlers,
  ...bindingTaskHandlers,
  ...oneClickUpdateHandlers,
  ...updateRecordHandlers,
];

/** Those beside the documented ones. */
export const sslCompanionHandlers: readonly Handler[] = [...revocationHandlers, ...hostListHandlers];
