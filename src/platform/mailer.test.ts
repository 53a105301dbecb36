import { afterEach, expect, test } from "vitest";
import { type Mailer, type OutgoingMail, smtpMailer } from "#platform/mailer.ts";
import { startSmtp, type TestSmtp } from "../../test/support/smtp.ts";

const mail: OutgoingMail = {
  id: "mail_1",
  fromName: "Nordbrücke Kolleg",
  replyTo: "",
  to: "aiko@students.example",
  subject: "Quittung für 田中",
  text: "Hello",
  html: "<p>Hello</p>",
  locale: "en",
};
let smtp: TestSmtp | undefined;
let mailer: Mailer | undefined;
afterEach(async () => {
  mailer?.close();
  await smtp?.stop();
});

test("names and subjects in any script arrive as they were written, under our Message-ID", async () => {
  smtp = await startSmtp();
  mailer = smtpMailer({ url: smtp.url, from: "Portico <portico@mail.example>" });
  expect(await mailer.send(mail)).toEqual({ sent: true });
  const [got] = await smtp.mails();
  expect(got?.from).toEqual({ name: "Nordbrücke Kolleg", address: "portico@mail.example" });
  expect(got?.subject).toBe("Quittung für 田中");
  expect(got?.messageId).toBe("<mail_1@mail.example>");
  expect(smtp.raw[0]).toMatch(/^Auto-Submitted: auto-generated\r$/m);
});

test("a password never crosses the network in clear: a server without TLS gets nothing", async () => {
  smtp = await startSmtp();
  mailer = smtpMailer({ url: smtp.url.replace("://", "://portico:s3cr3t@"), from: "portico@mail.example" });
  expect(await mailer.send(mail)).toMatchObject({ sent: false, final: false });
  expect(smtp.raw).toEqual([]);
});

test.each(["fromName", "replyTo", "to", "subject"] as const)(
  "a line break in %s is refused for good",
  async (field) => {
    smtp = await startSmtp();
    mailer = smtpMailer({ url: smtp.url, from: "portico@mail.example" });
    const evil = { ...mail, [field]: "a@b.example\r\nBcc: all@b.example" };
    expect(await mailer.send(evil)).toMatchObject({ sent: false, final: true });
    expect(smtp.raw).toEqual([]);
  },
);

test("a server that is not there, or refuses, is an outcome and never an error", async () => {
  mailer = smtpMailer({ url: "smtp://127.0.0.1:9", from: "portico@mail.example" });
  expect(await mailer.send(mail)).toMatchObject({ sent: false, final: false });
  smtp = await startSmtp(() => 554);
  mailer.close();
  mailer = smtpMailer({ url: smtp.url, from: "portico@mail.example" });
  expect(await mailer.send(mail)).toMatchObject({ sent: false, final: true });
});
