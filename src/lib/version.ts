import manifest from "../../package.json" with { type: "json" };

/** The version in package.json, its one home. */
export const { version } = manifest;

/** The oldest Node.js that it runs on; package.json has it as ">=20.18.1". */
export const oldestNode = manifest.engines.node.replace(/^>=/, "");
