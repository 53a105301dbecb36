import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { raise } from "../../../../test/support/invoices.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";
import { readPdf } from "../../../../test/support/pdf.ts";

let h: TestHouse;
let world: PayoutWorld;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  await world.contact();
  await world.account();
  const payment = await world.earn(500_000n);
  await world.look();
  await world.pass({ hours: 24 * 5 + 4 });
  await world.approve((await world.payouts()).map(({ id }) => id));
  await world.look();
  await world.refund(payment, 100_000n);
  await raise(h, world, { net: 20_000n, due: "2026-11-28" });
  h.clock.advance({ hours: 24 * 40 });
  contact = await h.partner(world.institution, world.partner);
}, 60_000);
afterAll(() => h.close());

const year = "period=dates&from=2026-11-01&to=2027-01-31&currency=AUD";
const plain = (text: string) => text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

test("P6: earnings and invoices stand apart, each opening + movements = closing, with what is due by age", async () => {
  const shown = plain((await contact.get(`/partner/statement?${year}`)).text);
  for (const part of [
    "never set off against each other",
    "Share earned 1 entry AUD 550 .00",
    "Share taken back 1 entry − AUD 110 .00",
    "Payout sent 1 entry − AUD 550 .00",
    "Closing balance, 5 Jan 2027 − AUD 110 .00",
    "Invoice 1 entry AUD 220 .00",
    "1–30 days AUD 0 .00 31–60 days AUD 220 .00",
    "As of 5 Jan 2027",
  ]) {
    expect(shown).toContain(part);
  }
});

test("P6: a period opens with what was before it, in the institution's days", async () => {
  const before = plain((await contact.get("/partner/statement?period=dates&from=2026-11-20&to=2026-11-21")).text);
  expect(before).toContain("Closing balance, 21 Nov 2026 AUD 550 .00");
  const later = plain((await contact.get("/partner/statement?period=dates&from=2026-11-22&to=2026-12-31")).text);
  expect(later).toContain("Opening balance 22 Nov 2026 AUD 550 .00");
});

test("P6: a period that is not over closes, and ages what is owed, on today; one that is over on its last day", async () => {
  const shown = async (query: string) => plain((await contact.get(`/partner/statement?${query}`)).text);
  // Due on 28 November: 38 days on 5 January, and 215 on the last day of the year that is asked for.
  const running = await shown("period=financial-year");
  expect(running).toContain("1 July 2026 to 30 June 2027");
  expect(running).toContain("Closing balance, 5 Jan 2027");
  expect(running).toMatch(/As of 5 Jan 2027.* 31–60 days AUD 220 \.00/);
  expect(running).toContain("Over 90 days AUD 0 .00");
  expect(await shown("period=this-month")).toMatch(/Closing balance, 5 Jan 2027.*As of 5 Jan 2027/);
  expect(await shown("period=last-month")).toMatch(/As of 31 Dec 2026.* 31–60 days AUD 220 \.00/);
  const ahead = await shown("from=2027-03-01&to=2027-03-31");
  expect(ahead).toContain("Opening balance 5 Jan 2027");
  expect(ahead).toContain("Closing balance, 5 Jan 2027");
});

test("P6: a day is the institution's: late on the 5th in UTC it is the 6th in Sydney", async () => {
  h.clock.advance({ hours: 10 });
  const csv = (await contact.get(`/partner/statement.csv?${year}`)).text;
  h.clock.advance({ hours: -10 });
  expect(csv).toContain("earnings,2027-01-06,,closing");
});

test("P6: dates that are changed count, though the period beside them was left as it was", async () => {
  const was = "was=this-month~2027-01-01~2027-01-31";
  const changed = `period=this-month&from=2026-11-01&to=2026-11-30&${was}`;
  expect(plain((await contact.get(`/partner/statement?${changed}`)).text)).toContain("1 Nov 2026 to 30 Nov 2026");
  const chosen = `period=last-month&from=2027-01-01&to=2027-01-31&${was}`;
  expect(plain((await contact.get(`/partner/statement?${chosen}`)).text)).not.toContain("1 Jan 2027 to");
});

test("P6: any address shows a statement: dates turned round, unknown words, a page behind the end", async () => {
  for (const query of [
    "from=2027-01-31&to=2026-11-01",
    "period=never&from=x&currency=XXX",
    `${year}&earnings=999999&invoices=-3`,
    "period=financial-year",
    "period=quarter",
  ]) {
    expect((await contact.get(`/partner/statement?${query}`)).status).toBe(200);
  }
});

test("P6: the CSV has every entry with its balance, oldest first, and nothing of when others did anything", async () => {
  const answer = await contact.get(`/partner/statement.csv?${year}`);
  expect(answer.headers.get("etag")).toBeNull();
  const rows = answer.text.trim().split("\r\n");
  expect(rows.map((row) => row.split(",").slice(0, 4).join(","))).toEqual([
    "section,date,at,entry",
    "earnings,2026-11-01,,opening",
    expect.stringMatching(/^earnings,2026-11-21,.*,share$/),
    expect.stringMatching(/^earnings,2026-11-26,.*,reversal$/),
    expect.stringMatching(/^earnings,2026-11-26,.*,payout_sent$/),
    "earnings,2027-01-05,,closing",
    "invoices,2026-11-01,,opening",
    expect.stringMatching(/^invoices,2026-11-26,.*,issued$/),
    "invoices,2027-01-05,,closing",
  ]);
  // A plain number, also below zero: a spreadsheet adds it up.
  expect(rows[3]).toContain(",-110.00,");
  expect(rows[2]).toContain("Aiko Tanaka,Tuition,,,,,,50.00,550.00,550.00,AUD");
});

test("P6: staff open the same statement, and read the same figures", async () => {
  const staff = await h.staff(world.institution, "OPERATOR");
  const own = await contact.get(`/partner/statement.csv?${year}`);
  const theirs = await staff.get(`/staff/partnerships/${world.partner}/statement.csv?${year}`);
  expect(theirs.text).toBe(own.text);
  const page = plain((await staff.get(`/staff/partnerships/${world.partner}/statement?${year}`)).text);
  expect(page).toContain("Statement of Meridian");
});

test.each([
  [
    "en-AU",
    "en",
    ["Statement", "Closing balance, 5 Jan 2027", "As of 5 Jan 2027", "Share earned", "Aiko Tanaka", "−110.00"],
  ],
  ["ar", "ar", ["كشف الحساب", "الرصيد الختامي", "حصة مكتسبة", "Aiko Tanaka", "110.00"]],
  ["zh-Hans", "en", ["Statement", "王小明", "学费", "550.00"]],
])("P6: the PDF is right for a reader of %s", async (language, written, parts) => {
  await h.admin.query("update app.contact set language = $2 where id = $1", [contact.contactId, language]);
  if (language === "zh-Hans") {
    await h.admin.query("update app.customer set given_name = '', family_name = '王小明' where id = $1", [
      world.customerOfAll,
    ]);
    await h.admin.query("update app.payment set item = '学费' where institution_id = $1", [world.institution]);
  }
  const answer = await contact.get(`/partner/statement.pdf?${year}`);
  expect(answer.headers.get("content-disposition")).toContain("statement-2026-11-01-2027-01-31-AUD.pdf");
  const { pages } = await readPdf(answer.bytes);
  const text = pages.join("\n").normalize("NFKC").replace(/\s/g, "");
  for (const part of parts) expect(text).toContain(part.normalize("NFKC").replace(/\s/g, ""));
  expect(Buffer.from(answer.bytes).toString("latin1")).toContain(`/Lang (${written})`);
});
