import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import type { Channel } from "../approval/channel.js";
import { ElicitationChannel } from "./elicitation.js";
import type { Listing } from "./server.js";
import { elapsed } from "./workspace.js";

/** Asks through the form of the one client that this server has. */
export function formOf({ server, forms }: Listing): Channel {
  forms.use(new AjvJsonSchemaValidator());
  return new ElicitationChannel(server, elapsed);
}
