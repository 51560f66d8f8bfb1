import { createRequire } from "node:module";
import { messageOf, systemCodeOf } from "./failure.js";

/** A package that only the team's server needs is not installed. Its message is for the operator. */
export class MissingPackage extends Error {}

/** The optional packages (`peerDependencies` in package.json), by what needs them: whoever lacks one may lack all of a row. */
export const optionalPackages: readonly (readonly string[])[] = [
  [
    "fastify",
    "@fastify/rate-limit",
    "@fastify/cookie",
    "@fastify/formbody",
    "@fastify/multipart",
    "jose",
    "openid-client",
  ],
  ["pg"],
  ["prom-client"],
  ["yaml"],
];

/**
 * Loads a module that needs packages which not every installation has.
 * @throws {MissingPackage} if one of them is not installed
 */
export async function withPackages<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const [, name] = /^Cannot find package '([^']+)'/.exec(messageOf(error)) ?? [];
    if (systemCodeOf(error) !== "ERR_MODULE_NOT_FOUND" || name === undefined) throw error;
    throw missing(name);
  }
}

/** Names at once all that have to be installed. */
function missing(name: string): MissingPackage {
  const others = optionalPackages.find((row) => row.includes(name)) ?? [];
  const names = [name, ...others.filter((each) => each !== name && !isInstalled(each))];
  const [what, it] =
    names.length === 1 ? [`The package ${name} is`, "it"] : [`The packages ${names.join(", ")} are`, "them"];
  return new MissingPackage(
    `${what} not installed, which this needs. Nothing was started. Install ${it} next to cloudcert-mcp (npm install ${names.join(" ")}), or use the container image, which has ${it}.`,
  );
}

const { resolve } = createRequire(import.meta.url);

function isInstalled(name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch (error) {
    // A package for `import` alone is there, and says so in another way.
    return systemCodeOf(error) !== "MODULE_NOT_FOUND";
  }
}
