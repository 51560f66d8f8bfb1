/** What the checks before a call warn of. */
export const findingTexts: Readonly<Record<string, string>> = {};
