import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A file of the repository: its path from the root, with slashes, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

/** A broken rule: where, and what to do instead. */
export type Violation = { readonly path: string; readonly line: number; readonly message: string };

// Folders that are not ours, or not the repository's.
const skipped = new Set(["node_modules", "data", ".git", "fixtures", "screenshots", "coverage", "test-results"]);
const read = /\.(ts|tsx|mjs|cjs|css|sql|md|json|html|sh|yml)$|^\.ci\/|^\.gitignore$/;
const unread = new Set(["package-lock.json"]);

/** Every text file of the repository below `root`, in order of path. */
export function readTree(root: string): SourceFile[] {
  const files: SourceFile[] = [];
  const walk = (folder: string): void => {
    if (!existsSync(folder)) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = join(folder, entry.name);
      const path = relative(root, full);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(full);
      } else if (entry.isFile() && read.test(path) && !unread.has(path)) {
        files.push({ path, text: readFileSync(full, "utf8") });
      }
    }
  };
  walk(root);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
