import type { Language } from "./readme.js";

/** The language of the program itself. */
export const english: Language = {
  heads: {
    operations: ["Tool", "Service", "What it does", "Effect"],
    jobs: ["Tool", "What it does", "Effect"],
    groups: ["Group", "Tools", "Tokens"],
  },
  effects: {
    read: "reads",
    "key-export": "**exports a private key**",
    create: "adds",
    change: "changes a record",
    traffic: "**changes live traffic**",
    destroy: "**cannot be undone**",
    purchase: "**spends money**",
  },
  all: "all",
  serviceTitle: ({ title }) => title,
  toolTitle: ({ title }) => title,
  optionHelp: (_, help) => help,
  teamOptionHelp: (_, help) => help,
  install: (editor) => `Install in ${editor}`,
};
