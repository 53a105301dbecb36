import { describe, expect, test } from "vitest";
import { ConfigError, isLoopback, originAt, readConfig } from "./config.ts";

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
    ["ORIGIN", "http://127.0.0.1:4191/pay"],
    ["ORIGIN", "https://pay.example.edu/?a=1"],
    ["HOST", "999.1.1.1"],
    ["MAIL_FROM", "notanaddress"],
    ["MAIL_FROM", "Portico <portico>"],
    ["MAIL_FROM", "Portico\r\nBcc: x <portico@example.edu>"],
    ["SMTP_URL", "http://mail"],
    ["SMTP_URL", "smtp://"],
    ["DATABASE_URL", "mysql://x"],
    ["DATABASE_URL", "postgres://portico@127.0.0.1"],
    ["STORAGE_URL", "ftp://x"],
    ["STORAGE_URL", "s3://"],
    ["STORAGE_URL", "s3://bucket?endpoint=minio"],
    ["STORAGE_URL", "file://"],
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

  test.each([
    ["SECRET_KEY", "topsecret"],
    ["SECRET_KEY_OLD", "topsecret"],
    ["DATABASE_URL", "postgress://u:topsecret@h/x"],
    ["DATABASE_URL", "u:topsecret@h/x"],
    ["SMTP_URL", "http://user:topsecret@h"],
    ["STORAGE_URL", "s4://key:topsecret@bucket"],
    ["ORIGIN", "https://user:top/secret@topsecret@pay.example.edu/x"],
  ])("what is wrong in %s is said without what is secret in it", (name, value) => {
    let said = "";
    try {
      readConfig({ [name]: value });
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(new RegExp(`^${name} is .*: must `));
    expect(said).not.toMatch(/top\/?secret/);
  });

  test("addresses of every kind that docs/operate.md names are taken", () => {
    for (const [name, value] of [
      ["HOST", "::1"],
      ["HOST", "0.0.0.0"],
      ["HOST", "pay.example.edu"],
      ["MAIL_FROM", "accounts@pay.example.edu"],
      ["MAIL_FROM", "Northbridge College <accounts@pay.example.edu>"],
      ["SMTP_URL", "smtps://user:pass%40word@mail.example.edu:465"],
      ["DATABASE_URL", "postgresql://portico:x@%2Frun%2Fpostgresql:5433/portico"],
      ["DATABASE_URL", "postgres://portico:x@[::1]/portico?sslmode=require"],
      ["STORAGE_URL", "s3://bucket/prefix?region=ap-southeast-2&endpoint=https://s3.example.net"],
      ["STORAGE_URL", "file:///srv/portico/files"],
    ] as const)
      expect(() => readConfig({ [name]: value }), `${name}=${value}`).not.toThrow();
    expect(originAt("::1", 8080)).toBe("http://[::1]:8080");
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
