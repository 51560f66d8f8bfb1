import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Statement, SyntaxKind } from "typescript/unstable/ast";
import {
  isClassDeclaration,
  isEnumDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isTypeAliasDeclaration,
  isVariableStatement,
} from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The files of src by the names that they declare and export; what is passed on from another file is not declared. */
function exportedNames(): ReadonlyMap<string, readonly string[]> {
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProject: `${root}tsconfig.build.json` }).getProjects();
    if (project === undefined) throw new Error("tsconfig.build.json does not open");
    const files = new Map<string, string[]>();
    for (const path of project.program.getSourceFileNames()) {
      if (!path.startsWith(`${root}src/`)) continue;
      // Overloads declare a function more than once in one file.
      const names = new Set(project.program.getSourceFile(path)?.statements.flatMap(namesIn));
      for (const name of names) files.set(name, [...(files.get(name) ?? []), path.slice(root.length)]);
    }
    return files;
  } finally {
    api.close();
  }
}

function namesIn(statement: Statement): readonly string[] {
  if (isVariableStatement(statement)) {
    if (!isExported(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name }) => (isIdentifier(name) ? [name.text] : []));
  }
  if (
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement) ||
    isEnumDeclaration(statement)
  ) {
    return isExported(statement) && statement.name !== undefined ? [statement.name.text] : [];
  }
  return [];
}

function isExported({ modifiers }: { readonly modifiers?: readonly { readonly kind: SyntaxKind }[] }): boolean {
  return modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false;
}

describe("exported names", () => {
  const files = exportedNames();

  it("are read from the whole of src", () => expect(files.size).toBeGreaterThan(1_000));

  it("stand for one thing each, so that a search finds its declaration", () =>
    expect([...files].filter(([, paths]) => paths.length > 1)).toEqual([]));

  it("are what the programs in plain JavaScript import, which no compiler checks", () => {
    const imported = ["scripts", "test"].flatMap(importsOfBuild);
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.filter(({ name, from }) => !files.get(name)?.includes(from))).toEqual([]);
  });
});

/** What the JavaScript files of a folder import from the compiled src, as files of src. */
function importsOfBuild(folder: string) {
  const programs = readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".js"),
  );
  return programs.flatMap((program) => {
    const text = readFileSync(`${root}${folder}/${program}`, "utf8");
    return [...text.matchAll(/import \{([^}]+)\} from "[./]+build\/(src\/[^"]+)\.js"/g)].flatMap(
      ([, names = "", module = ""]) =>
        names.split(",").flatMap((each) => {
          const [name = ""] = each.trim().split(" as ");
          return name === "" ? [] : [{ program, name, from: `${module}.ts` }];
        }),
    );
  });
}
