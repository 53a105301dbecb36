import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { moneyWorld } from "../../../../test/support/money.ts";
import { type WalletWorld, walletWorld } from "../../../../test/support/wallet-world.ts";

let h: TestHouse;
let world: WalletWorld;
let general: Wallet;
let yen: Wallet;

beforeAll(async () => {
  h = await testHouse();
  world = await walletWorld(h);
  general = await world.open("general");
  yen = await world.open("reserve", "JPY");
  await world.adjust(general, 250_000n);
  await world.adjust(general, -1_050n);
  await world.adjust(yen, 500n);
}, 60_000);
afterAll(async () => await h?.close());

const path = (wallet: Wallet, more = "") => `/staff/wallets/${wallet.id}${more}`;
const numbers = (text: string) =>
  [...text.matchAll(/href="\/staff\/wallets\/wal_\w+">(\d{4} \d{4} \d{4})/g)].map((one) => one[1]);
const keyIn = (text: string) => /name="key" value="([^"]+)"/.exec(text)?.[1] ?? "";

describe("the list of wallets", () => {
  test("narrows by number, partner, currency, purpose and state; the file holds exactly those rows, with balances", async () => {
    const staff = await h.staff(world.institution, "OPERATOR");
    expect(numbers((await staff.get("/staff/wallets")).text)).toHaveLength(2);
    const only = formatWalletNumber(yen.number);
    for (const query of [
      "currency=JPY",
      "purpose=reserve",
      `q=${yen.number}`,
      `q=${encodeURIComponent(only)}`,
      `q=${yen.number.slice(3, 9)}`,
      `q=meridian&currency=JPY&state=active&partner=${world.partner}`,
    ]) {
      expect(numbers((await staff.get(`/staff/wallets?${query}`)).text), query).toEqual([only]);
      const file = parse((await staff.get(`/staff/wallets.csv?${query}`)).text, { bom: true, columns: true });
      expect(file, query).toMatchObject([
        { wallet: only, partner: "Meridian", available: "500", pending: "0", total: "500", takes_payouts: "no" },
      ]);
    }
    const all = parse<Record<string, string>>((await staff.get("/staff/wallets.csv")).text, {
      bom: true,
      columns: true,
    });
    expect(all.map((row) => row.total)).toEqual(["500", "2489.50"]);
    expect((await staff.get("/staff/wallets?state=closed")).text).toContain("No wallet fits");
    expect((await (await h.staff(world.institution, "VIEWER")).get("/staff/wallets.csv")).status).toBe(403);
  });

  test("goes by pages of keys, back and forth", async () => {
    const staff = await h.staff(world.institution);
    const other = await h.institution({ name: "Harbour School", host: "harbour.example" });
    const there = await h.staff(other);
    expect(numbers((await there.get("/staff/wallets")).text)).toEqual([]);
    const { partner } = await moneyWorld(h, world.institution);
    await h.member(world.institution, partner);
    for (const purpose of ["general", "commission", "deposits", "reserve"] as const) {
      for (const currency of ["AUD", "JPY"] as const) await world.open(purpose, currency, partner);
    }
    await h.admin.query(
      `insert into app.wallet (institution_id, id, partnership_id, number, currency, purpose, state, opened_by,
         opened_at, updated_at)
       select institution_id, overlay(id placing lpad(n::text, 4, '0') from 6), partnership_id,
         (100000000000 + n)::text, currency, purpose, 'closed', opened_by, opened_at, updated_at
         from app.wallet, generate_series(1, 30) n where id = $1`,
      [general.id],
    );
    const first = await staff.get("/staff/wallets");
    const older = /href="([^"]*before=[^"]+)"/.exec(first.text)?.[1] ?? "";
    const second = await staff.get(older.replaceAll("&amp;", "&"));
    const both = [...numbers(first.text), ...numbers(second.text)];
    expect(both).toHaveLength(40);
    expect(new Set(both).size).toBe(40);
    const newer = /href="([^"]*after=[^"]+)"/.exec(second.text)?.[1] ?? "";
    expect(numbers((await staff.get(newer.replaceAll("&amp;", "&"))).text)).toEqual(numbers(first.text));
    await h.admin.query("delete from app.wallet where number like '1000000000%'");
  });
});

describe("opening a wallet", () => {
  test("asks for what is missing, keeps what was typed, and leads to the wallet", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    const bad = await staff.post("/staff/wallets/new", {
      partnership: world.partner,
      currency: "USD",
      purpose: "deposits",
    });
    expect(bad.status).toBe(422);
    expect(bad.text).toContain("Enable it under Wallet currencies first.");
    expect(bad.text).toMatch(/value="deposits" checked/);
    const done = await staff.follow(
      await staff.post("/staff/wallets/new", { partnership: world.partner, currency: "AUD", purpose: "deposits" }),
    );
    expect(done.text).toContain("The wallet is open.");
    expect(done.text).toContain("Deposits");
    expect((await staff.get(`/staff/partnerships/${world.partner}`)).text).toContain("Wallets of the partner");
  });

  test("of a partner without an account it says so and leads to where one is made", async () => {
    const { partner } = await moneyWorld(h, world.institution);
    const staff = await h.staff(world.institution, "ADMIN");
    const page = await staff.get(`/staff/wallets/new?partner=${partner}`);
    expect(page.text).toContain("This partner has no partner account yet");
    expect(page.text).toContain(`href="/staff/members/${partner}"`);
    const card = await staff.get(`/staff/partnerships/${partner}`);
    expect(card.text).toContain("Wallets need a partner account");
  });
});

describe("one wallet", () => {
  test("shows what is in it, its flows and the balance over time, and leads to what is behind each flow", async () => {
    const staff = await h.staff(world.institution, "VIEWER");
    const page = await staff.get(path(general));
    expect(page.text).toMatch(/Available<\/dt>.*2,489.*\.50/s);
    expect(page.text).toContain("Balance over time");
    expect(page.text).toContain("/staff/wallets/adjustments/adj_");
    expect(page.text).not.toContain('/adjust"');
    const flows = await staff.get(path(general, "/flows?direction=out"));
    expect(flows.text).toContain("10");
    const operator = await h.staff(world.institution, "OPERATOR");
    const file = parse<Record<string, string>>((await operator.get(path(general, "/flows.csv?direction=out"))).text, {
      bom: true,
      columns: true,
    });
    expect(file).toMatchObject([{ kind: "adjustment", money_in: "", money_out: "10.50", balance_after: "2489.50" }]);
    expect((await operator.get(path(general, "/flows.pdf"))).text).toMatch(/^%PDF/);
    const foreign = await h.staff(await h.institution({ host: "other.example" }));
    for (const more of ["", "/flows", "/flows.csv", "/freeze", "/close", "/payouts", "/adjust"]) {
      expect((await foreign.get(path(general, more))).status, more).toBe(404);
    }
  });

  test("is frozen, unfrozen and closed by pages that say what it means and ask why", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    expect((await staff.get(path(general, "/freeze"))).text).toContain("It goes on receiving");
    const asked = await staff.post(path(general, "/freeze"), { reason: "" });
    expect(asked.status).toBe(422);
    const frozen = await staff.follow(await staff.post(path(general, "/freeze"), { reason: "We look into a report" }));
    expect(frozen.text).toContain("We look into a report");
    expect((await staff.post(path(general, "/freeze"), { reason: "Again" })).status).toBe(409);
    expect((await staff.get(path(general, "/close"))).text).toContain("There is money in it");
    expect((await staff.post(path(general, "/close"), { reason: "Now" })).status).toBe(409);
    const again = await staff.follow(await staff.post(path(general, "/unfreeze"), {}));
    expect(again.text).toContain("The wallet can send again.");
    const viewer = await h.staff(world.institution, "OPERATOR");
    expect((await viewer.post(path(general, "/freeze"), { reason: "x" })).status).toBe(403);
  });

  test("takes payouts and gives them back", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    expect((await staff.get(path(general, "/payouts"))).text).toContain("Turn AUD payouts to this wallet");
    const here = await staff.follow(await staff.post(path(general, "/payouts"), { to: "wallet" }));
    expect(here.text).toContain("Come to this wallet");
    const back = await staff.follow(await staff.post(path(general, "/payouts"), { to: "bank" }));
    expect(back.text).toContain("Don&#39;t come to this wallet");
    expect((await staff.post(path(general, "/payouts"), { to: "moon" })).status).toBe(422);
  });
});

describe("adjustments", () => {
  test("are written, checked, proposed, and approved by somebody else after a fresh proof; the overview says they wait", async () => {
    const form = (await world.first.get(path(yen, "/adjust"))).text;
    const typed = { direction: "in", amount: "1500", reason: "Refund of a fee", key: keyIn(form) };
    const wrong = await world.first.post(path(yen, "/adjust"), { ...typed, amount: "15.50", step: "check" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="Refund of a fee"');
    const check = await world.first.post(path(yen, "/adjust"), { ...typed, step: "check" });
    expect(check.text).toContain("Propose: put JPY");
    expect(keyIn(check.text)).toBe(typed.key);
    const sent = await world.first.post(path(yen, "/adjust"), { ...typed, step: "propose" });
    expect((await world.first.follow(sent)).text).toContain("waits for another owner or administrator");
    await world.first.post(path(yen, "/adjust"), { ...typed, step: "propose" });
    expect((await world.second.get("/staff")).text).toContain("1 adjustment of a wallet waits");
    const list = await world.second.get("/staff/wallets/adjustments");
    const at = /\/staff\/wallets\/adjustments\/adj_\w+/.exec(list.text)?.[0] ?? "";
    expect((await world.first.get(at)).text).toContain("You proposed this yourself");
    expect((await world.first.post(`${at}/approve`)).status).toBe(403);
    await h.admin.query("update app.session set stepped_up_at = null where staff_id = $1", [world.second.staffId]);
    expect((await world.second.post(`${at}/approve`)).location).toContain("/staff/step-up");
    await h.admin.query("update app.session set stepped_up_at = $2 where staff_id = $1", [
      world.second.staffId,
      h.clock.now().toString(),
    ]);
    const done = await world.second.follow(await world.second.post(`${at}/approve`));
    expect(done.text).toContain("The adjustment was approved");
    expect(await world.balance(yen)).toEqual([2_000n, 0n]);
    expect((await world.second.post(`${at}/approve`)).status).toBe(409);
    expect((await world.second.get("/staff")).text).not.toContain("adjustment of a wallet waits");
  });

  test("that take out too much are refused on the page, with what to do; rejecting asks for a reason", async () => {
    const { id } = await world.propose(yen, -99_999n);
    const at = `/staff/wallets/adjustments/${id}`;
    const refused = await world.second.post(`${at}/approve`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("let somebody propose a smaller amount");
    expect((await world.second.post(`${at}/reject`, { reason: "" })).status).toBe(422);
    expect((await world.second.follow(await world.second.post(`${at}/reject`, { reason: "Too much" }))).text).toContain(
      "Nothing has moved",
    );
  });
});

describe("currencies of wallets", () => {
  test("are enabled and given a limit by an administrator after a fresh proof; others look", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    const page = await staff.get("/staff/wallets/currencies?currency=KWD");
    expect(page.text).toContain("Wallets in KWD");
    const bad = await staff.post("/staff/wallets/currencies", { currency: "KWD", above: "1,5", enabled: "on" });
    expect(bad.status).toBe(422);
    await staff.post("/staff/wallets/currencies", { currency: "KWD", above: "1500.500", enabled: "on" });
    const { rows } = await h.admin.query(
      "select enabled, approval_minor from app.wallet_currency where currency = 'KWD' and institution_id = $1",
      [world.institution],
    );
    expect(rows).toEqual([{ enabled: true, approval_minor: 1_500_500n }]);
    expect((await staff.post("/staff/wallets/currencies", { currency: "CHF", enabled: "on" })).status).toBe(422);
    await h.admin.query("update app.session set stepped_up_at = null where staff_id = $1", [staff.staffId]);
    expect((await staff.post("/staff/wallets/currencies", { currency: "KWD" })).location).toContain("/staff/step-up");
    const viewer = await h.staff(world.institution, "VIEWER");
    expect((await viewer.get("/staff/wallets/currencies")).text).not.toContain("Save AUD");
    expect((await viewer.post("/staff/wallets/currencies", { currency: "KWD" })).status).toBe(403);
  });
});
