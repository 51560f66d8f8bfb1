import type { CallToolResult, Resource } from "@modelcontextprotocol/sdk/types.js";
import { type JsonObject, parseObject } from "../lib/json.js";
import { distinctBy } from "../lib/lists.js";
import { mapConcurrent } from "../lib/map-concurrent.js";
import { ToolError, unsent } from "../lib/tool-error.js";
import { type AnyTool, CONCURRENT_ACCOUNTS } from "../pipeline/call-context.js";
import { type ChoosableAccount, everyAccount, isOfNoAccount, listingTools, mustChoose } from "./account-argument.js";
import { cursorsOf, limitFor, mergedReply } from "./across-accounts.js";
import { MAX_COMPLETIONS } from "./completion.js";
import type { Handlers } from "./handlers.js";
import { promptHandler } from "./prompts/serve-prompts.js";
import { noSuchTool, protocolError } from "./protocol-errors.js";
import { failed } from "./reply.js";
import { resourceScheme } from "./resources/serve-resources.js";

/** An account as a client reaches it, at the time of one request. */
export interface ReachableAccount extends ChoosableAccount {
  /** What the client may call there. */
  readonly tools: readonly AnyTool[];
  /** Does some work with the account's handlers; the account stays in use until it is done. */
  within<Value>(work: (handlers: Handlers) => Promise<Value>): Promise<Value>;
}

const inEach = <Value>(accounts: readonly ReachableAccount[], work: (account: ReachableAccount) => Promise<Value>) =>
  mapConcurrent(accounts, CONCURRENT_ACCOUNTS, work);

/**
 * The handlers of the accounts that a client may use. A request goes to those of one account, or to those of each.
 * Accounts that the client may not use are unknown here.
 * @param reached is asked anew for each request
 * @param report a defect of this program
 */
export function handlersAcross(reached: () => readonly ReachableAccount[], report: (error: unknown) => void): Handlers {
  return {
    async callTool(params, extra) {
      const accounts = reached();
      const { name, arguments: given = {} } = params;
      const among = accounts.filter(({ tools }) => tools.some((tool) => tool.name === name));
      const tool = among[0]?.tools.find((each) => each.name === name);
      if (tool === undefined) {
        const offered = accounts.flatMap(({ tools }) => tools);
        throw noSuchTool(name, offered);
      }
      const { account: wanted, ...args } = given;
      const call = (account: ReachableAccount, callArguments: typeof args) =>
        account.within((handlers) => handlers.callTool({ ...params, arguments: callArguments }, extra));
      const [only] = accounts;
      if (accounts.length === 1 && only !== undefined && (wanted === undefined || wanted === only.name)) {
        return call(only, args);
      }
      try {
        const chosen = chooseAccount(tool, among, given);
        if (chosen !== everyAccount) {
          const reply = await call(chosen, args);
          return isLeftOut(wanted) && isOfNoAccount(name, args) ? reply : withAccountName(chosen.name, reply);
        }
        const cursors = cursorsOf(args.cursor);
        const replies = await inEach(
          among.filter(({ name: account }) => cursors === undefined || cursors.has(account)),
          async (account) => {
            const cursor = cursors?.get(account.name);
            const own = { ...args, limit: limitFor(args.limit, among.length), ...(cursor !== undefined && { cursor }) };
            return { account: account.name, reply: await call(account, own) };
          },
        );
        return mergedReply(replies);
      } catch (error) {
        if (error instanceof ToolError) return failed(error.details);
        throw error;
      }
    },

    async listResources() {
      const accounts = reached();
      const lists = await inEach(accounts, async (account) => {
        const { resources } = await account.within((handlers) => handlers.listResources());
        return accounts.length === 1 ? resources : resources.map((resource) => inAccount(resource, account.name));
      });
      // Resources that belong to no account are in each list.
      return { resources: distinctBy(lists.flat(), ({ uri }) => uri) };
    },

    async listResourceTemplates() {
      const accounts = reached();
      const lists = await inEach(accounts, async (account) => {
        const { resourceTemplates } = await account.within((handlers) => handlers.listResourceTemplates());
        return resourceTemplates.map((template) =>
          accounts.length === 1
            ? template
            : { ...template, uriTemplate: accountUri(template.uriTemplate, "{account}") },
        );
      });
      return { resourceTemplates: distinctBy(lists.flat(), ({ uriTemplate }) => uriTemplate) };
    },

    async readResource(params, extra) {
      const accounts = reached();
      const { uri } = params;
      const { account: wanted, uri: own } = accounts.length === 1 ? { uri } : parseAccountUri(uri);
      let failure: unknown = protocolError(
        unsent("input", "There is no such resource.", "List the resources, or call a tool."),
        () => {},
      );
      for (const account of accounts.filter(({ name }) => wanted === undefined || name === wanted)) {
        try {
          const result = await account.within((handlers) => handlers.readResource({ ...params, uri: own }, extra));
          return { ...result, contents: result.contents.map((content) => ({ ...content, uri })) };
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },

    async complete(params) {
      const accounts = reached();
      const { ref, argument, context } = params;
      const isOne = accounts.length === 1;
      if (!isOne && argument.name === "account") {
        const values = accounts.map(({ name }) => name).filter((name) => name.startsWith(argument.value));
        return { completion: { values: values.slice(0, MAX_COMPLETIONS), hasMore: values.length > MAX_COMPLETIONS } };
      }
      const chosen = context?.arguments?.account;
      const asked =
        isOne || ref.type !== "ref/resource"
          ? params
          : { ...params, ref: { ...ref, uri: parseAccountUri(ref.uri).uri } };
      const able = accounts.filter(({ name }) => chosen === undefined || name === chosen);
      const found = await inEach(able, (account) => account.within((handlers) => handlers.complete(asked)));
      const values = [...new Set(found.flatMap(({ completion }) => completion.values))];
      const hasMore = values.length > MAX_COMPLETIONS || found.some(({ completion }) => completion.hasMore === true);
      return { completion: { values: values.slice(0, MAX_COMPLETIONS), hasMore } };
    },

    getPrompt: promptHandler({
      tools: () => reached().flatMap(({ tools }) => tools),
      hasCredentials: ({ cloud }) => reached().some(({ clouds }) => clouds.includes(cloud)),
      report,
    }),
  };
}

/**
 * The handlers of a server's only account: a call may name it, and no other.
 * @param name the operator's; absent for the account of the environment
 */
export function handlersOfOnly(name: string | undefined, handlers: Handlers): Handlers {
  return {
    ...handlers,
    callTool: async (params, extra) => {
      const { account: wanted, ...args } = params.arguments ?? {};
      const isMeant =
        isLeftOut(wanted) || wanted === name || (wanted === everyAccount && listingTools.has(params.name));
      if (isMeant) return handlers.callTool({ ...params, arguments: args }, extra);
      const called = name === undefined ? "" : `, ${name}`;
      return failed(
        unsent(
          "input",
          `This server has one account${called}, and ${params.name} was called for another. Nothing was done.`,
          "Leave account out if that one is meant. Other accounts need the operator's --accounts.",
        ).details,
      );
    },
  };
}

const isLeftOut = (account: unknown) => account === undefined || account === "" || account === null;

/** The account that a call is for. @throws {ToolError} naming only the accounts that its caller may choose */
function chooseAccount(
  tool: AnyTool,
  among: readonly ReachableAccount[],
  { account: wanted, ...given }: JsonObject,
): ReachableAccount | typeof everyAccount {
  const isListing = listingTools.has(tool.name);
  const left = isLeftOut(wanted);
  if (isListing && (left || wanted === everyAccount)) return everyAccount;
  const [first] = among;
  if (left && first !== undefined && !mustChoose(tool, among, given)) return first;
  const found = among.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const names = [...among.map(({ name }) => name), ...(isListing ? [everyAccount] : [])].join(", ");
  throw unsent(
    "input",
    left
      ? `${tool.name} needs account: there is more than one. Nothing was done.`
      : `${tool.name} is not available to you for an account of that name. Nothing was done.`,
    `Call again with account as one of ${names}. If it is not clear which is meant, ask the person.`,
  );
}

/** A reply that says which account it is about, in its structure and in its text. */
function withAccountName(account: string, reply: CallToolResult): CallToolResult {
  const content = reply.content.map((each) => {
    if (each.type !== "text") return each;
    const result = reply.isError === true ? undefined : parseObject(each.text);
    const text = result === undefined ? `Account ${account}: ${each.text}` : JSON.stringify({ account, ...result });
    return { ...each, text };
  });
  return { ...reply, structuredContent: { account, ...reply.structuredContent }, content };
}

/*
 * Resources of one account among several: `cloudcert://certificates/{account}/{id}`. Resources that belong to no
 * account, such as pages about operations, keep their address.
 */

const accountResources: ReadonlySet<string> = new Set(["certificates", "jobs", "status"]);

/** The address with an account, or a variable for one, after the kind of resource. */
function accountUri(uri: string, account: string): string {
  const [kind = "", ...rest] = uri.slice(resourceScheme.length).split("/");
  return uri.startsWith(resourceScheme) && accountResources.has(kind)
    ? [resourceScheme + kind, account, ...rest].join("/")
    : uri;
}

/** The account in an address or a template, and the address within that account. */
function parseAccountUri(uri: string): { readonly account?: string; readonly uri: string } {
  const [kind = "", account, ...rest] = uri.startsWith(resourceScheme)
    ? uri.slice(resourceScheme.length).split("/")
    : [];
  if (!accountResources.has(kind) || account === undefined) return { uri };
  return { account, uri: [resourceScheme + kind, ...rest].join("/") };
}

function inAccount(resource: Resource, account: string): Resource {
  const uri = accountUri(resource.uri, account);
  if (uri === resource.uri) return resource;
  return {
    ...resource,
    uri,
    name: `${account}/${resource.name}`,
    title: `${account}: ${resource.title ?? resource.name}`,
  };
}
