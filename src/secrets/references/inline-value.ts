import { Redactor } from "../redaction/redactor.js";
import { keysIn } from "./pick-content.js";

/** Masks what has the form of a private key. */
const shapes = new Redactor();

/** Keys in any form are longer; placeholders and remarks are not. */
const MAX_PLACEHOLDER_LENGTH = 80;

/** Digits of a key: letters of both cases and numbers, or hex. No word, no variable and no part of a path. */
const keyDigits = /(?=[\w+=-]*[a-z])(?=[\w+=-]*[A-Z])(?=[\w+=-]*\d)[\w+=-]{20,}|[0-9a-f]{32,}|[0-9A-F]{32,}/;

/** `/etc/site.key`, `~/site.key`, `.\site.key`, `C:\site.key`, and a name that ends like that of a key file. */
const path = /^@?(?:~?[\\/]|\.{1,2}[\\/]|[A-Za-z]:[\\/]|[^\r\n]*\.(?:pem|key|crt|cer|der|p8|p12|pfx|jks|txt)$)/i;

/** Whether a text given in place of a reference may hold a private key, or part of one, rather than its name. */
export function mayHoldKey(text: string): boolean {
  // A slash is a digit of base64, too.
  if (
    keyDigits.test(isPath(text) ? text : text.replaceAll("/", "+")) ||
    keysIn(Buffer.from(text)).length > 0 ||
    shapes.redact(text) !== text
  )
    return true;
  return !isPath(text) && text.length > MAX_PLACEHOLDER_LENGTH;
}

/** Whether a text is the path of a file without `file:` before it. */
export function isPath(text: string): boolean {
  return path.test(text.trim()) && !/[\r\n]/.test(text.trim());
}
