import { parse } from "csv-parse/sync";
import { expect } from "vitest";
import { permit } from "#access/permit.ts";
import type { InstitutionId } from "#access/principal.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { newId } from "#kernel/ids.ts";
import type { Browser } from "./browser.ts";
import { type TestHouse, testHouse } from "./house.ts";

export const people = 120;

/** An institution with 120 customers of one payment each, in every state and with attempts of every kind. */
export async function staffLists() {
  const h = await testHouse();
  const institution = await h.institution();
  const owner = await h.staff(institution, "OWNER");
  const viewer = await h.staff(institution, "VIEWER");
  await addPeople(h, institution);
  await settleSome(h, institution);
  return { h, institution, owner, viewer };
}

async function addPeople(h: TestHouse, institution: InstitutionId): Promise<void> {
  await h.system(institution, async (cx) => {
    await upsertPartnerships(cx, permit(cx.principal, "partnerships.write"), [
      {
        external_id: "P1",
        name: "Meridian",
        kind: "agent",
        currency: "AUD",
        commission_percent: "10",
        commission_tax: "exclusive",
      },
    ]);
    const customers = Array.from({ length: people }, (_, index) => ({
      external_id: `C${String(index).padStart(3, "0")}`,
      given_name: index === 7 ? "=HYPERLINK(1)" : `Given${index}`,
      family_name: index === 8 ? "<script>alert(1)</script>" : `Family${String(index % 60).padStart(2, "0")}`,
      email: index % 10 === 0 ? "" : `c${index}@s.example`,
      language: index % 2 === 0 ? "ja" : "en-AU",
      time_zone: "Asia/Tokyo",
      partnership_external_id: index % 3 === 0 ? "P1" : "",
    }));
    await upsertCustomers(cx, permit(cx.principal, "customers.write"), customers);
    const days = [-40, -1, 0, 5, 30, 31, 200];
    const rows = customers.map((one, index) => ({
      customer_external_id: one.external_id,
      external_id: `${one.external_id}-1`,
      item: index === 9 ? "+cmd|calc" : `Item ${index}`,
      amount: index % 4 === 0 ? "10000" : "100.00",
      currency: index % 4 === 0 ? "JPY" : "AUD",
      due_date: Temporal.PlainDate.from("2026-11-21")
        .add({ days: days[index % days.length] ?? 0 })
        .toString(),
      discount: index % 5 === 1 && index % 4 !== 0 ? "7.50" : "",
    }));
    await upsertPayments(cx, permit(cx.principal, "payments.write"), rows);
  });
}

/** Puts payments into every state there is, and attempts of every kind on some of them. */
async function settleSome(h: TestHouse, institution: InstitutionId): Promise<void> {
  const { rows } = await h.admin.query<Row>(
    "select id, customer_id, currency from app.payment where institution_id = $1 order by external_id",
    [institution],
  );
  const states = ["paid", "partially_paid", "refunded", "partially_refunded", "cancelled", "draft"];
  for (const [index, row] of rows.slice(0, 60).entries()) {
    const state = states[index % 10];
    if (state)
      await h.admin.query(
        `update app.payment set state = $2, paid_minor = case when $2 = 'partially_paid' then 1 else 0 end
          where id = $1`,
        [row.id, state],
      );
    const attempt = ["processing", "failed", "succeeded", "pending"][index % 8];
    if (attempt) await addAttempt(h, institution, row, attempt);
  }
}

type Row = { readonly id: string; readonly customer_id: string; readonly currency: string };

async function addAttempt(h: TestHouse, institution: InstitutionId, row: Row, state: string): Promise<void> {
  const now = h.clock.now();
  const [checkout, attempt] = [newId("chk", now, h.random), newId("att", now, h.random)];
  const at = now.toString();
  await h.admin.query(
    `insert into app.checkout (institution_id, id, customer_id, currency, total_minor, created_by, created_at,
      updated_at) values ($1, $2, $3, $4, 1, '', $5, $5)`,
    [institution, checkout, row.customer_id, row.currency, at],
  );
  await h.admin.query(
    "insert into app.checkout_item (institution_id, checkout_id, payment_id, minor) values ($1, $2, $3, 1)",
    [institution, checkout, row.id],
  );
  await h.admin.query(
    `insert into app.payment_attempt (institution_id, id, checkout_id, customer_id, channel_product_id, provider,
      reference, state, currency, minor, created_at, updated_at)
     select $1, $2, $3, $4, id, 'sandbox', $2, $5, $6, 1, $7, $7 from app.channel_product where institution_id = $1
       limit 1`,
    [institution, attempt, checkout, row.customer_id, state, row.currency, at],
  );
}

/** Rows of a CSV download, as records by column. */
export function records(text: string): Record<string, string>[] {
  return parse(text, { columns: true, bom: true });
}

/** Follows Next through all pages of a list and collects what the pattern finds. */
export async function walk(browser: Browser, path: string, pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined = path;
  for (let pages = 0; next !== undefined && pages < 20; pages++) {
    const page = await browser.get(next);
    expect(page.status).toBe(200);
    found.push(...[...page.text.matchAll(pattern)].map((one) => one[1] ?? ""));
    const link = [...page.text.matchAll(/<a class="btn s" href="([^"]+)"/g)].map((one) => one[1] ?? "");
    next = link.find((href) => /(?:customers\?.*after|payments\?.*before)=/.test(href))?.replaceAll("&amp;", "&");
  }
  return found;
}
