import { mkdirSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "#platform/config.ts";

/**
 * Makes the data folder where it is missing, and tries whether it takes files.
 *
 * @throws ConfigError when it can't be one
 */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolder(resolve(dataDir));
    rmdirSync(mkdtempSync(join(dataDir, ".try-")));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // Room may be made while Portico runs: what can't be written then says so itself.
    if (code === "ENOSPC" || code === "EDQUOT") return;
    throw new ConfigError(`DATA_DIR is ${JSON.stringify(dataDir)}: no folder that files can be kept in (${message})`);
  }
}

/** From the top down, one at a time: where nothing can be made, as in /proc, `recursive` tries for ever. */
function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new Error(`${path} is a file`);
  if (found) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process made it this moment.
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  }
}
