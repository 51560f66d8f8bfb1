/** Several accounts, and who may use which. */
export const accountTexts: Readonly<Record<string, string>> = {
  "account {0}, {1}": "账号 {0}，{1}",
  "Account {0}.": "账号 {0}。",
};
