import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import type { Cloud } from "../catalogue/services.js";
import type { JsonObject } from "../lib/json.js";
import type { ToolManifestEntry } from "./tool-manifest.js";

/** In place of one account's name: every account, for tools that only list. */
export const everyAccount = "all";

/** Tools that report on all accounts that the caller may read, unless one is named. */
export const listingTools: ReadonlySet<string> = new Set(["find_certificates", "plan_renewals"]);

/** Tools that do not depend on the account. */
const ofNoAccount: ReadonlySet<string> = new Set(["explain_error"]);

/** Tools that look at what everybody can see: only what is given by a reference to an account's own depends on it. */
const ofNoAccountUnless: ReadonlyMap<string, (given: JsonObject) => boolean> = new Map([
  [
    "check_served_certificate",
    ({ certificate_id: id, certificate }) =>
      (id !== undefined && id !== null && id !== "") ||
      (typeof certificate === "string" && certificate.trim().startsWith("vault:")),
  ],
]);

/** Whether the answer is the same for every account. */
export function isOfNoAccount(tool: string, given: JsonObject): boolean {
  return ofNoAccount.has(tool) || ofNoAccountUnless.get(tool)?.(given) === false;
}

/** An account that a caller can choose. */
export interface ChoosableAccount {
  readonly name: string;
  readonly clouds: readonly Cloud[];
}

/** The part of a tool that decides how its account is chosen. */
export type ChoosingTool = Pick<ToolManifestEntry, "name" | "effect">;

/**
 * Whether a call must name its account. A read that only one account can answer need not; a change always must.
 * @param given its arguments; without them, whether every call must
 */
export function mustChoose(
  { name, effect }: ChoosingTool,
  among: readonly ChoosableAccount[],
  given: JsonObject = {},
): boolean {
  if (listingTools.has(name) || isOfNoAccount(name, given)) return false;
  return effect !== "read" || among.length > 1;
}

/** The tool as shown to somebody who may use several accounts. @param among those that it may be called for */
export function withAccount(tool: Tool, choosing: ChoosingTool, among: readonly ChoosableAccount[]): Tool {
  if (ofNoAccount.has(tool.name)) return tool;
  const lists = listingTools.has(tool.name);
  const described = among.map(({ name, clouds }) => `${name}: ${clouds.join(", ")}`);
  const account = {
    type: "string",
    enum: [...among.map(({ name }) => name), ...(lists ? [everyAccount] : [])],
    // Single operations have their cloud in their own description.
    ...(lists && { description: `Default ${everyAccount}. ${described.join("; ")}` }),
  };
  const { inputSchema } = tool;
  return {
    ...tool,
    inputSchema: {
      ...inputSchema,
      properties: { account, ...inputSchema.properties },
      ...(mustChoose(choosing, among) && { required: ["account", ...(inputSchema.required ?? [])] }),
    },
  };
}
