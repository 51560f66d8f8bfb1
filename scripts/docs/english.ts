import { sites } from "../../src/catalogue/services.js";
import type { Language } from "./readme.js";

/** The language of the program itself. */
export const english: Language = {
  heads: {
    operations: ["Tool", "Service", "What it does", "Effect"],
    jobs: ["Tool", "What it does", "Effect"],
    groups: ["Group", ...sites.flatMap((site) => [`Tools (${site})`, `Tokens (${site})`])],
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
  byDefault: "by default",
  all: "all, `--tools '*'`",
  jobs: {
    find_certificates: "Lists stored certificates and domains on all clouds, soonest expiry first",
    plan_renewals: "Shows when each certificate in use is due for renewal, and what a year of renewals amounts to",
    deploy_certificate: "Puts one certificate on any number of targets across the three clouds",
    delete_unused_certificates: "Deletes stored certificates that nothing uses",
    check_served_certificate: "Connects to every address of a domain and checks the certificate served there",
    wait_for: "Follows an order, a rollout, a deletion or an approval until it is done",
    turn_off_https: "Turns HTTPS off for domains",
    roll_back: "Restores what a deployment replaced",
    propose_standing_approval: "Asks you to approve renewals in advance, within bounds",
    list_standing_approvals: "Shows the bounds, uses and validity of each standing approval",
    list_jobs: "Shows earlier jobs with the state of each target",
    explain_error: "Explains a cloud's error code: causes, and what to check",
    inspect_certificate: "Checks a certificate, its chain and its key before use",
    list_vault: "Lists the keys, passwords and archives held in memory, without showing them",
    save_to_file: "Writes a held key or archive to files",
    check_setup: "Checks credentials, clock, network, files and how you can be asked",
  },
  serviceTitle: ({ title }) => title,
  toolTitle: ({ title }) => title,
  optionHelp: (_, help) => help,
  teamOptionHelp: (_, help) => help,
  install: (editor) => `Install in ${editor}`,
};
