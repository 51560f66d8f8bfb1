import { z } from "zod";

/** What the documents of every way to install read from package.json. */
export const packageFacts = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  keywords: z.array(z.string()),
  engines: z.object({ node: z.string() }),
  /** The name in the MCP registry, which looks it up in the published package. */
  mcpName: z.string(),
});
export type PackageFacts = z.infer<typeof packageFacts>;

/** One line, short enough for the MCP registry. */
export const description = "TLS certificates on Tencent, Alibaba and Huawei Cloud; a person approves every change.";
