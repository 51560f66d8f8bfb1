import { hash } from "node:crypto";

/** In hexadecimal. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/** How a content security policy names a style sheet or a script. */
export function cspHash(text: string): string {
  return `sha256-${hash("sha256", text, "base64")}`;
}
