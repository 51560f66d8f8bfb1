import { struct } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { defineTool, thisComputerService } from "../pipeline/tool.js";

export const checkSetup = defineTool({
  name: "check_setup",
  title: "Check this server's setup",
  service: thisComputerService,
  summary:
    "Check credentials, clock, proxy, endpoints, files and how a person can be asked: ok, warning or failure, with what to do. Use when calls fail for reasons unrelated to their arguments.",
  effect: "read",
  params: struct({}),
  uses: [describeCertificates],
  result: members({ verdict: string(), lines: array(members({})) }),
  run: async (_params, context) => context.examineSetup(),
});
