import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { setBankDetails } from "#features/bank-accounts/set-bank-details.ts";
import type { CustomerRow } from "#features/customers/customer-row.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import type { Partnership, PartnershipId } from "#features/partnerships/partnership.ts";
import { partnershipsByReference } from "#features/partnerships/partnership-views.ts";
import { setTaxStatus } from "#features/partnerships/set-tax-status.ts";
import type { PaymentRow } from "#features/payments/payment-row.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { present } from "#kernel/assert.ts";
import type { Cx } from "#platform/tx.ts";
import { filesDay } from "./files.ts";
import { agreeOnSelfBilling } from "./meridian-agreement.ts";
import { atTime, beside, moved, noon, type Story } from "./story.ts";

/** The partner of the design's pictures, by its reference in the files. */
export const meridian = "P001";

const students = [
  ["Kenji", "Mori", "ja", "Asia/Tokyo"],
  ["Lucía", "Fernández", "es", "America/Bogota"],
  ["Thị Mai", "Nguyễn", "vi", "Asia/Ho_Chi_Minh"],
  ["Omar", "Haddad", "ar", "Asia/Riyadh"],
  ["Ji-woo", "Park", "ko", "Asia/Seoul"],
  ["Ana", "Souza", "pt-BR", "America/Sao_Paulo"],
] as const;

/** Meridian Education as a partner for years: registered for tax, with two bank accounts and six students. */
export async function makeMeridian(story: Story, owner: Staff): Promise<PartnershipId> {
  const cx = atTime(story, noon(moved(story, "2025-11-20")));
  const partner = present((await partnershipsByReference(cx, [meridian])).get(meridian), "a partner of the files");
  // The files say otherwise, from the day they came in.
  for (const day of ["2025-11-01", filesDay]) {
    await setTaxStatus(cx, permit(cx.principal, "partnerships.write"), partner.id, {
      tax_registered: "yes",
      tax_id: "51 254 504 766",
      from_date: moved(story, day).toString(),
    });
  }
  await upsertCustomers(cx, permit(cx.principal, "customers.write"), students.map(customerRow));
  await upsertPayments(cx, permit(cx.principal, "payments.write"), [
    ...students.flatMap((_, index) => terms(story, index)),
    owed(story, 1, "USD", "Study tour, deposit", "17600.00", "2026-10-20", "0"),
  ]);
  await giveBankDetails(cx, owner);
  await agreeOnSelfBilling(story, partner.id);
  return partner.id;
}

function customerRow([given_name, family_name, language, time_zone]: (typeof students)[number], index: number) {
  return {
    external_id: `MER-${index + 1}`,
    given_name,
    family_name,
    email: `meridian.student${index + 1}@students.example`,
    phone: "",
    language,
    time_zone,
    partnership_external_id: meridian,
    payer_email: "",
  } as CustomerRow;
}

/** A term every three months, of two students each month. */
function terms(story: Story, index: number): PaymentRow[] {
  return [0, 1, 2, 3, 4].map((term) => {
    const due = Temporal.PlainDate.from("2025-12-08").add({ months: (index % 3) + 3 * term, days: index * 3 });
    const amount = index % 2 === 0 ? "12400.00" : "15850.00";
    const discount = index === 2 && term > 1 ? "600.00" : "0";
    return owed(story, index, "AUD", `Tuition, term ${term + 1} of 5`, amount, due.toString(), discount);
  });
}

function owed(
  story: Story,
  index: number,
  currency: string,
  item: string,
  amount: string,
  due: string,
  discount: string,
): PaymentRow {
  return {
    customer_external_id: `MER-${index + 1}`,
    external_id: `MER-${index + 1}-${currency}-${due}`,
    item,
    amount,
    currency,
    due_date: moved(story, due).toString(),
    partnership_external_id: meridian,
    share_percent: "15",
    discount,
  };
}

/** The partners whose bank details are still missing, so that the demo has something to ask for. */
const without = ["P010", "P019", "P025"];

async function giveBankDetails(cx: Cx, owner: Staff): Promise<void> {
  const references = Array.from({ length: 40 }, (_, index) => `P${String(index + 1).padStart(3, "0")}`);
  const partners = await partnershipsByReference(cx, references);
  await sql`update app.partnership set payout_schedule = 'monthly'
    where institution_id = ${cx.institution.id} and external_id <> ${meridian}`.execute(cx.db);
  await beside(partners, async ([reference, partner]) => {
    if (reference === meridian) {
      await giveAccount(cx, owner, partner, "AUD", "ANZ", "012-003", "304558841");
      await giveAccount(cx, owner, partner, "USD", "HSBC", "342-011", "118502207");
    } else if (!without.includes(reference)) {
      const currencies = new Set(["AUD", partner.currency]);
      for (const currency of currencies) {
        await giveAccount(cx, owner, partner, currency, "Westpac", "032-000", `20${reference.slice(1)}4170`);
      }
    }
  });
}

async function giveAccount(
  cx: Cx,
  owner: Staff,
  partner: Partnership,
  currency: string,
  bank_name: string,
  bsb: string,
  account: string,
): Promise<void> {
  const as: Cx<Staff> = { ...cx, principal: owner };
  const details = { currency, country: "AU", holder_name: partner.legalName, bank_name, bsb, account };
  await setBankDetails(as, permit(owner, "bank-details.write"), partner.id, details);
}
