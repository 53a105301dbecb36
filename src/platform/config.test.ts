import { describe, expect, test } from "vitest";
import { ConfigError, isLoopback, readConfig } from "./config.ts";

const production = {
  NODE_ENV: "production",
  SECRET_KEY: "x".repeat(40),
  ORIGIN: "https://pay.example.edu",
  SMTP_URL: "smtp://mail.example.edu:587",
};

describe("configuration", () => {
  test("an empty environment is a working development", () => {
    expect(readConfig({})).toMatchObject({
      production: false,
      host: "127.0.0.1",
      port: 8080,
      dataDir: "data",
      sandbox: true,
    });
  });

  test.each([
    ["PORT", "eighty"],
    ["PORT", "70000"],
    ["PORT", "-1"],
    ["ORIGIN", "pay.example.edu"],
    ["ORIGIN", "ftp://x"],
    ["SMTP_URL", "http://mail"],
    ["DATABASE_URL", "mysql://x"],
    ["STORAGE_URL", "ftp://x"],
    ["SECRET_KEY", "short"],
    ["NODE_ENV", "prod"],
    ["LOG_LEVEL", "loud"],
    ["TRUST_PROXY", "yes"],
    ["DATABASE_ROLE_PREFIX", "Not A Role"],
    ["SANDBOX", "1"],
  ])("%s=%s is refused in one line that names the variable", (name, value) => {
    let said: unknown;
    try {
      readConfig({ [name]: value });
    } catch (error) {
      said = error;
    }
    expect(said).toBeInstanceOf(ConfigError);
    expect((said as Error).message).toMatch(new RegExp(`^${name} is `));
    expect((said as Error).message).not.toContain("\n");
  });

  test.each(["SECRET_KEY", "ORIGIN", "SMTP_URL"])("production does not start without its own %s", (name) => {
    expect(() => readConfig({ ...production, [name]: undefined })).toThrow(new RegExp(`^${name} is not set`));
  });

  test("production has no sandbox unless it is asked for, and no plain HTTP but on loopback", () => {
    expect(readConfig(production)).toMatchObject({ production: true, sandbox: false });
    expect(() => readConfig({ ...production, ORIGIN: "http://pay.example.edu" })).toThrow(/^ORIGIN is /);
    expect(readConfig({ ...production, ORIGIN: "http://127.0.0.1:8080" }).origin).toBe("http://127.0.0.1:8080");
  });

  test("an origin loses its slash at the end, and an empty variable counts as not set", () => {
    expect(readConfig({ ORIGIN: "https://pay.example.edu/", PORT: "" })).toMatchObject({
      origin: "https://pay.example.edu",
      port: 8080,
    });
  });

  test("loopback is this machine and nothing that only looks like it", () => {
    expect(["http://localhost:1", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]:80"].every(isLoopback)).toBe(
      true,
    );
    expect(["http://localhost.evil.example", "http://127.0.0.1.nip.io", "http://10.0.0.1"].some(isLoopback)).toBe(
      false,
    );
  });
});
