import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { partnerRow, paymentsGround } from "../../../test/support/payments.ts";
import { readPartnership } from "./partnership-views.ts";
import { beginTaxStatuses, setTaxStatus } from "./set-tax-status.ts";
import { statusAt } from "./tax-status.ts";
import { taxHistoryOf, taxStatusesOn } from "./tax-status-views.ts";

const day = (text: string) => Temporal.PlainDate.from(text);

describe("the status that counts on a day", () => {
  test("is the newest that began on it or before, whatever their order", () => {
    const start = day("2026-01-01");
    const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 8 });
    fc.assert(
      fc.property(offsets, fc.integer({ min: 0, max: 400 }), (begins, asked) => {
        const all = begins.map((days) => ({ from: start.add({ days }), registered: days % 2 === 0, taxId: `${days}` }));
        const best = begins.filter((days) => days <= asked).sort((a, b) => b - a)[0];
        expect(statusAt(all, start.add({ days: asked }))?.taxId).toBe(best === undefined ? undefined : `${best}`);
      }),
    );
  });
});

describe("tax status of partners", async () => {
  const { ground, run, partner, auditOf } = await paymentsGround();
  afterAll(() => ground.end());
  const set = (text: Parameters<typeof setTaxStatus>[3]) =>
    run((cx, may) => setTaxStatus(cx, may.partnerships, partner, text));

  test("P12: an import begins it today; importing the same again changes nothing", async () => {
    const history = await run((cx) => taxHistoryOf(cx, partner));
    expect(history).toMatchObject([{ registered: true, taxId: "1" }]);
    expect(history[0]?.from.toString()).toBe("2026-11-21");
    const row = partnerRow("P001", { tax_registered: "yes", commission_tax: "exclusive" });
    const again = await run((cx, may) => upsertPartnerships(cx, may.partnerships, [row]));
    expect(again.map(({ outcome }) => outcome)).toEqual(["unchanged"]);
    expect(await run((cx) => taxHistoryOf(cx, partner))).toHaveLength(1);
  });

  test("P12: a change counts from its day on: not before, and for new shares from that morning", async () => {
    await set({ tax_registered: "no", tax_id: "1", from_date: "2026-12-01" });
    await set({ tax_registered: "no", tax_id: "1", from_date: "2026-12-01" });
    expect((await auditOf(partner)).filter((event) => event === "partnership.tax-status-set")).toHaveLength(1);
    const on = async (date: string) =>
      (await run((cx) => taxStatusesOn(cx, [partner], day(date)))).get(partner)?.registered;
    expect([await on("2026-11-20"), await on("2026-11-30"), await on("2026-12-01")]).toEqual([undefined, true, false]);
    expect((await run((cx) => readPartnership(cx, partner))).taxRegistered).toBe(true);
    ground.clock.advance({ hours: 24 * 11 });
    // Read as of today, whether or not the job that writes it into the partner's own row has run.
    expect((await run((cx) => readPartnership(cx, partner))).taxRegistered).toBe(false);
    const payload = {};
    const log = undefined as never;
    await beginTaxStatuses({
      ground,
      institution: ground.institution,
      payload,
      log,
      signal: new AbortController().signal,
    });
    expect((await run((cx) => readPartnership(cx, partner))).taxRegistered).toBe(false);
  });

  test("who is registered has a number; a date that is none is refused; all of it is said at once", async () => {
    await expect(set({ tax_registered: "yes", tax_id: "", from_date: "2026-02-30" })).rejects.toMatchObject({
      code: "form.invalid",
      fields: { tax_id: expect.stringContaining("number"), from_date: expect.stringContaining("calendar") },
    });
  });
});
