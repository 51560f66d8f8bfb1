import { reading } from "../operation.js";
import { integer, struct } from "../params.js";
import { keyString, passwordString, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { csrMembers } from "./types-certificate.js";

export const describeCSR = reading({
  name: "DescribeCSR",
  service: tencentSsl,
  title: "Look up a CSR",
  summary: "One stored CSR with its subject and text. Its private key and password come back as references only.",
  effect: "read",
  retry: "read",
  sites: ["intl"],
  params: struct({ CSRId: integer("CSR ID") }),
  result: reply({
    ...csrMembers,
    KeyPassword: passwordString(),
    CSR: string(),
    PrivateKey: keyString(),
  }),
  errors: ["FailedOperation.SystemError", "InvalidParameter.InvalidCSRId", "InvalidParameter.WithDetailReason"],
});
