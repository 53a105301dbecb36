import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { InstitutionId } from "#access/principal.ts";
import { quoteFee } from "#features/tariffs/quote-fee.ts";
import { endTariff, setTariff, withdrawTariff } from "#features/tariffs/set-tariff.ts";
import { feeOf, type TariffDraft, type TariffPurpose, type TransferRoute } from "#features/tariffs/tariff.ts";
import { listTariffs, type TariffFilter } from "#features/tariffs/tariff-list.ts";
import { showTariff } from "#features/tariffs/tariff-views.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { type TestHouse, testHouse, testNow } from "../../../test/support/house.ts";

let h: TestHouse;
let institution: InstitutionId;
beforeAll(async () => {
  h = await testHouse();
}, 60_000);
afterAll(async () => await h?.close());

async function fresh() {
  h.clock.set(testNow);
  institution = await h.institution();
}
const day = (text: string) => Temporal.PlainDate.from(text);

async function set(fixed: bigint, draft: Partial<TariffDraft> = {}): Promise<TariffDraft> {
  const whole: TariffDraft = {
    id: newId("tar", h.clock.now(), h.random),
    purpose: "",
    currency: "AUD",
    route: "wallet",
    from: day("2026-11-21"),
    until: undefined,
    minimum: 0n,
    maximum: undefined,
    tiers: [{ from: 0n, fixed, rateBps: 0 }],
    ...draft,
  };
  await h.system(institution, (cx) => setTariff(cx, permit(cx.principal, "tariffs.write"), whole));
  return whole;
}

async function costs(purpose: TariffPurpose = "general", route: TransferRoute = "wallet"): Promise<bigint> {
  const amount = money(10_000n, "AUD");
  return (await h.system(institution, (cx) => quoteFee(cx, { purpose, route, amount }))).fee.minor;
}

const write = <T>(work: (may: Parameters<typeof setTariff>[1], cx: Parameters<typeof setTariff>[0]) => Promise<T>) =>
  h.system(institution, (cx) => work(permit(cx.principal, "tariffs.write"), cx));

describe("which tariff counts", () => {
  test("none: a transfer costs nothing", async () => {
    await fresh();
    const quote = await h.system(institution, (cx) =>
      quoteFee(cx, { purpose: "general", route: "bank", amount: money(5n, "KWD") }),
    );
    expect(quote).toEqual({ fee: money(0n, "KWD"), tariff: undefined });
  });

  test("one for the kind of the wallet goes before one for any, however new that is; routes and currencies are apart", async () => {
    await fresh();
    await set(10n, { purpose: "reserve" });
    await set(20n);
    await set(30n, { route: "bank" });
    await set(40n, { currency: "JPY" });
    expect([await costs("reserve"), await costs("general"), await costs("general", "bank")]).toEqual([10n, 20n, 30n]);
  });

  test("the one that began last, by the institution's own calendar, until it is over; then the former one again", async () => {
    await fresh();
    await set(10n);
    await set(5n, { from: day("2026-11-23"), until: day("2026-11-24") });
    expect(await costs()).toBe(10n);
    // The 23rd begins at 13:00 UTC of the day before in Sydney.
    h.clock.set("2026-11-22T12:59:59Z");
    expect(await costs()).toBe(10n);
    h.clock.set("2026-11-22T13:00:00Z");
    expect(await costs()).toBe(5n);
    h.clock.set("2026-11-24T12:59:59Z");
    expect(await costs()).toBe(5n);
    h.clock.set("2026-11-24T13:00:00Z");
    expect(await costs()).toBe(10n);
  });

  test("of two from the same day the one that was set last", async () => {
    await fresh();
    await set(10n);
    h.clock.advance({ seconds: 1 });
    await set(11n);
    expect(await costs()).toBe(11n);
  });

  test("another institution's tariffs don't exist", async () => {
    await fresh();
    await set(10n);
    await fresh();
    expect(await costs()).toBe(0n);
  });
});

describe("setting and ending", () => {
  test("422: one in a currency that the institution does not use is refused, and where to add it is said", async () => {
    await fresh();
    await expect(set(1n, { currency: "EUR" })).rejects.toThrow(/EUR is not among your currencies .* under Institution/);
  });

  test("none begins in the past, has its maximum below its minimum, or ends before it begins", async () => {
    await fresh();
    const wrong: readonly (readonly [string, Partial<TariffDraft>])[] = [
      ["from", { from: day("2026-11-20") }],
      ["maximum", { minimum: 10n, maximum: 9n }],
      ["until", { from: day("2026-12-02"), until: day("2026-12-01") }],
    ];
    for (const [field, draft] of wrong) {
      const thrown: unknown = await set(1n, draft).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code: "form.invalid", fields: { [field]: expect.any(String) } });
    }
    expect(await costs()).toBe(0n);
  });

  test("sent twice it is set once", async () => {
    await fresh();
    const first = await set(10n);
    await set(99n, { id: first.id });
    expect(await costs()).toBe(10n);
    expect((await h.system(institution, (cx) => listTariffs(cx, {}, { size: 9 }))).rows).toHaveLength(1);
  });

  test("one that counts ends today at the earliest, never later than it did; what is over stays as it was", async () => {
    await fresh();
    const { id } = await set(10n);
    const end = (last: string) => write((may, cx) => endTariff(cx, may, id, day(last)));
    await expect(end("2026-11-20")).rejects.toMatchObject({ code: "form.invalid" });
    await end("2026-11-23");
    await expect(end("2026-11-24")).rejects.toMatchObject({ code: "form.invalid" });
    await end("2026-11-21");
    await expect(write((may, cx) => withdrawTariff(cx, may, id))).rejects.toMatchObject({ code: "conflict" });
    expect(await costs()).toBe(10n);
    h.clock.advance({ hours: 24 });
    expect(await costs()).toBe(0n);
    await expect(end("2026-11-22")).rejects.toMatchObject({ code: "conflict" });
  });

  test("one that has not begun is withdrawn, and never counts", async () => {
    await fresh();
    const { id } = await set(10n, { from: day("2026-11-22") });
    await write((may, cx) => withdrawTariff(cx, may, id));
    h.clock.advance({ hours: 48 });
    expect(await costs()).toBe(0n);
    const { rows } = await h.admin.query<{ event: string }>(
      "select event from app.audit_entry where subject = $1 order by id",
      [id],
    );
    expect(rows.map((row) => row.event)).toEqual(["tariff.set", "tariff.withdrawn"]);
  });
});

test("the list says where each stands, narrows by it, and pages both ways; a page says what overlaps", async () => {
  await fresh();
  const former = await set(10n, { from: day("2026-11-21") });
  h.clock.advance({ seconds: 1 });
  const now = await set(11n, { from: day("2026-11-21") });
  const coming = await set(12n, { from: day("2026-12-01") });
  const own = await set(1n, { purpose: "reserve", until: day("2026-11-21") });
  const gone = await set(13n, { from: day("2026-12-05") });
  await write((may, cx) => withdrawTariff(cx, may, gone.id));
  const list = async (filter: TariffFilter, paging: Parameters<typeof listTariffs>[2] = { size: 9 }) =>
    await h.system(institution, (cx) => listTariffs(cx, filter, paging));
  const ids = async (filter: TariffFilter) => (await list(filter)).rows.map((row) => row.tariff.id);
  expect(await ids({ status: "in_force" })).toEqual([own.id, now.id]);
  expect(await ids({ status: "behind" })).toEqual([former.id]);
  expect(await ids({ status: "coming" })).toEqual([coming.id]);
  expect(await ids({ status: "ended" })).toEqual([gone.id]);
  expect(await ids({ purpose: "any", currency: "AUD", route: "wallet" })).not.toContain(own.id);
  expect(await ids({ route: "bank" })).toEqual([]);
  const first = await list({}, { size: 2 });
  const second = await list({}, { size: 2, before: first.older });
  expect(second.rows.map((row) => row.tariff.id)).toEqual([own.id, now.id]);
  expect((await list({}, { size: 2, after: second.newer })).rows).toEqual(first.rows);
  const shown = await h.system(institution, (cx) => showTariff(cx, now.id));
  expect(shown.overlaps.map((one) => [one.kind, one.other.id])).toEqual([
    ["same-day", former.id],
    ["not-for-kind", own.id],
    ["gives-way-to", coming.id],
  ]);
});

test("law: what is quoted is what the tariff says and what the books charge, whatever it is made of", async () => {
  await fresh();
  const tier = fc.record({ fixed: fc.bigInt({ min: 0n, max: 900n }), rateBps: fc.nat(10_000) });
  const parts = fc.tuple(tier, tier, fc.bigInt({ min: 1n, max: 500_000n }), fc.nat(5_000), fc.option(fc.nat(9_000)));
  const amounts = fc.bigInt({ min: 1n, max: 1_000_000n });
  const code = fc.constantFrom("AUD" as const, "JPY" as const, "KWD" as const);
  await fc.assert(
    fc.asyncProperty(parts, amounts, code, async ([low, high, from, minimum, above], minor, currency) => {
      const tiers = [
        { ...low, from: 0n },
        { ...high, from },
      ];
      const maximum = above === null ? undefined : BigInt(minimum + above);
      const draft = await set(0n, { currency, tiers, minimum: BigInt(minimum), maximum });
      h.clock.advance({ milliseconds: 1 });
      const amount = money(minor, currency);
      const quote = await h.system(institution, (cx) => quoteFee(cx, { purpose: "general", route: "wallet", amount }));
      expect(quote).toEqual({ fee: feeOf(draft, amount), tariff: draft.id });
      const ids = { id: newId("trf", h.clock.now(), h.random), wallet: "wal_a", toWallet: "wal_b" } as const;
      const { transfers = [] } = transferJournal({ ...ids, amount, fee: quote.fee }, "completed");
      const charged = transfers.filter((one) => one.credit.kind === "income_fees").map((one) => one.amount);
      expect(charged).toEqual(quote.fee.minor === 0n ? [] : [quote.fee]);
    }),
    { numRuns: 25 },
  );
});
