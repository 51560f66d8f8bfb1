/**
 * Percent-encoding of RFC 3986: all but `A-Z a-z 0-9 - _ . ~`, as UTF-8. Half a character outside the basic plane has no
 * UTF-8 and stands as U+FFFD, as it does wherever Node.js writes text.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
