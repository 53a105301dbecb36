import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { quoteFee } from "#features/tariffs/quote-fee.ts";
import { money } from "#kernel/money.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let institution: InstitutionId;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
}, 60_000);
afterAll(async () => await h?.close());

/** What a reader sees of a page, without its tags. */
const plain = (text: string) => text.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
type Staff = Awaited<ReturnType<TestHouse["staff"]>>;

async function keyOf(staff: Staff): Promise<string> {
  const { text } = await staff.get("/staff/tariffs/new");
  return /name="key" value="(tar_[^"]+)"/.exec(text)?.[1] ?? "";
}

const typed = {
  route: "wallet",
  purpose: "any",
  currency: "AUD",
  from: "2026-11-21",
  until: "",
  minimum: "0.50",
  maximum: "8",
  rows: "2",
  fixed_1: "0.20",
  percent_1: "0.5",
  from_2: "1000",
  fixed_2: "",
  percent_2: "0.25",
};

describe("tariffs on staff pages", () => {
  test("S5: write, try out, set: the table says what is quoted and charged, and once set it stands", async () => {
    const staff = await h.staff(institution, "ADMIN");
    const key = await keyOf(staff);
    const check = await staff.post("/staff/tariffs/new", { ...typed, key, step: "check" });
    expect(check.status).toBe(200);
    const table = plain(check.text);
    for (const [amount, cost] of [
      ["10.00", "0.50"],
      ["100.00", "0.70"],
      ["999.99", "5.20"],
      ["1,000.00", "2.50"],
      ["10,000.00", "8.00"],
    ]) {
      const strip = (text: string) => text.replaceAll(/[\s\u00a0]/g, "");
      expect(strip(table)).toContain(`AUD${amount}AUD${cost}`);
    }
    expect(table).toContain("At least 0.50, at most 8.00");
    const made = await staff.follow(await staff.post("/staff/tariffs/new", { ...typed, key, step: "create" }));
    expect(plain(made.text)).toContain("The tariff was set.");
    await staff.post("/staff/tariffs/new", { ...typed, key, step: "create" });
    const other = await staff.post("/staff/tariffs/new", { ...typed, minimum: "0.60", key, step: "create" });
    expect(other.status).toBe(409);
    expect(other.text).toContain("This form was sent before with other content");
    const again = await staff.get("/staff/tariffs");
    expect(again.text.match(/aria-label="To a wallet, AUD, any kind/g)).toHaveLength(1);
    const quote = await h.system(institution, (cx) =>
      quoteFee(cx, { purpose: "general", route: "wallet", amount: money(99_999n, "AUD") }),
    );
    expect([quote.fee.minor, quote.tariff]).toEqual([520n, key]);
    const tried = await staff.get(`/staff/tariffs/${key}?amount=123.45`);
    expect(plain(tried.text).replaceAll(/[\s\u00a0]/g, "")).toContain("AUD123.45AUD0.82AUD124.27");
    expect((await staff.get(`/staff/tariffs/${key}?amount=-1`)).text).toContain("negative");
  });

  test("what is wrong is said beside the field, and what was typed stays; another tier comes with a button", async () => {
    const staff = await h.staff(institution);
    const key = await keyOf(staff);
    const wrong = await staff.post("/staff/tariffs/new", {
      ...typed,
      key,
      from: "2026-11-20",
      maximum: "0.10",
      step: "check",
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("A tariff begins today at the earliest");
    expect(wrong.text).toContain("be below the minimum");
    expect(wrong.text).toMatch(/name="percent_2"[^>]*value="0.25"|value="0.25"[^>]*name="percent_2"/);
    const tiers = await staff.post("/staff/tariffs/new", { ...typed, key, rows: "3", from_3: "900", step: "check" });
    expect(tiers.text).toContain("Each tier begins above the one before it.");
    const more = await staff.post("/staff/tariffs/new", { ...typed, key, step: "row" });
    expect(more.text).toContain("From amount, tier 3");
    const yen = { ...typed, key, currency: "JPY", step: "check" };
    expect((await staff.post("/staff/tariffs/new", yen)).text).toContain("JPY has no decimals");
  });

  test("the check page explains how it goes together with others", async () => {
    const staff = await h.staff(institution);
    const next = { ...typed, key: await keyOf(staff), from: "2026-12-01", until: "2026-12-31", step: "check" };
    const page = plain((await staff.post("/staff/tariffs/new", next)).text);
    expect(page).toContain("it takes the place of the one that began on 21 Nov 2026.");
    expect(page).toContain("After its last day the former one counts again");
    const own = plain((await staff.post("/staff/tariffs/new", { ...next, purpose: "reserve" })).text);
    expect(own).toContain("For reserve wallets it goes before the tariff for any kind of wallet.");
  });

  test("ended from a day on, or withdrawn before it begins; the log says who did", async () => {
    const staff = await h.staff(institution);
    const key = await keyOf(staff);
    const bank = { ...typed, key, route: "bank", from: "2026-11-25", step: "create" };
    await staff.post("/staff/tariffs/new", bank);
    const early = await staff.post(`/staff/tariffs/${key}/end`, { last: "2026-11-24" });
    expect(early.status).toBe(422);
    const ended = await staff.follow(await staff.post(`/staff/tariffs/${key}/end`, { last: "2026-11-30" }));
    expect(plain(ended.text)).toContain("25 Nov 2026 to 30 Nov 2026");
    const gone = await staff.follow(await staff.post(`/staff/tariffs/${key}/withdraw`));
    expect(plain(gone.text)).toMatch(/It never counts[\s\S]*Tariff withdrawn/);
    expect((await staff.post(`/staff/tariffs/${key}/end`, { last: "2026-11-29" })).status).toBe(409);
  });

  test("the list narrows by currency, route, kind and standing; the file has the same rows, a line a tier", async () => {
    const staff = await h.staff(institution, "VIEWER");
    const file = async (query: string) =>
      (await staff.get(`/staff/tariffs/export.csv?${query}`)).text.trim().split("\r\n").slice(1);
    expect(await file("status=in_force&currency=AUD&route=wallet&purpose=any")).toHaveLength(2);
    expect((await file("status=in_force"))[1]).toMatch(/wallet,any,AUD,2026-11-21,,1000.00,0.00,0.25,0.50,8.00/);
    expect(await file("status=coming")).toEqual([]);
    expect((await staff.get("/staff/tariffs?status=ended")).text).toContain("To the bank, AUD");
    expect((await staff.get("/staff/tariffs?currency=JPY")).text).toContain("No tariff fits");
    expect((await staff.get("/staff/tariffs")).text).not.toContain("/staff/tariffs/new");
    expect((await staff.get("/staff/tariffs/new")).status).toBe(403);
  });
});
