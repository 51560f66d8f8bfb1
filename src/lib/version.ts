import manifest from "../../package.json" with { type: "json" };

/** The version in package.json. */
export const { version } = manifest;

/** The oldest supported Node.js; in package.json as ">=20.18.1". */
export const oldestNode = manifest.engines.node.replace(/^>=/, "");
