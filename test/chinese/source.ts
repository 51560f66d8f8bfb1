import { fileURLToPath } from "node:url";
import { type Node, SyntaxKind, type TemplateLiteral } from "typescript/unstable/ast";
import {
  isBinaryExpression,
  isNoSubstitutionTemplateLiteral,
  isTaggedTemplateExpression,
} from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";
import { templateOf } from "../../src/lib/safe-text.js";

/** What the sources of the program say to a person, found by the compiler and not by running examples. */

export interface Found {
  readonly what: string;
  /** File and line. */
  readonly where: string;
}

const equality: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsEqualsToken,
]);

const literals: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.NumericLiteral,
  SyntaxKind.NullKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
]);

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Templates of `safe`, and comparisons that take two texts for different ones because they are two objects. */
export function readSource(): { readonly templates: readonly Found[]; readonly comparisons: readonly Found[] } {
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProject: `${root}tsconfig.build.json` }).getProjects();
    if (project === undefined) throw new Error("tsconfig.build.json does not open");
    const templates: Found[] = [];
    const comparisons: Found[] = [];
    for (const name of project.program.getSourceFileNames()) {
      if (!name.startsWith(`${root}src/`)) continue;
      const file = project.program.getSourceFile(name);
      if (file === undefined) continue;
      const at = (node: Node, what: string): Found => {
        const line = file.text.slice(0, node.end).split("\n").length;
        return { what, where: `${name.slice(root.length)}:${line}` };
      };
      // Most comparisons are with a literal, of which the compiler need not be asked.
      const isText = (node: Node) => {
        if (literals.has(node.kind) || node.getText(file) === "undefined") return false;
        const type = project.checker.getTypeAtLocation(node);
        return type !== undefined && /^SafeText\b/.test(project.checker.typeToString(type));
      };
      const visit = (node: Node): void => {
        if (isTaggedTemplateExpression(node) && file.text.slice(node.tag.pos, node.tag.end).trim() === "safe") {
          templates.push(at(node, templateIn(node.template)));
        }
        if (
          isBinaryExpression(node) &&
          equality.has(node.operatorToken.kind) &&
          isText(node.right) &&
          isText(node.left)
        ) {
          comparisons.push(at(node, file.text.slice(node.pos, node.end).trim()));
        }
        node.forEachChild(visit);
      };
      file.forEachChild(visit);
    }
    return { templates, comparisons };
  } finally {
    api.close();
  }
}

function templateIn(template: TemplateLiteral): string {
  if (isNoSubstitutionTemplateLiteral(template)) return template.text;
  return templateOf([template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)]);
}
