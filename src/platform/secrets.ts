import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Random, secretToken, systemRandom } from "#kernel/random.ts";
import type { Config } from "#platform/config.ts";
import { type Keys, openKeys } from "#platform/crypto.ts";

export type Secrets = {
  /** From it derive the passwords of the database roles (DatabaseAccess.secretKey). */
  readonly secretKey: string;
  readonly keys: Keys;
};

/**
 * The program's secrets: SECRET_KEY where it is set (production does not start without it), else one that is made on
 * the first start and kept in DATA_DIR/secret-key, readable by its owner only.
 */
export function loadSecrets(
  config: Pick<Config, "secretKey" | "oldSecretKey" | "dataDir">,
  random: Random = systemRandom,
): Secrets {
  const secretKey = config.secretKey ?? keptSecret(config.dataDir, random);
  return { secretKey, keys: openKeys(secretKey, config.oldSecretKey) };
}

/** The same for those who only look: undefined where there is none yet. */
export function knownSecrets(config: Pick<Config, "secretKey" | "oldSecretKey" | "dataDir">): Secrets | undefined {
  const secretKey = config.secretKey ?? readSecret(join(config.dataDir, "secret-key"));
  return secretKey === undefined ? undefined : { secretKey, keys: openKeys(secretKey, config.oldSecretKey) };
}

function keptSecret(folder: string, random: Random): string {
  const path = join(folder, "secret-key");
  const known = readSecret(path);
  if (known) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${secretToken(random)}\n`, { mode: 0o600 });
  try {
    // A link is made whole or not at all, so of two programs that start at once both read the same secret.
    linkSync(unfinished, path);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  const made = readSecret(path);
  if (!made) throw new Error(`${path} can't be read.`);
  return made;
}

function readSecret(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8").trim();
    if (text.length < 32)
      throw new Error(`${path} holds fewer than 32 characters. Restore it, or empty the data folder.`);
    chmodSync(path, 0o600);
    return text;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}
