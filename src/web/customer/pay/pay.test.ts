import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { count, type MoneyWorld, moneyWorld, paymentRow } from "../../../../test/support/money.ts";

let h: TestHouse;
let world: MoneyWorld;
let aiko: CustomerId;
let browser: Awaited<ReturnType<TestHouse["customer"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
}, 60_000);
afterAll(async () => await h?.close());
beforeEach(async () => {
  aiko = await world.customer();
  browser = await h.customer(world.institution, aiko);
});

describe("choosing what to pay", () => {
  test("everything due and overdue is ticked at first; what is far away is not", async () => {
    const overdue = await world.payment(aiko, { list: 100n, due: "2026-11-01" });
    const due = await world.payment(aiko, { list: 200n, due: "2026-12-05" });
    const later = await world.payment(aiko, { list: 300n, due: "2027-06-01" });
    const ticked = (text: string) => [...text.matchAll(/value="(pay_\w+)" checked/g)].map((found) => found[1]);
    expect(ticked((await browser.get("/pay")).text).sort()).toEqual([overdue, due].sort());
    expect(ticked((await browser.get(`/pay?payment=${later}`)).text)).toEqual([later]);
  });

  test("nothing to pay: the page says why and where to go", async () => {
    expect((await browser.get("/pay")).text).toContain("Nothing to pay");
  });

  test("422: nothing ticked; the summary says so and the title begins with Error", async () => {
    await world.payment(aiko, { list: 100n });
    const answer = await browser.post("/pay", {});
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("Tick at least one payment.");
    expect(answer.text).toContain("<title>Error:");
  });

  const wrong = [
    "0",
    "0.00",
    "-1",
    "−5",
    "9007199254740992",
    "1e5",
    "NaN",
    "1,000",
    "10.005",
    "１２",
    "0x10",
    " ",
    "abc",
  ];
  test.each(wrong)("422: a part of %j is refused beside its field, and what was typed stays", async (amount) => {
    const payment = await world.payment(aiko, { list: 100_000n, allowPart: true });
    const answer = await browser.post("/pay", { payment, [`part.${payment}`]: amount });
    if (amount.trim() === "") return expect(answer.status).toBe(303);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).toContain(`value="${amount}"`);
    expect(await count(h, "app.checkout", "customer_id = $1", [aiko])).toBe(0);
  });

  test("422: more than is owed, and decimals that the currency does not have", async () => {
    const aud = await world.payment(aiko, { list: 100_000n, allowPart: true });
    expect((await browser.post("/pay", { payment: aud, [`part.${aud}`]: "1000.01" })).text).toContain(
      "at most A$1,000.00",
    );
    const yen = await world.payment(aiko, { list: 5_000n, currency: "JPY", allowPart: true });
    expect((await browser.post("/pay", { payment: yen, [`part.${yen}`]: "10.5" })).text).toContain(
      "JPY has no decimals",
    );
    const dinar = await world.payment(aiko, { list: 5_000n, currency: "KWD", allowPart: true });
    expect((await browser.post("/pay", { payment: dinar, [`part.${dinar}`]: "1.234" })).status).toBe(303);
  });

  test("a part is only taken where the payment allows it; elsewhere the whole is asked for", async () => {
    const whole = await world.payment(aiko, { list: 100_000n });
    const opened = await browser.post("/pay", { payment: whole, [`part.${whole}`]: "1.00" });
    expect((await browser.get(opened.location)).text).toContain('name="expected" value="100000"');
  });

  test("422: two currencies at once, and a payment of somebody else", async () => {
    const aud = await world.payment(aiko, { list: 100n });
    const usd = await world.payment(aiko, { list: 100n, currency: "USD" });
    expect((await browser.post("/pay", { payment: [aud, usd] })).text).toContain("one currency at a time");
    const other = await world.payment(await world.customer("Ken"), { list: 100n });
    const answer = await browser.post("/pay", { payment: [aud, other] });
    expect(answer.status).toBe(422);
    expect(await count(h, "app.checkout_item", "payment_id = $1", [other])).toBe(0);
  });
});

describe("checking and paying", () => {
  test("a surcharge is shown before paying, on the check page and in the charge; one method is free", async () => {
    await h.admin.query(
      "update app.channel_product set surcharge_bps = 150 where institution_id = $1 and kind = 'card'",
      [world.institution],
    );
    const payment = await world.payment(aiko, { list: 100_000n, shareBps: 1_000 });
    const opened = await browser.post("/pay", { payment });
    const review = await browser.get(opened.location);
    expect(review.text).toContain("1.5% surcharge: A$15.00");
    expect(review.text).toContain("No surcharge");
    const method = /value="(chp_[^"]+)"/.exec(review.text)?.[1] ?? "";
    const confirm = await browser.follow(await browser.post(opened.location, { method }));
    expect(confirm.text).toContain("Pay A$1,015.00");
    const to = await browser.post(opened.location.replace("review", "method"), { method, expected: "101500" });
    await browser.follow(await browser.post(to.location, { card: "4242424242424242" }));
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid", paid_minor: 100_000n });
    const { rows } = await h.admin.query(
      "select balance as fees from ledger.account where kind = 'income_fees' and institution_id = $1",
      [world.institution],
    );
    expect(rows[0]).toEqual({ fees: 1_500n });
    await h.admin.query("update app.channel_product set surcharge_bps = 0 where institution_id = $1", [
      world.institution,
    ]);
  });

  test("the amount on the button is what is charged, or nothing is: a changed total asks again", async () => {
    const payment = await world.payment(aiko, { list: 100_000n });
    const opened = await browser.post("/pay", { payment });
    const review = await browser.get(opened.location);
    const method = /value="(chp_[^"]+)"/.exec(review.text)?.[1] ?? "";
    for (const expected of ["1", "99999", "0"]) {
      const answer = await browser.follow(await browser.post(opened.location, { method, expected }));
      expect(answer.text).toContain("The total has changed");
    }
    expect(await count(h, "sandbox.charge", "minor = 100000 and state = 'open'")).toBe(0);
  });

  test("a discount given meanwhile: the old choice is not paid, and the page says so", async () => {
    const payment = await world.payment(aiko, { list: 100_000n });
    const opened = await browser.post("/pay", { payment });
    const method = /value="(chp_[^"]+)"/.exec((await browser.get(opened.location)).text)?.[1] ?? "";
    await h.admin.query(
      `insert into app.discount (institution_id, payment_id, minor, given_by, created_at)
       values ($1, $2, 500, 'x', now())`,
      [world.institution, payment],
    );
    const answer = await browser.follow(await browser.post(opened.location, { method, expected: "100000" }));
    expect(answer.text).toContain("What you owe has changed");
  });

  test("404: another customer's checkout does not exist, on every page of it", async () => {
    const payment = await world.payment(aiko, { list: 100n });
    const opened = await browser.post("/pay", { payment });
    const ken = await h.customer(world.institution, await world.customer("Ken"));
    const path = opened.location.replace("/review", "");
    for (const page of ["review", "method", "done"]) expect((await ken.get(`${path}/${page}`)).status).toBe(404);
    expect((await ken.post(`${path}/method`, { method: "x", expected: "100" })).status).toBe(404);
    for (const id of ["chk_x", "%00", "..", "chk_00000000000000000000000000"]) {
      expect((await browser.get(`/pay/${id}/review`)).status).toBe(404);
    }
  });

  test("a method that was switched off meanwhile is not used", async () => {
    const payment = await world.payment(aiko, { list: 100_000n });
    const opened = await browser.post("/pay", { payment });
    const answer = await browser.follow(
      await browser.post(opened.location, { method: "chp_00000000000000000000000000", expected: "100000" }),
    );
    expect(answer.text).toContain("no longer on offer");
  });

  test("in Arabic every word of the way is Arabic, and the page reads from right to left", async () => {
    await h.admin.query("update app.customer set language = 'ar' where id = $1", [aiko]);
    const payment = await world.payment(aiko, { list: 100_000n, item: "Tuition" });
    const choose = await browser.get("/pay");
    expect(choose.text).toContain('dir="rtl"');
    const opened = await browser.post("/pay", { payment });
    const review = await browser.get(opened.location);
    for (const { text } of [choose, review]) {
      for (const words of ["Choose what", "Check and pay", "How you pay", "Card", "Continue"]) {
        expect(text).not.toContain(words);
      }
    }
  });
});
