import { newId } from "#kernel/ids.ts";
import { randomBelow } from "#kernel/random.ts";
import type { TestHouse } from "./house.ts";
import { walletIds, walletParams, writeWallets } from "./sample-wallets.ts";

export type PartnerIds = ReturnType<typeof partnerIds>;
type Run = (text: string, values: unknown[]) => Promise<unknown>;
/** Whose rows: a customer's payment that the partner has a share of. */
type Around = { readonly mark: string; readonly host: string; readonly payment: string; readonly customer: string };

/** Ids and numbers of one partner's rows. The numbers differ between worlds, so that none is another's by chance. */
export function partnerIds(h: TestHouse) {
  const id = <P extends Parameters<typeof newId>[0]>(noun: P) => newId(noun, h.clock.now(), h.random);
  const number = 1_000 + randomBelow(h.random, 8_000);
  return {
    partnership: id("prt"),
    /** Another partnership of the same institution, with nothing of its own. */
    rival: id("prt"),
    contact: id("con"),
    account: id("bac"),
    share: id("shr"),
    payout: id("pyo"),
    invoice: id("inv"),
    draft: id("inv"),
    selfBilled: id("inv"),
    creditNote: id("inv"),
    agreement: id("sba"),
    checkout: id("chk"),
    ...walletIds(h),
    number,
  };
}

/** A partner and its rival, with a contact, a bank account, a share, a payout and documents of each kind. */
export async function writePartner(run: Run, ids: PartnerIds, { mark, host }: Around, now: string): Promise<void> {
  for (const [id, name] of [
    [ids.partnership, `${mark} Agents`],
    [ids.rival, "Rival Agents"],
  ] as const) {
    await run(
      `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps,
        commission_tax, created_at, updated_at)
       values ($1, $2, $3, 'agent', $3, 'AUD', 1000, 'exclusive', $4, $4)`,
      [id, name, now],
    );
  }
  await writeAccess(run, ids, { mark, host }, now);
}

/** Somebody who signs in for it, and where its money goes. */
export async function writeAccess(
  run: Run,
  ids: PartnerIds,
  { mark, host }: Pick<Around, "mark" | "host">,
  now: string,
): Promise<void> {
  await run(
    `insert into app.contact (institution_id, id, partnership_id, name, email, rights, created_at, updated_at)
     values ($1, $2, $3, $4, $5, '{view,pay,bank_details}', $6, $6)`,
    [ids.contact, ids.partnership, `Sam ${mark}`, `sam@${host}`, now],
  );
  await run(
    `insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, bank_name, sealed, last4,
      state, proposed_by_kind, proposed_by, created_at)
     values ($1, $2, $3, 'AUD', $4, 'Sample Bank', '\\x00', '8841', 'active', 'staff', 'sample', $5)`,
    [ids.account, ids.partnership, mark, now],
  );
}

/** Its share of the payment (made before), the payout with that share as its line, and its documents. */
export async function writePartnerMoney(run: Run, ids: PartnerIds, around: Around, now: string): Promise<void> {
  await run(
    `insert into app.share (institution_id, id, payment_id, partnership_id, kind, rate_bps, tax_mode, tax_bps,
      net_minor, tax_minor, state, earned_at, created_at)
     values ($1, $2, $3, $4, 'percent', 1000, 'none', 0, 1000, 0, 'in_payout', $5, $5)`,
    [ids.share, around.payment, ids.partnership, now],
  );
  await run(
    `insert into app.payout (institution_id, id, partnership_id, number, currency, state, scheduled_for, net_minor,
      total_minor, payments, bank_account_id, created_at, updated_at)
     values ($1, $2, $3, $4, 'AUD', 'scheduled', '2026-11-26', 1000, 1000, 1, $5, $6, $6)`,
    [ids.payout, ids.partnership, ids.number, ids.account, now],
  );
  await run(
    `insert into app.payout_line (institution_id, payout_id, position, partnership_id, kind, share_id, currency,
      net_minor, tax_minor, created_at) values ($1, $2, 1, $3, 'share', $4, 'AUD', 1000, 0, $5)`,
    [ids.payout, ids.partnership, ids.share, now],
  );
  await writeDocuments(run, ids, around, now);
  await writeWallets(run, ids, around, now);
  await run(
    `insert into app.checkout (institution_id, id, partnership_id, currency, total_minor, created_by, created_at,
      updated_at) values ($1, $2, $3, 'AUD', 1000, $4, $5, $5)`,
    [ids.checkout, ids.partnership, `sam@${around.host}`, now],
  );
  await run(
    "insert into app.checkout_invoice (institution_id, checkout_id, invoice_id, minor) values ($1, $2, $3, 1000)",
    [ids.checkout, ids.invoice],
  );
}

/** What an issued document shows, as its snapshot holds it. */
function snapshot(kind: string, number: number, mark: string): string {
  const party = { name: mark, legalName: mark, address: "", taxId: "", email: "", phone: "" };
  return JSON.stringify({
    version: 1,
    kind,
    number: String(number),
    issuedOn: "2026-11-20",
    dueOn: kind === "invoice" ? "2026-12-20" : "",
    corrects: "",
    institution: { ...party, name: "Sample College", colour: "#0b5d4e" },
    partner: party,
    partnerSupplies: kind === "self_billed",
    title: "",
    notice: "",
    taxName: "GST",
    currency: "AUD",
    net: "1000",
    tax: "0",
    total: "1000",
    notes: "",
    lines: [{ description: `${mark} fee`, quantity: 1, unit: "1000", taxBps: 0, net: "1000", tax: "0" }],
  });
}

/** An invoice, a self-billed one, a credit note that corrects it, a draft, and the agreement to self-billing. */
async function writeDocuments(run: Run, ids: PartnerIds, { mark }: Around, now: string): Promise<void> {
  for (const [id, kind, corrects] of [
    [ids.invoice, "invoice", null],
    [ids.selfBilled, "self_billed", null],
    [ids.creditNote, "credit_note", ids.selfBilled],
  ] as const) {
    await run(
      `insert into app.invoice (institution_id, id, partnership_id, kind, corrects_id, number, state, currency,
        issue_date, due_date, net_minor, total_minor, share_id, snapshot, created_by, created_at, updated_at, issued_at)
       values ($1, $2, $3, $4, $5, $6, 'issued', 'AUD', '2026-11-20', '2026-12-20', 1000, 1000, $7, $8, 'sample', $9,
         $9, $9)`,
      [
        id,
        ids.partnership,
        kind,
        corrects,
        ids.number,
        kind === "self_billed" ? ids.share : null,
        snapshot(kind, ids.number, mark),
        now,
      ],
    );
  }
  await run(
    `insert into app.invoice (institution_id, id, partnership_id, kind, currency, net_minor, total_minor, created_by,
      created_at, updated_at) values ($1, $2, $3, 'invoice', 'AUD', 1000, 1000, 'sample', $4, $4)`,
    [ids.draft, ids.partnership, now],
  );
  for (const id of [ids.invoice, ids.selfBilled, ids.creditNote, ids.draft]) {
    await run(
      `insert into app.invoice_line (institution_id, invoice_id, position, description, unit_minor, net_minor,
        tax_minor) values ($1, $2, 1, $3, 1000, 1000, 0)`,
      [id, `${mark} fee`],
    );
  }
  await run(
    `with wording as (insert into app.country_wording (country, title, notice, agreement, source)
       values ('ZZ', 'Sample', 'Sample', 'Sample', 'Sample') on conflict do nothing)
     insert into app.self_billing_agreement (institution_id, id, partnership_id, country, body, state, proposed_by,
       proposed_at) values ($1, $2, $3, 'ZZ', 'Sample', 'proposed', 'sample', $4)`,
    [ids.agreement, ids.partnership, now],
  );
}

/** What stands for the parameters of paths that lead to a partner's rows. */
export function partnerParams(
  ids: PartnerIds,
  ref: string,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const number = String(ids.number);
  return {
    "/partner/payouts": { number, position: "1" },
    "/partner/invoices": { number },
    "/partner/self-billing": { number },
    "/partner/credit-notes": { number },
    "/partner/customers": { ref },
    "/partner/pay": { checkout: ids.checkout, id: ids.checkout },
    "/partner/bank-details": { currency: "AUD", id: ids.account },
    "/partner/sign-in/link": { token: "A".repeat(43) },
    "/partner/step-up/link": { token: "A".repeat(43) },
    "/staff/bank-details": { id: ids.account },
    "/staff/partnerships": {
      id: ids.partnership,
      contact: ids.contact,
      account: ids.account,
      agreement: ids.agreement,
    },
    "/staff/payouts": { id: ids.payout, position: "1" },
    "/staff/invoices": { id: ids.invoice },
    "/staff/self-billing": { id: ids.selfBilled },
    ...walletParams(ids),
  };
}
