import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { newWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { keyOf, plain, prepare, wrongIn } from "../../../../test/support/transfer-pages.ts";
import { type TransferWorld, transferWorld } from "../../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;
let base: { wallet: string; route: string; to: string; amount: string; reference: string };

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  await world.account();
  base = { wallet: world.from.number, route: "wallet", to: world.to.number, amount: "50.00", reference: "Rent May" };
}, 60_000);
afterAll(async () => await h?.close());

/** A tariff of 0.50 a transfer, whatever it is. */
async function charge(route: "wallet" | "bank", fixed: number): Promise<void> {
  const id = `tar_${route}`;
  const now = h.clock.now().toString();
  await h.admin.query(
    `insert into app.tariff (institution_id, id, purpose, currency, route, from_date, set_by, set_by_name, created_at)
     values ($1, $2, '', 'AUD', $3, '2026-01-01', 'test', 'Test', $4)`,
    [world.institution, id, route, now],
  );
  await h.admin.query(
    `insert into app.tariff_tier (institution_id, tariff_id, from_minor, fixed_minor, rate_bps)
     values ($1, $2, 0, $3, 0)`,
    [world.institution, id, fixed],
  );
}

async function transfersNow(): Promise<number> {
  const { rows } = await h.admin.query<{ n: number }>("select count(*)::int as n from app.transfer");
  return rows[0]?.n ?? 0;
}

describe("W5: a member sends money from a wallet", () => {
  test("the form, what it comes to, the confirmation, and what became of it, with the fee of the tariff", async () => {
    await charge("wallet", 50);
    const [available = 0n] = await world.balance();
    const form = await world.member.get(`/partner/transfers/new?wallet=${world.from.number}`);
    expect(form.status).toBe(200);
    expect(plain(form.text)).toContain("AUD 1,000,000.00 available");
    const { path, page, key } = await prepare(world.member, base);
    const words = plain(page.text);
    for (const said of ["K•••••• S••••••", "AUD 50.50", "999,949.50", "Rent May", "It arrives at once"]) {
      expect(words).toContain(said);
    }
    expect(page.text).not.toContain("Kestrel");
    const sent = await world.member.post(path, { key });
    expect([sent.status, sent.location]).toEqual([
      303,
      expect.stringMatching(/^\/partner\/transfers\/TR\w{12}\?done=/),
    ]);
    const done = plain((await world.member.follow(sent)).text);
    for (const said of ["The money has arrived", "Completed", "Arrived in the wallet", "Confirmed by Rosa Weber"]) {
      expect(done).toContain(said);
    }
    // Both entries of its own wallet: amount and fee, and what was there behind each.
    expect(done).toContain("Transfer 21 Nov 2026");
    expect(done).toMatch(/−50\.00 AUD 999,950\.00/);
    expect(done).toMatch(/−0\.50 AUD 999,949\.50/);
    expect(await world.balance()).toEqual([available - 5_050n, 0n]);
    expect(await world.balance(world.to)).toEqual([5_000n, 0n]);
    await world.prove();
  });

  test("above the limit it waits for staff, and the member takes it back as long as it does", async () => {
    const before = await world.balance();
    const { path, page, key } = await prepare(world.member, { ...base, amount: "5000.01" });
    expect(plain(page.text)).toContain("Transfers above AUD 5,000.00 wait until");
    const sent = await world.member.post(path, { key });
    const shown = await world.member.follow(sent);
    expect(plain(shown.text)).toContain("Needs approval");
    expect(plain(shown.text)).toContain("AUD 5,000.51 is set aside in your wallet");
    expect(await world.balance()).toEqual([(before[0] ?? 0n) - 500_051n, 500_051n]);
    await world.prove();
    const ref = sent.location.split("?")[0] ?? "";
    const cancelled = await world.member.post(`${ref}/cancel`);
    expect([cancelled.status, cancelled.location]).toEqual([303, `${ref}?done=cancelled`]);
    expect(plain((await world.member.get(ref)).text)).toContain("Nothing left your wallet");
    expect(await world.balance()).toEqual(before);
    // Once more is the same; what is over can't be cancelled.
    expect((await world.member.post(`${ref}/cancel`)).status).toBe(303);
    // The same key still answers what it answered.
    expect((await world.member.post(path, { key })).location).toBe(sent.location);
    await world.prove();
  });

  test("to the bank its money is set aside until it has arrived", async () => {
    await charge("bank", 150);
    const before = await world.balance();
    const { path, page, key } = await prepare(world.member, { ...base, route: "bank", to: "" });
    for (const said of ["Sample Bank •••• 4321", "AUD 51.50", "set aside in your wallet"]) {
      expect(plain(page.text)).toContain(said);
    }
    const sent = await world.member.post(path, { key });
    expect(plain((await world.member.follow(sent)).text)).toContain("On its way to your bank");
    expect(await world.balance()).toEqual([(before[0] ?? 0n) - 5_150n, 5_150n]);
    await world.prove();
    await h.drain();
    let shown = "";
    for (let turn = 0; turn < 6 && !shown.includes("Arrived at your bank"); turn++) {
      await world.wait({ hours: 12 });
      // Who looks from time to time stays signed in.
      await world.receiver.get("/partner");
      shown = plain((await world.member.get(sent.location)).text);
    }
    expect(shown).toContain("Arrived at your bank");
    expect(await world.balance()).toEqual([(before[0] ?? 0n) - 5_150n, 0n]);
    await world.prove();
  });
});

describe("W5: what is wrong is said beside its field, and what was typed stays", () => {
  const amounts: [typed: string, words: RegExp][] = [
    ["", /Write how much/],
    ["0", /above zero/],
    ["0.00", /above zero/],
    ["-5", /digits/],
    ["5,000.00", /digits/],
    ["1e400", /digits/],
    ["50.005", /at most 2 decimals/],
    ["90071992547409.92", /too large/],
    ["90071992547409.91", /too large/],
    ["9000000", /comes to AUD 9,000,000\.50, and AUD/],
  ];
  test.each(amounts)("amount %j", async (amount, words) => {
    const shown = await world.member.post("/partner/transfers/new", { ...base, amount });
    expect(shown.status).toBe(422);
    expect(wrongIn(shown)).toEqual([expect.stringMatching(words)]);
    expect(shown.text).toContain('value="Rent May"');
    expect(shown.text).toContain(`value="${world.to.number}"`);
  });

  test("a reference that is too long only once it is cleaned", async () => {
    const reference = "\ufb2c".repeat(47);
    const shown = await world.member.post("/partner/transfers/new", { ...base, reference });
    expect([shown.status, ...wrongIn(shown)]).toEqual([422, expect.stringMatching(/140/)]);
  });

  test("the number of the wallet it goes to", async () => {
    await h.admin.query(
      `insert into app.wallet_currency (institution_id, currency, set_by, updated_at) values ($1, 'USD', 't', $2)`,
      [world.institution, h.clock.now().toString()],
    );
    const { number: usd } = await h.system(world.institution, (cx) =>
      openWallet(cx, permit(cx.principal, "wallets.write"), {
        ...{ partnership: world.other, currency: "USD", purpose: "deposits" },
      }),
    );
    const unknown = newWalletNumber(h.random);
    const cases: [string, RegExp][] = [
      ["", /Write the number/],
      ["1234", /No wallet has this number/],
      [unknown, /No wallet has this number/],
      [world.from.number, /the wallet that the money comes from/],
      [usd, /kept in USD, and yours in AUD/],
    ];
    for (const [to, words] of cases) {
      const shown = await world.member.post("/partner/transfers/new", { ...base, to });
      expect(wrongIn(shown), to).toEqual([expect.stringMatching(words)]);
      expect(shown.text).toContain('value="50.00"');
    }
  });

  const setState = async (wallet: Wallet, state: string) =>
    await h.admin.query("update app.wallet set state = $2 where id = $1", [wallet.id, state]);

  test("a closed wallet receives nothing, a frozen one sends nothing", async () => {
    const ask = async () => wrongIn(await world.member.post("/partner/transfers/new", base));
    await setState(world.to, "closed");
    expect(await ask()).toEqual([expect.stringMatching(/closed and receives nothing/)]);
    await setState(world.to, "frozen");
    expect(await ask()).toEqual([]);
    await setState(world.to, "active");
    await setState(world.from, "frozen");
    expect(await ask()).toEqual([expect.stringMatching(/frozen: it can receive money/)]);
    await setState(world.from, "active");
    expect(wrongIn(await world.member.post("/partner/transfers/new", { ...base, wallet: world.to.number }))).toEqual([
      "Choose the wallet that the money comes from.",
    ]);
  });

  test("the bank account has to be verified and past its cooling-off", async () => {
    const ask = async () => wrongIn(await world.member.post("/partner/transfers/new", { ...base, route: "bank" }));
    const later = h.clock.now().add({ hours: 48 }).toString();
    await h.admin.query("update app.bank_account set usable_from = $1 where state = 'active'", [later]);
    expect(await ask()).toEqual([expect.stringMatching(/nothing goes there before \d+ Nov/)]);
    await h.admin.query("update app.bank_account set usable_from = null, state = 'in_review' where state = 'active'");
    expect(await ask()).toEqual([expect.stringMatching(/is reviewing your new bank details/)]);
    await h.admin.query("update app.bank_account set state = 'rejected' where state = 'in_review'");
    expect(await ask()).toEqual([expect.stringMatching(/no verified bank account of yours in AUD/)]);
    await world.account();
    expect(await ask()).toEqual([]);
  });

  test("in Arabic the words are Arabic ones", async () => {
    const browser = await h.member(world.institution, world.from.partnership, "ADMIN");
    await h.admin.query("update app.member set language = 'ar' where id = $1", [browser.memberId]);
    const shown = await browser.post("/partner/transfers/new", { ...base, amount: "0" });
    expect(wrongIn(shown)).toEqual(["اكتب مبلغًا أكبر من الصفر."]);
  });
});

describe("W5: a quote is one member's, for ten minutes, for one transfer", () => {
  test("after ten minutes it is asked for again with everything filled in", async () => {
    const { path, key } = await prepare(world.member, base);
    const count = await transfersNow();
    h.clock.advance({ minutes: 10 });
    const late = await world.member.post(path, { key });
    expect(late.status).toBe(409);
    expect(plain(late.text)).toContain("This quote is over");
    expect(await transfersNow()).toBe(count);
    const hidden = [...late.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const filled = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value]));
    expect(filled).toMatchObject({ wallet: base.wallet, route: "wallet", to: base.to, amount: "50.00" });
    const again = await prepare(world.member, filled);
    expect((await world.member.post(again.path, { key: again.key })).status).toBe(303);
    expect(await transfersNow()).toBe(count + 1);
  });

  test("what is not enough any more changes nothing, and the same button works once there is enough", async () => {
    const small = await h.system(world.institution, async () => world.to);
    const receiver = world.receiver;
    const [has = 0n] = await world.balance(small);
    const typed = { ...base, wallet: small.number, to: world.from.number, amount: decimal(has - 50n), reference: "" };
    const first = await prepare(receiver, typed);
    const second = await prepare(receiver, typed);
    expect((await receiver.post(first.path, { key: first.key })).status).toBe(303);
    const short = await receiver.post(second.path, { key: second.key });
    expect(short.status).toBe(409);
    expect(plain(short.text)).toContain("not enough in the wallet any more");
    expect(keyOf(short)).toBe(second.key);
    await world.fund(small, has);
    expect((await receiver.post(second.path, { key: second.key })).status).toBe(303);
    await world.prove();
  });

  test("once it was used, another key finds the transfer that is there", async () => {
    const { path, key } = await prepare(world.member, base);
    const sent = await world.member.post(path, { key });
    const count = await transfersNow();
    const other = await world.member.post(path, { key: `${key.slice(0, -4)}zzzz` });
    expect(other.status).toBe(409);
    expect(plain(other.text)).toContain("This transfer was confirmed before");
    expect(other.text).toContain(sent.location.split("?")[0]);
    expect(await transfersNow()).toBe(count);
  });

  test("a colleague, another partner and a looker-on can't confirm it; nobody finds another partner's transfer", async () => {
    const { path, key } = await prepare(world.member, base);
    const count = await transfersNow();
    const colleague = await h.member(world.institution, world.from.partnership, "OPERATOR");
    const viewer = await h.member(world.institution, world.from.partnership, "VIEWER");
    for (const [browser, status] of [
      [colleague, 404],
      [world.receiver, 404],
      [viewer, 403],
    ] as const) {
      expect((await browser.get(path)).status).toBe(404);
      expect((await browser.post(path, { key })).status).toBe(status);
    }
    expect((await viewer.post("/partner/transfers/new", base)).status).toBe(403);
    const form = await viewer.get("/partner/transfers/new");
    expect([form.status, plain(form.text).includes("Check the transfer")]).toEqual([200, false]);
    expect(await transfersNow()).toBe(count);
    const sent = await world.member.post(path, { key });
    const ref = sent.location.split("?")[0] ?? "";
    expect((await colleague.get(ref)).status).toBe(200);
    expect((await viewer.get(ref)).text).not.toContain("Transfer again");
    expect((await world.receiver.get(ref)).status).toBe(404);
    expect((await world.receiver.post(`${ref}/cancel`)).status).toBe(404);
    expect((await viewer.post(`${ref}/cancel`)).status).toBe(403);
  });

  test("a role that was taken away meanwhile confirms nothing", async () => {
    const browser = await h.member(world.institution, world.from.partnership, "OPERATOR");
    const { path, key } = await prepare(browser, base);
    await h.admin.query("update app.member set role = 'VIEWER' where id = $1", [browser.memberId]);
    expect((await browser.post(path, { key })).status).toBe(403);
    await h.admin.query("update app.member set suspended_at = now() where id = $1", [browser.memberId]);
    expect((await browser.post(path, { key })).location).toMatch(/^\/partner\/sign-in/);
  });
});

/** Minor units of AUD as they are typed. */
function decimal(minor: bigint): string {
  return `${minor / 100n}.${(minor % 100n).toString().padStart(2, "0")}`;
}
