import { safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { integer, struct } from "../params.js";
import { planned } from "../planned-change.js";
import { keyString, passwordString, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { withoutKeys } from "../without-private-keys.js";
import { csrStatuses } from "./code-meanings.js";
import { keyHeldHere } from "./params.js";
import { csrMembers } from "./types-certificate.js";

export const describeCSR = defineChange({
  name: "DescribeCSR",
  service: tencentSsl,
  title: "Look up a CSR",
  titleInChinese: "查询 CSR 详情",
  summary: "One stored CSR with its subject and text. Its private key and password come back as references only.",
  effect: "key-export",
  retry: "read",
  sites: ["intl"],
  params: struct({ CSRId: integer("CSR ID") }),
  example: { CSRId: 11 },
  result: reply({
    ...csrMembers,
    KeyPassword: passwordString(),
    CSR: string(),
    PrivateKey: keyString(),
  }),
  approvalQuestion: (p) => safe`Read CSR ${p.CSRId} in full, with its private key and password?`,
  plannedChanges: (p) => [planned({ kind: "csr", id: p.CSRId }, "private key", keyHeldHere)],
  replyFacts: { meanings: { Status: csrStatuses } },
  errors: ["FailedOperation.SystemError", "InvalidParameter.InvalidCSRId", "InvalidParameter.WithDetailReason"],
});

/** For callers that do not need its key. */
export const describeCSRWithoutKey = withoutKeys(describeCSR);
