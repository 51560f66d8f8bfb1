/** Simplified Chinese for the texts that a person reads, by the English template that stands in the source. */
export const chinese: ReadonlyMap<string, string> = new Map();
