import { expect, test } from "vitest";
import { isCommonPassword } from "./common-passwords.ts";
import { hashPassword, passwordFits, passwordProblem } from "./password.ts";

const about = { email: "priya.nair@northbridge.example", name: "Priya Nair", institution: "Northbridge College" };

test("a hash is argon2id with OWASP's parameters, and differs each time", async () => {
  const [one, two] = [await hashPassword("seven wet umbrellas"), await hashPassword("seven wet umbrellas")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await passwordFits(one, "seven wet umbrellas")).toBe(true);
  expect(await passwordFits(one, "seven wet umbrella")).toBe(false);
});

test("nobody's password fits, whatever is typed", async () => {
  for (const typed of ["", "seven wet umbrellas", "x".repeat(1_000)]) {
    expect(await passwordFits(undefined, typed)).toBe(false);
  }
});

test("the same letters typed on two keyboards are one password", async () => {
  const composed = await hashPassword("caf\u00e9 au lait");
  expect(await passwordFits(composed, "cafe\u0301 au lait")).toBe(true);
});

test("length counts characters, not bytes", () => {
  expect(passwordProblem("🦊🐻🐼🦁🐸🐵🦉", about)).toContain("at least 8");
  expect(passwordProblem("🦊🐻🐼🦁🐸🐵🦉🐙", about)).toBeUndefined();
  expect(passwordProblem("ab cd ef ".repeat(29), about)).toContain("at most 256");
});

test("common ones are refused in any dress", () => {
  for (const word of [
    "password",
    "Password1",
    "P@ssw0rd!",
    "QWERTYUIOP",
    "letmein123!",
    "!!welcome1!!",
    "iloveyou99",
  ]) {
    expect(isCommonPassword(word), word).toBe(true);
  }
  for (const word of ["seven wet umbrellas", "plumbago-tangent-9", "k3uFh8sL2pQ"]) {
    expect(isCommonPassword(word), word).toBe(false);
  }
});

test("what anyone knows of the person is refused when it is nearly all of the password", () => {
  for (const word of [
    "priya.nair",
    "PriyaNair1",
    "northbridge",
    "Northbridge99",
    "nair.priya.nair",
    "northbridge.example",
  ]) {
    expect(passwordProblem(word, about), word).toBeDefined();
  }
  expect(passwordProblem("northbridge has eleven ducks", about)).toBeUndefined();
});
