import { readTree, type SourceFile, type Violation } from "./files.ts";
import { checkSyntax } from "./syntax-rules.ts";
import { checkText } from "./text-rules.ts";

/** All broken rules of the house in these files (ARCHITECTURE.md); import rules are dependency-cruiser's. */
export function checkFiles(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => [...checkText(file), ...checkSyntax(file)]);
}

/** The same for a whole working copy. */
export function checkHouse(root: string): Violation[] {
  return checkFiles(readTree(root));
}

/** A violation in one line, as editors and terminals link it. */
export function describeViolation(violation: Violation): string {
  return `${violation.path}:${violation.line}  ${violation.message}`;
}
