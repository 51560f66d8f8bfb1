import { list, struct, text } from "../params.js";

/** Inputs that several operations of Tencent Cloud SSL share. */

export const certificateId = (description = "Certificate ID") => text(description);

export const tags = () => list(struct({ TagKey: text("Key"), TagValue: text("Value") }), "Tags");
