import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Problem } from "#kernel/problem.ts";
import { openKeys } from "#platform/crypto.ts";
import { wake } from "#platform/jobs.ts";
import { type Mailer, smtpMailer } from "#platform/mailer.ts";
import { inTx } from "#platform/tx.ts";
import { drain } from "#platform/worker.ts";
import { type TestGround, testGround } from "../../../test/support/ground.ts";
import { startSmtp, type TestSmtp } from "../../../test/support/smtp.ts";
import { listDevMail, readDevMail } from "./dev-mail.ts";
import { type Mail, queueMail } from "./queue-mail.ts";
import { sendMails } from "./send-mails.ts";

let ground: TestGround;
let smtp: TestSmtp;
const refused = new Map<string, number>();

beforeAll(async () => {
  ground = await testGround();
  smtp = await startSmtp((to) => refused.get(to));
});
afterAll(async () => {
  await smtp.stop();
  await ground.end();
});
beforeEach(async () => {
  smtp.raw.length = 0;
  refused.clear();
  await inTx(ground, ground.system, (cx) => sql`delete from app.mail`.execute(cx.db));
});

const link = "https://pay.northbridge.example/sign-in/link/s3cr3t-t0k3n";
const signIn: Mail<"sign_in"> = {
  kind: "sign_in",
  to: "aiko@students.example",
  locale: "en-AU",
  params: { link, code: "042917", minutes: 10 },
};
const visitor = { as: "visitor", host: "localhost" } as const;
const queue = (mail: Mail<"sign_in">) => inTx(ground, visitor, (cx) => queueMail(cx, mail));

async function send(url = smtp.url) {
  // As the schedule does every minute.
  await inTx(ground, ground.system, (cx) => wake(cx, "mail.send", {}));
  const mailer = smtpMailer({ url, from: "Portico <portico@mail.example>" });
  await drain(ground, { "mail.send": (work) => sendMails(work, mailer) }).finally(() => mailer.close());
}

async function rows() {
  const found = await inTx(ground, ground.system, (cx) =>
    sql<{ state: string; tries: number; sealed: Buffer | null; last_error: string }>`
      select state, tries, sealed, last_error from app.mail order by to_email desc`.execute(cx.db),
  );
  return found.rows;
}

test("a sign-in mail arrives as text and HTML, from the institution, with link and code in both", async () => {
  await queue(signIn);
  await send();
  const [mail] = await smtp.mails();
  expect(mail?.from).toEqual({ name: "Northbridge College", address: "portico@mail.example" });
  expect(mail?.replyTo?.[0]?.address).toBe("accounts@northbridge.example");
  expect(mail?.to?.[0]?.address).toBe("aiko@students.example");
  expect(mail?.subject).toBe("Sign in to Northbridge College");
  expect(mail?.messageId).toMatch(/^<mail_[0-9a-z]{26}@mail\.example>$/);
  for (const body of [mail?.text, mail?.html]) {
    expect(body).toContain(link);
    expect(body).toContain("042917");
    expect(body).toContain("within 10 minutes");
  }
  expect(mail?.html).toContain('<html lang="en" dir="ltr">');
});

test("an Arabic reader gets Arabic, from right to left", async () => {
  await queue({ ...signIn, locale: "ar" });
  await send();
  const [mail] = await smtp.mails();
  expect(mail?.html).toContain('<html lang="ar" dir="rtl">');
  expect(mail?.subject).toBe("تسجيل الدخول إلى Northbridge College");
  expect(mail?.text).toContain("دقائق");
});

test("the words are sealed while they wait and wiped once they are sent", async () => {
  await queue(signIn);
  const [waiting] = await rows();
  expect(waiting?.state).toBe("queued");
  expect(waiting?.sealed?.toString("latin1")).not.toContain("s3cr3t");
  const jobs = await ground.pools.of("queue").query("select payload::text from graphile_worker._private_jobs");
  expect(JSON.stringify(jobs.rows)).not.toContain("s3cr3t");
  await send();
  expect(await rows()).toMatchObject([{ state: "sent", sealed: null, tries: 1 }]);
});

test("a mail queued in a transaction that fails is never sent", async () => {
  await expect(
    inTx(ground, visitor, async (cx) => {
      await queueMail(cx, signIn);
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  await send();
  expect(smtp.raw).toHaveLength(0);
});

test("two jobs at once send each mail once, and a dedupe key counts once", async () => {
  for (let index = 0; index < 5; index++)
    await queue({ ...signIn, to: `a${index}@students.example`, dedupeKey: `k${index % 3}` });
  const mailer = smtpMailer({ url: smtp.url, from: "portico@mail.example" });
  const tasks = { "mail.send": (work: Parameters<typeof sendMails>[0]) => sendMails(work, mailer) };
  await Promise.all([drain(ground, tasks), drain(ground, tasks)]);
  mailer.close();
  expect((await smtp.mails()).map((mail) => mail.to?.[0]?.address).sort()).toEqual([
    "a0@students.example",
    "a1@students.example",
    "a2@students.example",
  ]);
});

test("a server that is away is waited for, with growing waits, and the mail arrives once it is back", async () => {
  await queue(signIn);
  const nobody = "smtp://127.0.0.1:9";
  await send(nobody);
  expect(await rows()).toMatchObject([{ state: "queued", tries: 1 }]);
  await send();
  expect(smtp.raw, "not before its time").toHaveLength(0);
  ground.clock.advance({ seconds: 31 });
  await send(nobody);
  ground.clock.advance({ seconds: 61 });
  await send();
  expect(smtp.raw).toHaveLength(1);
  expect(await rows()).toMatchObject([{ state: "sent", tries: 3 }]);
});

test("an address refused for good is not tried again, one refused for now is", async () => {
  refused.set("gone@students.example", 550);
  refused.set("full@students.example", 452);
  await queue({ ...signIn, to: "gone@students.example" });
  await queue({ ...signIn, to: "full@students.example" });
  await send();
  expect(await rows()).toMatchObject([
    { state: "failed", sealed: null },
    { state: "queued", tries: 1 },
  ]);
});

test("a mail that has outlived its link is dropped, words and all", async () => {
  await queue({ ...signIn, dropAfter: ground.clock.now().add({ minutes: 10 }) });
  ground.clock.advance({ minutes: 11 });
  await send();
  expect(smtp.raw).toHaveLength(0);
  expect(await rows()).toMatchObject([{ state: "dropped", sealed: null }]);
});

test("an address that carries a header is refused, and a name that does never makes one", async () => {
  const error = await queue({ ...signIn, to: "a@b.example\r\nBcc: all@b.example" }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Problem);
  await inTx(ground, ground.system, (cx) =>
    sql`update app.institution set name = ${"Evil\r\nBcc: all@b.example"}`.execute(cx.db),
  );
  await queue(signIn);
  await send();
  expect(smtp.raw).toHaveLength(0);
  expect(await rows()).toMatchObject([{ state: "failed", last_error: "A mail header holds a line break." }]);
  await inTx(ground, ground.system, (cx) =>
    sql`update app.institution set name = 'Northbridge College'`.execute(cx.db),
  );
});

test("markup in a name stays text", async () => {
  await inTx(ground, ground.system, (cx) =>
    queueMail(cx, {
      kind: "receipt",
      to: "a@students.example",
      locale: "en-AU",
      params: {
        name: '<img src=x onerror="alert(1)">',
        number: "R-000012",
        date: Temporal.PlainDate.from("2026-11-21"),
        method: "Card •••• 4242",
        items: ["Tuition <b>Term 1</b>"],
        amount: { minor: 435_000n, currency: "AUD" },
        link: "https://pay.northbridge.example/payments",
      },
    }),
  );
  await send();
  const [mail] = await smtp.mails();
  expect(mail?.html).not.toContain("<img");
  expect(mail?.html).toContain("Tuition &lt;b&gt;Term 1&lt;/b&gt;");
  expect(mail?.text).toContain("A$4,350.00");
  expect(mail?.text).toContain("21 November 2026");
});

test("without a mail server, mails land where /dev/mail reads them", async () => {
  await queue(signIn);
  await drain(ground, { "mail.send": (work) => sendMails(work, undefined) });
  const [line] = await inTx(ground, visitor, listDevMail);
  expect(line).toMatchObject({ to: "aiko@students.example", subject: "Sign in to Northbridge College" });
  const mail = await inTx(ground, visitor, (cx) => readDevMail(cx, line?.id ?? ""));
  expect(mail.text).toContain(link);
  await expect(inTx(ground, visitor, (cx) => readDevMail(cx, "mail_x"))).rejects.toMatchObject({ code: "not-found" });
});

test("a program that dies while it sends sends again later, as the same mail", async () => {
  await queue(signIn);
  const ids: string[] = [];
  const dying: Mailer = {
    send: async (mail) => {
      ids.push(mail.id);
      if (ids.length === 1) throw new Error("killed");
      return { sent: true };
    },
    close: () => {},
  };
  const look = async () => {
    await inTx(ground, ground.system, (cx) => wake(cx, "mail.send", {}));
    await drain(ground, { "mail.send": (work) => sendMails(work, dying) }, { returnFailures: true });
  };
  await look();
  await look();
  expect(ids, "it is claimed, so nobody else takes it at once").toHaveLength(1);
  ground.clock.advance({ minutes: 3 });
  await look();
  expect(ids).toEqual([ids[0], ids[0]]);
  expect(await rows()).toMatchObject([{ state: "sent", sealed: null }]);
});

test("a mail sealed by a key that is gone is given up, and the one behind it goes out", async () => {
  const other = { ...ground, keys: openKeys("a key that nobody kept, thirty-two characters") };
  await inTx(other, visitor, (cx) => queueMail(cx, { ...signIn, to: "z@students.example" }));
  await queue({ ...signIn, to: "a@students.example" });
  await send();
  expect((await smtp.mails()).map((mail) => mail.to?.[0]?.address)).toEqual(["a@students.example"]);
  expect(await rows()).toMatchObject([{ state: "failed", sealed: null }, { state: "sent" }]);
});
