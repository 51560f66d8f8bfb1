/** Characters that are not encoded. */
const unreserved = /^[\w.~-]*$/;

/**
 * Percent-encoding of RFC 3986: all but `A-Z a-z 0-9 - _ . ~`, as UTF-8. A lone surrogate has no UTF-8 and becomes
 * U+FFFD, as wherever Node.js writes text.
 */
export function percentEncode(text: string): string {
  if (unreserved.test(text)) return text;
  const encoded = encodeURIComponent(text.toWellFormed());
  return encoded.replace(/[!'()*]/g, (left) => `%${left.charCodeAt(0).toString(16).toUpperCase()}`);
}
