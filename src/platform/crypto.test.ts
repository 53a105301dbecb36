import { expect, test } from "vitest";
import { systemRandom } from "#kernel/random.ts";
import { openKeys } from "#platform/crypto.ts";

const first = "the first key of this test, long enough";
const second = "the second key of this test, long enough";

test("what was sealed opens again, and only for the same purpose and place", () => {
  const keys = openKeys(first);
  const sealed = keys.seal(systemRandom, "mail", "mail_1", "Grüße, نص, 漢字");
  expect(keys.open("mail", "mail_1", sealed).toString()).toBe("Grüße, نص, 漢字");
  expect(sealed.includes("Gr")).toBe(false);
  expect(() => keys.open("totp", "mail_1", sealed)).toThrow();
  expect(() => keys.open("mail", "mail_2", sealed)).toThrow();
});

test("a changed bit anywhere is refused", () => {
  const keys = openKeys(first);
  const sealed = keys.seal(systemRandom, "mail", "m", "secret");
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => keys.open("mail", "m", changed), `byte ${index}`).toThrow();
  }
});

test("after a rotation the old key still opens, the new one seals, and what is stale is known", () => {
  const sealed = openKeys(first).seal(systemRandom, "totp", "stf_1", "abc");
  const rotated = openKeys(second, first);
  expect(rotated.open("totp", "stf_1", sealed).toString()).toBe("abc");
  expect(rotated.isStale(sealed)).toBe(true);
  expect(rotated.isStale(rotated.seal(systemRandom, "totp", "stf_1", "abc"))).toBe(false);
  expect(() => openKeys(second).open("totp", "stf_1", sealed)).toThrow("not in SECRET_KEY");
});

test("a short key is refused", () => {
  expect(() => openKeys("short")).toThrow("at least 32 characters");
  expect(() => openKeys(first, "short")).toThrow("at least 32 characters");
});
