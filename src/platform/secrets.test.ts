import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemRandom } from "#kernel/random.ts";
import { loadSecrets } from "#platform/secrets.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "portico-secrets-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const none = { secretKey: undefined, oldSecretKey: undefined };

test("development makes its secret once, keeps it, and nobody else may read it", () => {
  const first = loadSecrets({ ...none, dataDir });
  expect(first.secretKey.length).toBeGreaterThanOrEqual(43);
  expect(loadSecrets({ ...none, dataDir }).secretKey).toBe(first.secretKey);
  expect(statSync(join(dataDir, "secret-key")).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir)).toEqual(["secret-key"]);
  chmodSync(join(dataDir, "secret-key"), 0o644);
  loadSecrets({ ...none, dataDir });
  expect(statSync(join(dataDir, "secret-key")).mode & 0o777).toBe(0o600);
});

test("SECRET_KEY goes before the kept one, and SECRET_KEY_OLD still opens", () => {
  const old = "the old secret key, thirty-two characters";
  const sealed = loadSecrets({ ...none, secretKey: old, dataDir }).keys.seal(systemRandom, "totp", "stf_1", "abc");
  const now = loadSecrets({ secretKey: "the new secret key, thirty-two characters", oldSecretKey: old, dataDir });
  expect(now.keys.open("totp", "stf_1", sealed).toString()).toBe("abc");
  expect(readdirSync(dataDir)).toEqual([]);
});

test("a kept secret that was cut short is said, never replaced", () => {
  writeFileSync(join(dataDir, "secret-key"), "short\n");
  expect(() => loadSecrets({ ...none, dataDir })).toThrow("holds fewer than 32 characters");
});
