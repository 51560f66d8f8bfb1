/** Percent-encoding of RFC 3986: all but `A-Z a-z 0-9 - _ . ~`, as UTF-8. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
