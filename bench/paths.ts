import { resolve } from "node:path";

/** The project's root: npm starts the bench and the tests there. */
export const root = process.cwd();

/** The program as published. */
export const cli = resolve(root, "dist/cli.js");
