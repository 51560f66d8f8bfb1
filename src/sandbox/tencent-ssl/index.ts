import type { Handler } from "../handler.js";
import { archiveHandlers } from "./archive.js";
import { bindingTaskHandlers } from "./binding-tasks.js";
import { certificateListHandlers } from "./certificate-list.js";
import { confirmLetterHandlers } from "./confirm-letter.js";
import { csrHandlers } from "./csrs.js";
import { deletionHandlers } from "./deletion.js";
import { freeOrderHandlers } from "./free-orders.js";
import { logHandlers } from "./log-queries.js";
import { metadataHandlers } from "./metadata.js";
import { oneClickUpdateHandlers } from "./one-click-update.js";
import { orderChangeHandlers } from "./order-changes.js";
import { paidOrderHandlers } from "./paid-orders.js";
import { queryHandlers } from "./queries.js";
import { reissueHandlers } from "./reissue.js";
import { teoInstanceHandlers } from "./teo-instances.js";
import { updateRecordHandlers } from "./update-records.js";
import { uploadHandlers } from "./uploads.js";

/** All documented operations of Tencent Cloud SSL Certificates. */
export const sslHandlers: readonly Handler[] = [
  ...freeOrderHandlers,
  ...paidOrderHandlers,
  ...orderChangeHandlers,
  ...confirmLetterHandlers,
  ...reissueHandlers,
  ...uploadHandlers,
  ...deletionHandlers,
  ...metadataHandlers,
  ...queryHandlers,
  ...certificateListHandlers,
  ...archiveHandlers,
  ...logHandlers,
  ...csrHandlers,
  ...bindingTaskHandlers,
  ...oneClickUpdateHandlers,
  ...updateRecordHandlers,
  ...teoInstanceHandlers,
];
