import { fileURLToPath } from "node:url";

/** The project, seen from where the bench is compiled to: build/bench/bench. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The program as it is published. */
export const cli = `${root}dist/cli.js`;
