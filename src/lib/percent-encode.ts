/** Characters that are not encoded. */
const unreserved = /^[\w.~-]*$/;

/**
 * Percent-encoding of RFC 3986: all but `A-Z a-z 0-9 - _ . ~`, as UTF-8. A lone surrogate has no UTF-8 and becomes
 * U+FFFD, as wherever Node.js writes text.
 */
export function percentEncode(text: string): string {
  if (unreserved.test(text)) return text;
  // One by one: searching for a single character is fastest, and PEM is long.
  return encodeURIComponent(text.toWellFormed())
    .replace(/!/g, "%21")
    .replace(/'/g, "%27")
    .replace(/\(/g, "%28")
    .replace(/\)/g, "%29")
    .replace(/\*/g, "%2A");
}
