import { expect, test } from "vitest";
import { createLog, loggablePath } from "#platform/log.ts";

function lines(readable: boolean, run: (log: ReturnType<typeof createLog>) => void): string[] {
  const out: string[] = [];
  run(createLog({ level: "info", readable, to: { write: (text: string) => void out.push(text) } }));
  return out;
}

test("secrets never reach the log, whatever carries them", () => {
  const secret = "s3cr3t";
  const [line = ""] = lines(false, (log) =>
    log.info(
      {
        token: secret,
        code: secret,
        password: secret,
        headers: { authorization: secret, cookie: secret, "set-cookie": secret },
        request: { headers: { cookie: secret, authorization: secret }, body: { password: secret, token: secret } },
        path: `/sign-in/link/${secret}?return=${secret}`,
      },
      "A request",
    ),
  );
  expect(line).not.toContain(secret);
  expect(JSON.parse(line)).toMatchObject({
    level: "info",
    msg: "A request",
    token: "[hidden]",
    path: "/sign-in/link/[hidden]",
  });
});

test.each([
  ["/sign-in/link/abc.def-123", "/sign-in/link/[hidden]"],
  ["/sign-in/link/abc/continue?x=1", "/sign-in/link/[hidden]/continue"],
  ["/staff/set-password/abc", "/staff/set-password/[hidden]"],
  ["/p/abc", "/p/[hidden]"],
  ["/payments/pay_1?q=Aiko", "/payments/pay_1"],
  ["/staff/payments", "/staff/payments"],
])("%s is logged as %s", (path, expected) => {
  expect(loggablePath(path)).toBe(expected);
});

test("JSON is one line an event with an ISO time; a person at a terminal gets short lines and the stack", () => {
  const [json = ""] = lines(false, (log) => log.warn({ err: new Error("broken"), tries: 2 }, "It waits"));
  expect(json.trimEnd()).not.toContain("\n");
  expect(JSON.parse(json).time).toMatch(/^\d{4}-\d\d-\d\dT/);
  const [readable = ""] = lines(true, (log) => log.warn({ err: new Error("broken"), tries: 2 }, "It waits"));
  expect(readable).toMatch(/^\d\d:\d\d:\d\d .*warn.* It waits tries=2\nError: broken\n/);
});
