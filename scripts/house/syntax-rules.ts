import ts from "typescript";
import type { SourceFile, Violation } from "./files.ts";

const maxFunctionLines = 70;

/** Rules on the syntax of a TypeScript file: function lengths, `any`, default exports, barrels. */
export function checkSyntax(file: SourceFile): Violation[] {
  if (!/\.tsx?$/.test(file.path) || file.path === "src/platform/database-types.ts") return [];
  const kind = file.path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true, kind);
  const found: Violation[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const add = (node: ts.Node, message: string) =>
    found.push({ path: file.path, line: lineOf(node.getStart(source)), message });

  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body && !isSuite(node)) {
      const lines = lineOf(node.end) - lineOf(node.getStart(source)) + 1;
      if (lines > maxFunctionLines) {
        add(node, `${lines} lines; a function has at most ${maxFunctionLines}. Give a step of it a name of its own.`);
      }
    }
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      add(node, "`any` switches the checker off. Write the type, or `unknown` and look before you use it.");
    }
    if (isDefaultExport(node) && !mayDefault(file.path)) {
      add(node, "Only route modules have a default export. Export it by name.");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (isBarrel(source)) {
    found.push({
      path: file.path,
      line: 1,
      message: "A file of re-exports hides where things are. Import from the file.",
    });
  }
  return found;
}

/** A describe block groups tests; the tests in it are the functions that must be short. */
function isSuite(node: ts.Node): boolean {
  const call = node.parent;
  if (!call || !ts.isCallExpression(call)) return false;
  return /^describe\b/.test(call.expression.getText());
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return !node.isExportEquals;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

/** Route modules lie below web and api; vitest asks for default exports in its configuration. */
function mayDefault(path: string): boolean {
  if (path === "vitest.config.ts" || path === "test/support/global-setup.ts") return true;
  if (path === "scripts/test-report.ts") return true;
  return /^src\/(web|api)\//.test(path) && !path.startsWith("src/web/ui/") && !path.startsWith("src/web/client/");
}

function isBarrel(source: ts.SourceFile): boolean {
  const statements = source.statements;
  return statements.length > 0 && statements.every((one) => ts.isExportDeclaration(one) && one.moduleSpecifier);
}
