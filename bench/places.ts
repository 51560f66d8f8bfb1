import { resolve } from "node:path";

/** The project: npm starts the bench and the tests there. */
export const root = process.cwd();

/** The program as it is published. */
export const cli = resolve(root, "dist/cli.js");
