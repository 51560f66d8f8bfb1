import { messageOf, systemCodeOf } from "./failure.js";

/** A package that only the team's server needs is not installed. Its message is for the operator. */
export class MissingPackage extends Error {}

/**
 * Loads a module that needs packages which not every installation has (`peerDependencies` in package.json).
 * @throws {MissingPackage} if one of them is not installed
 */
export async function withPackages<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const [, name] = /^Cannot find package '([^']+)'/.exec(messageOf(error)) ?? [];
    if (systemCodeOf(error) !== "ERR_MODULE_NOT_FOUND" || name === undefined) throw error;
    throw new MissingPackage(
      `The package ${name} is not installed, which this needs. Nothing was started. Install it next to cloudcert-mcp (npm install ${name}), or use the container image, which has it.`,
    );
  }
}
