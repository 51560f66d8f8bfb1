import { type ChoosableAccount, withAccount } from "../mcp/account-argument.js";
import { type ToolManifestEntry, toolManifest } from "../mcp/tool-manifest.js";
import type { RuntimeAccount } from "./accounts.js";
import { enabledTools, visibleTools } from "./tool-selection.js";

/** What one account offers: the tools that may be used at all, and those of them that a client is shown. */
export interface AccountOffer {
  readonly account: RuntimeAccount;
  readonly offered: readonly ToolManifestEntry[];
  readonly shown: readonly ToolManifestEntry[];
}

export function offerOf(account: RuntimeAccount): AccountOffer {
  const { configuration, environment } = account;
  const offered = enabledTools(toolManifest, configuration, environment.credentials);
  return { account, offered, shown: visibleTools(offered, configuration) };
}

/**
 * The tools of several accounts as one list, in the documents' order. With a single account, its own.
 * @param isAllowed whether the client may call the tool for the account
 */
export function listedTools(
  offers: readonly AccountOffer[],
  isAllowed: (account: RuntimeAccount, tool: ToolManifestEntry) => boolean = () => true,
): readonly ToolManifestEntry[] {
  const choices = offers.map(({ account, shown }) => ({
    account,
    shown: new Map(shown.filter((tool) => isAllowed(account, tool)).map((tool) => [tool.name, tool])),
  }));
  const isOne = offers.length === 1;
  return toolManifest.flatMap((entry) => {
    const offering = choices.filter(({ shown }) => shown.has(entry.name));
    const [first] = offering;
    const tool = first?.shown.get(entry.name);
    if (tool === undefined) return [];
    if (isOne) return tool;
    const among = offering.map(({ account }) => choosable(account));
    return { ...tool, shown: withAccount(tool.shown, tool, among) };
  });
}

function choosable({ name = "", clouds }: RuntimeAccount): ChoosableAccount {
  return { name, clouds };
}

/**
 * What the instructions say about the accounts: what may be used in any of them, and the Huawei Cloud project of the only
 * one, or the names of several.
 */
export function instructedAccounts(offers: readonly AccountOffer[]) {
  const [only] = offers;
  const isOne = offers.length === 1;
  return {
    offered: toolManifest.filter((tool) => offers.some(({ offered }) => offered.includes(tool))),
    huaweiProjectId: isOne ? only?.account.environment.credentials.huaweiProjectId : undefined,
    accounts: isOne ? [] : offers.map(({ account }) => choosable(account)),
  };
}
