/** X.509 requires two letters; a country given as a word, as in the vendor's example, is left out. */
export function isoCountry(country: string | undefined): string | undefined {
  return country !== undefined && /^[a-z]{2}$/i.test(country) ? country.toUpperCase() : undefined;
}
