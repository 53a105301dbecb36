import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TransferId } from "#features/transfers/transfer.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type TransferWorld, transferWorld } from "../../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;
let waiting: TransferId;
let failed: TransferId;
let small: TransferId;

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  await world.account("9201");
  failed = await world.ask();
  await world.wait({ minutes: 1 });
  await world.wait({ minutes: 1 });
  waiting = await world.ask({ route: "wallet", minor: 900_000n, fee: 250n, waits: true });
  h.clock.advance({ hours: 48 });
  small = await world.ask({ route: "wallet", minor: 1_234n, fee: 0n, waits: true });
}, 60_000);
afterAll(async () => await h?.close());

/** What a reader sees of a page, without its tags. */
const plain = (text: string) =>
  text
    .replaceAll(/<\/?(?:span|bdi)[^>]*>/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll("\u00a0", " ")
    .replaceAll(/\s+/g, " ");

describe("transfers on staff pages", () => {
  test("S4: the search finds by reference, partner, wallet number, state, route, currency, day and amount; the file has the same rows", async () => {
    const staff = await h.staff(world.institution, "OPERATOR");
    const refs = (text: string) => [...text.matchAll(/aria-label="(TR[0-9A-Z]+), Meridian"/g)].map((one) => one[1]);
    const [a, b, c] = await Promise.all([small, waiting, failed].map(async (id) => (await world.read(id)).ref));
    const all = [a, b, c];
    expect(refs((await staff.get("/staff/transfers")).text)).toEqual(all);
    const number = world.to.number.replace(/(\d{4})(\d{4})(\d{4})/, "$1+$2+$3");
    for (const [query, expected] of [
      [`q=${b}`, [b]],
      [`q=${b?.toLowerCase()}`, [b]],
      ["q=kestrel", [a, b]],
      ["q=meridian", all],
      ["q=nobody", []],
      [`q=${number}`, [a, b]],
      [`q=${world.from.number}`, all],
      ["status=pending_approval", [a, b]],
      ["status=failed", [c]],
      ["status=returned", []],
      ["route=bank", [c]],
      ["route=wallet&amount=12.34", [a]],
      ["amount=9000", [b]],
      ["amount=9,000.00&currency=AUD", [b]],
      ["amount=9000&currency=JPY", []],
      ["amount=much", []],
      ["currency=USD", []],
      ["from=2026-11-23", [a]],
      ["to=2026-11-22", [b, c]],
      [`partner=${world.partner}`, all],
      [`partner=${world.other}`, []],
    ] as const) {
      expect(refs((await staff.get(`/staff/transfers?${query}`)).text), query).toEqual(expected);
      const file = (await staff.get(`/staff/transfers/export.csv?${query}`)).text.trim().split("\r\n").slice(1);
      expect(
        file.map((line) => line.split(",")[0]),
        query,
      ).toEqual(expected);
    }
  });

  test("a page of it goes back and forth by places, not by numbers", async () => {
    const staff = await h.staff(world.institution);
    const before = await staff.get(`/staff/transfers?before=${small}`);
    expect(before.text).not.toContain(`/staff/transfers/${small}"`);
    expect(before.text).toContain(`after=${waiting}`);
    const after = await staff.get(`/staff/transfers?after=${failed}&status=pending_approval`);
    expect(after.text).toContain(`/staff/transfers/${waiting}"`);
  });

  test("one transfer shows amounts, both ends by name, who asked, its whole way, and why it failed", async () => {
    const staff = await h.staff(world.institution, "VIEWER");
    const page = plain((await staff.get(`/staff/transfers/${failed}`)).text);
    for (const words of [
      "AUD 1,000.00",
      "AUD 1.50",
      "AUD 1,001.50",
      "Sample Bank",
      "··9201",
      "Rosa Weber",
      "It did not reach the bank: the bank account is closed",
      "Failed: the money is available again",
      "Sent to the bank",
      "Nothing has moved",
      "sandbox",
    ]) {
      expect(page, words).toContain(words);
    }
    expect(page).not.toContain("Reject the transfer");
    expect((await staff.get(`/staff/transfers/${waiting}/approve`)).status).toBe(403);
    expect((await staff.post(`/staff/transfers/${waiting}/reject`, { why: "x" })).status).toBe(403);
  });

  test("the overview says what waits; it is checked and approved, and its entries stand in the books", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    const overview = await staff.get("/staff");
    expect(plain(overview.text)).toContain("2 transfers wait for approval");
    expect(overview.text).toContain('href="/staff/transfers?status=pending_approval"');
    const check = plain((await staff.get(`/staff/transfers/${waiting}/approve`)).text);
    for (const words of ["Approve AUD 9,000.00", "AUD 9,002.50", "Kestrel Schools", "Rosa Weber", "Available AUD"]) {
      expect(check, words).toContain(words);
    }
    const done = await staff.follow(await staff.post(`/staff/transfers/${waiting}/approve`));
    const page = plain(done.text);
    expect(page).toContain("The transfer was approved.");
    expect(page).toContain("Approved by Priya ADMIN");
    expect(page).toMatch(/Wallet \d{4} \d{4} \d{4} → Wallet \d{4} \d{4} \d{4} [^→]*AUD 9,000.00/);
    expect(page).toMatch(/→ Your income from fees [^→]*AUD 2.50/);
    const other = await h.staff(world.institution, "ADMIN");
    const late = await other.post(`/staff/transfers/${waiting}/approve`);
    expect(late.status).toBe(409);
    expect(plain(late.text)).toContain("approved this transfer already");
    expect((await staff.follow(await staff.get(`/staff/transfers/${waiting}/approve`))).status).toBe(200);
  });

  test("rejected with a reason; without one it is asked for, and what was typed stays", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    const asked = await staff.post(`/staff/transfers/${small}/reject`, { why: " " });
    expect(asked.status).toBe(422);
    expect(asked.text).toContain("Write why: the partner reads it.");
    const long = "x".repeat(301);
    expect((await staff.post(`/staff/transfers/${small}/reject`, { why: long })).text).toContain(long);
    const done = plain(
      (await staff.follow(await staff.post(`/staff/transfers/${small}/reject`, { why: "Wrong <b>wallet</b>" }))).text,
    );
    expect(done).toContain("It was rejected");
    expect(done).toContain("Wrong &lt;b&gt;wallet&lt;/b&gt;");
    await world.prove();
  });

  test("approving asks for a fresh proof; in a frozen wallet's way stand words and no button", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    const id = await world.ask({ route: "wallet", waits: true });
    await h.admin.query("update app.wallet set state = 'frozen' where id = $1", [world.from.id]);
    const page = await staff.get(`/staff/transfers/${id}/approve`);
    expect(page.text).toContain("is frozen: it sends nothing");
    expect(page.text).not.toContain("Approve AUD");
    await h.admin.query("update app.wallet set state = 'active' where id = $1", [world.from.id]);
    h.clock.advance({ minutes: 11 });
    const stale = await staff.get(`/staff/transfers/${id}/approve`);
    expect([stale.status, stale.headers.get("location")]).toEqual([303, expect.stringContaining("/staff/step-up")]);
    expect((await staff.post(`/staff/transfers/${id}/approve`)).status).not.toBe(200);
    expect((await world.read(id)).state).toBe("pending_approval");
  });
});
