import type { Resource, ResourceTemplate } from "@modelcontextprotocol/sdk/types.js";
import type { Caller } from "../../approval/channel.js";
import { unlessThrown } from "../../lib/failure.js";
import type { JsonObject } from "../../lib/json.js";
import { forTheRecord } from "../../lib/language.js";
import { percentEncode } from "../../lib/percent-encode.js";
import type { Redact } from "../../lib/redacted-start.js";
import { capped, escapeInvisible } from "../../lib/safe-text.js";
import { readView, showsViews, viewEntry, viewUri } from "../app-view.js";
import type { WithCaller } from "../caller.js";
import type { Client } from "../connected-client.js";
import type { Handlers } from "../handlers.js";
import { protocolError, resourceNotFound } from "../protocol-errors.js";
import type { ResourceType } from "./resource-types.js";

/** Of the addresses of all resources. */
export const resourceScheme = "cloudcert://";
const statusUri = `${resourceScheme}status`;

interface ResourceOptions {
  readonly resourceTypes: readonly ResourceType[];
  readonly status: JsonObject;
  readonly withCaller: WithCaller;
  readonly redact: Redact;
  readonly report: (error: unknown) => void;
}

/** Answers with what may be read without a tool. */
export function resourceHandlers(
  client: Client,
  options: ResourceOptions,
): Pick<Handlers, "listResources" | "listResourceTemplates" | "readResource"> {
  const { resourceTypes, status, withCaller, report, redact } = options;
  return {
    async listResources() {
      const lists = await Promise.all(resourceTypes.map(entriesOf)).catch((error: unknown) => {
        throw protocolError(error, report);
      });
      const ours = [statusEntry, ...(showsViews(client) ? [viewEntry] : [])];
      return { resources: [...ours, ...lists.flat()].map((each) => legibleEntry(each, redact)) };
    },

    async listResourceTemplates() {
      return { resourceTemplates: resourceTypes.map(templateOf) };
    },

    async readResource({ uri }, extra) {
      if (uri === viewUri) return readView();
      const found =
        uri === statusUri
          ? { mimeType: "application/json", text: JSON.stringify(status, null, 2) }
          : await withCaller(extra, (caller) => read(options, uri, caller));
      if (found === undefined) throw resourceNotFound(capped(uri, maxTitleLength));
      return { contents: [{ uri, mimeType: found.mimeType, text: found.text }] };
    },
  };
}

/** The URI template of a type: `cloudcert://errors/{service}/{code}`. */
export function templateUri({ name, variables }: ResourceType): string {
  return [resourceScheme + name, ...Object.keys(variables).map((variable) => `{${variable}}`)].join("/");
}

function templateOf(family: ResourceType): ResourceTemplate {
  const { name, title, description, mimeType } = family;
  return { uriTemplate: templateUri(family), name, title, description, mimeType };
}

const statusEntry: Resource = {
  uri: statusUri,
  name: "status",
  title: "Status of this server",
  description: "Services, credentials by id, policy, how a person is asked, what may be read",
  mimeType: "application/json",
};

async function entriesOf(family: ResourceType): Promise<readonly Resource[]> {
  const { name: kind, mimeType } = family;
  return (await family.list()).map(({ segments, title, description }) => ({
    uri: [resourceScheme + kind, ...segments.map(percentEncode)].join("/"),
    name: segments.join("/"),
    title,
    description,
    mimeType,
  }));
}

/** Titles contain remarks from the account. */
function legibleEntry(resource: Resource, redact: Redact): Resource {
  const reader = { ...forTheRecord, redact };
  const { name, title = name, description = "" } = resource;
  return {
    ...resource,
    title: capped(escapeInvisible(title), maxTitleLength, reader),
    description: capped(escapeInvisible(description), maxTitleLength, reader),
  };
}

/** In characters; more of a remark does not help to choose from a list. */
const maxTitleLength = 300;

async function read({ resourceTypes, report }: ResourceOptions, uri: string, caller: Caller) {
  const parts = partsOf(uri);
  const [name, ...at] = parts ?? [];
  const family = resourceTypes.find((candidate) => candidate.name === name);
  if (family === undefined || at.length !== Object.keys(family.variables).length || at.includes("")) return undefined;
  try {
    const text = await family.read(at, caller);
    return text === undefined ? undefined : { mimeType: family.mimeType, text };
  } catch (error) {
    throw protocolError(error, report);
  }
}

/** In characters; ours have about a hundred. */
const maxUriLength = 2_048;

/** The path segments; undefined if the URI is not ours. */
function partsOf(uri: string): readonly string[] | undefined {
  if (!uri.startsWith(resourceScheme) || uri.length > maxUriLength) return undefined;
  return unlessThrown(() => uri.slice(resourceScheme.length).split("/").map(decodeURIComponent));
}
