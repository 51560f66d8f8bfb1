import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { MissingPackage, optionalPackages, withPackages } from "../../src/lib/optional-packages.js";

const notFound = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /x.js`), { code: "ERR_MODULE_NOT_FOUND" });

it("the optional packages are those that package.json names", () => {
  const { peerDependencies } = z
    .object({ peerDependencies: z.record(z.string()) })
    .parse(JSON.parse(readFileSync("package.json", "utf8")));
  expect(optionalPackages.flat().toSorted()).toEqual(Object.keys(peerDependencies).toSorted());
});

it("a package that is missing is named without those that are installed", async () => {
  const loading = withPackages(() => Promise.reject(notFound("jose")));
  await expect(loading).rejects.toThrow(MissingPackage);
  await expect(loading).rejects.toThrow(/^The package jose is not installed.*\(npm install jose\)/);
});

it("another failure of a module is none of a package", async () => {
  await expect(withPackages(() => Promise.reject(new TypeError("broken")))).rejects.toThrow(TypeError);
});
