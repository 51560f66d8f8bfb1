import type { Person } from "../identity/person.js";
import type { TeamMcpOptions } from "./mcp-server.js";
import type { Uploads } from "./pages/upload.js";

/** Puts what people upload into their own vaults. */
export function uploadsInto({
  accounts,
  workspaces,
  rules,
}: Pick<TeamMcpOptions, "accounts" | "workspaces" | "rules">): Uploads {
  const reached = (person: Person) => accounts.filter(({ name }) => rules.mayChange(person, name));
  return {
    accountsOf: (person) => reached(person).map(({ name }) => name),
    keep: async (person, account, entry) => {
      const place = reached(person).find(({ name }) => name === account);
      if (place === undefined) throw new Error("an upload to an account that is not the person's");
      return workspaces.within(person, place, async ({ vault }) => {
        const reference = vault.keep(entry);
        await vault.saved();
        return reference;
      });
    },
  };
}
