import { type RawBuilder, sql } from "kysely";
import type {
  BankAccount,
  BankAccountId,
  BankAccountState,
  StaffBankAccount,
} from "#features/bank-accounts/bank-account.ts";
import { type PartnershipId, rightWords } from "#features/partnerships/partnership.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type Row = {
  id: string;
  partnership_id: string;
  currency: string;
  holder_name: string;
  bank_name: string;
  country: string;
  last4: string;
  state: string;
  rejected_why: string;
  proposed_by_kind: string;
  proposed_by: string;
  reviewed_at: Instant | null;
  usable_from: Instant | null;
  created_at: Instant;
  proposed_by_name: string | null;
  partnership_name: string;
};

function accountOf(row: Row): StaffBankAccount {
  return {
    id: row.id as BankAccountId,
    partnershipId: row.partnership_id as PartnershipId,
    currency: row.currency as Currency,
    holderName: row.holder_name,
    bankName: row.bank_name,
    country: row.country,
    last4: row.last4,
    state: row.state as BankAccountState,
    rejectedWhy: row.rejected_why,
    proposedByKind: row.proposed_by_kind as BankAccount["proposedByKind"],
    proposedBy: row.proposed_by,
    proposedByName: row.proposed_by_name ?? "",
    partnershipName: row.partnership_name,
    reviewedAt: row.reviewed_at ?? undefined,
    usableFrom: row.usable_from ?? undefined,
    createdAt: row.created_at,
  };
}

/** Accounts for staff and jobs; `where` is about `b`. Never the sealed numbers. */
async function selectWhere(cx: Cx, where: RawBuilder<unknown>): Promise<StaffBankAccount[]> {
  const { rows } = await sql<Row>`
    select b.id, b.partnership_id, b.currency, b.holder_name, b.bank_name, b.country, b.last4, b.state, b.rejected_why,
           b.proposed_by_kind, b.proposed_by, b.reviewed_at, b.usable_from, b.created_at, p.name as partnership_name,
           coalesce((select s.name from app.staff_member s
                      where s.institution_id = b.institution_id and s.id = b.proposed_by),
                    (select c.name from app.contact c
                      where c.institution_id = b.institution_id and c.id = b.proposed_by)) as proposed_by_name
      from app.bank_account b join app.partnership p on p.institution_id = b.institution_id and p.id = b.partnership_id
     where ${where}`.execute(cx.db);
  return rows.map(accountOf);
}

/** The accounts of a partner that count or wait, by currency. */
export async function selectOpenAccounts(cx: Cx, partnership: string): Promise<StaffBankAccount[]> {
  const open = sql`b.partnership_id = ${partnership} and b.state in ('active', 'in_review')`;
  return await selectWhere(cx, sql`${open} order by b.currency, b.state, b.id`);
}

/** One account, whatever its state. */
export async function selectAccount(cx: Cx, id: string): Promise<StaffBankAccount | undefined> {
  return (await selectWhere(cx, sql`b.id = ${id}`))[0];
}

/** What waits for review, the oldest first. */
export async function selectWaiting(cx: Cx, most: number): Promise<StaffBankAccount[]> {
  return await selectWhere(cx, sql`b.state = 'in_review' order by b.id limit ${most}`);
}

/** The sealed numbers of an account, for the provider call. */
export async function selectSealed(cx: Cx, id: string): Promise<Uint8Array | undefined> {
  const { rows } = await sql<{ sealed: Uint8Array }>`select sealed from app.bank_account where id = ${id}`.execute(
    cx.db,
  );
  return rows[0]?.sealed;
}

/** Accounts with sealed numbers, in the order of their ids, locked until commit. */
export async function selectSealedAfter(cx: Cx, after: string, most: number) {
  const { rows } = await sql<{ id: string; sealed: Buffer }>`select id, sealed from app.bank_account
    where institution_id = ${cx.institution.id} and id > ${after} and length(sealed) > 0 order by id limit ${most}
    for update`.execute(cx.db);
  return rows;
}

export async function updateSealed(cx: Cx, id: string, sealed: Uint8Array): Promise<void> {
  await sql`update app.bank_account set sealed = ${sealed}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** Takes away the numbers of what was rejected or taken back; its last four stay, to tell what it was about. */
export async function emptyUnused(cx: Cx): Promise<void> {
  await sql`update app.bank_account set sealed = ''
    where institution_id = ${cx.institution.id} and state in ('rejected', 'withdrawn') and length(sealed) > 0`.execute(
    cx.db,
  );
}

export type NewAccount = Pick<
  StaffBankAccount,
  | "id"
  | "partnershipId"
  | "currency"
  | "holderName"
  | "bankName"
  | "country"
  | "last4"
  | "proposedByKind"
  | "proposedBy"
> & { readonly state: "in_review" | "active"; readonly sealed: Uint8Array };

/**
 * Writes an account; false when its id is there already, or another one of this partner and currency stands where it
 * would (one is active, one waits). On the partner's role too.
 */
export async function insertAccount(cx: Cx, one: NewAccount): Promise<boolean> {
  const done = await sql`insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name,
      bank_name, country, sealed, last4, state, proposed_by_kind, proposed_by, created_at)
    values (app.institution_id(), ${one.id}, ${one.partnershipId}, ${one.currency}, ${one.holderName},
      ${one.bankName}, ${one.country}, ${one.sealed}, ${one.last4}, ${one.state}, ${one.proposedByKind},
      ${one.proposedBy}, ${cx.now})
    on conflict do nothing`.execute(cx.db);
  return done.numAffectedRows === 1n;
}

/** The active account of a partner and currency makes room for another one. Answers the one that was. */
export async function replaceActive(cx: Cx, partnership: string, currency: string): Promise<string | undefined> {
  const { rows } = await sql<{ last4: string }>`update app.bank_account set state = 'replaced'
    where partnership_id = ${partnership} and currency = ${currency} and state = 'active' returning last4`.execute(
    cx.db,
  );
  return rows[0]?.last4;
}

type Decision = { readonly state: "active" | "rejected"; readonly why?: string; readonly usableFrom?: Instant };

/** Writes what was decided of an account that waits; false when it waits no more. */
export async function decide(cx: Cx, id: string, by: string, decision: Decision): Promise<boolean> {
  const done = await sql`update app.bank_account
      set state = ${decision.state}, rejected_why = ${decision.why ?? ""}, usable_from = ${decision.usableFrom ?? null},
          reviewed_by = ${by}, reviewed_at = ${cx.now}
    where id = ${id} and state = 'in_review'`.execute(cx.db);
  return done.numAffectedRows === 1n;
}

/** How long details that a partner changed rest before they are used; two days where nothing was ever set. */
export async function selectCoolingOffDays(cx: Cx): Promise<number> {
  const { rows } = await sql<{ days: number }>`select cooling_off_days as days from app.payout_settings
    where institution_id = ${cx.institution.id}`.execute(cx.db);
  return rows[0]?.days ?? 2;
}

/** Takes a proposal back, on the partner's role; false when it waits no more, or is none of this partner's. */
export async function withdraw(cx: Cx, id: string): Promise<boolean> {
  const done = await sql`update app.bank_account set state = 'withdrawn'
    where institution_id = app.institution_id() and id = ${id} and state = 'in_review'
      and proposed_by_kind = 'partner'`.execute(cx.db);
  return done.numAffectedRows === 1n;
}

/** Whether somebody else could review what this member of staff enters. */
export async function hasOtherReviewer(cx: Cx, staff: string): Promise<boolean> {
  const { rows } = await sql`select 1 from app.staff_member
    where id <> ${staff} and role in ('OWNER', 'ADMIN') and suspended_at is null limit 1`.execute(cx.db);
  return rows.length > 0;
}

/** Whether this member gave a contact its access, address or rights since then. */
export async function gaveAccess(
  cx: Cx,
  staff: string,
  contact: { readonly partnership: string; readonly id: string },
  since: Instant,
): Promise<boolean> {
  const { rows } = await sql`select 1 from app.audit_entry
    where subject = ${contact.partnership} and event in ('contact.added', 'contact.changed')
      and actor_kind = 'staff' and actor_id = ${staff} and data->>'contact' = ${contact.id} and at >= ${since}
    limit 1`.execute(cx.db);
  return rows.length > 0;
}

export type Told = { readonly name: string; readonly email: string; readonly language: string };

/**
 * Who hears of a change: every contact with the right, those who had it until lately, and the addresses that a contact
 * had until lately. Whoever takes over a contact's place or address can't keep the one before from hearing of it.
 */
export async function selectTold(cx: Cx, partnership: string, lately: Instant): Promise<Told[]> {
  const { rows } = await sql<Told>`
    with people as (
      select c.id, c.name, c.email, c.language from app.contact c
       where c.partnership_id = ${partnership} and (c.removed_at is null or c.removed_at > ${lately})
         and ('bank_details' = any (c.rights) or exists (select from app.audit_entry a
           where a.institution_id = ${cx.institution.id} and a.subject in (c.id, ${partnership}) and a.at > ${lately}
             and a.data ->> 'contact' = c.id
             and a.data #>> '{changes,rights,from}' like ${`%${rightWords.bank_details}%`})))
    select name, email, coalesce(nullif(language, ''), (select nullif(p.language, '') from app.partnership p
             where p.id = ${partnership}), '') as language
      from (select name, email, language from people
            union all
            select p.name, a.data #>> '{changes,email,from}', p.language
              from people p join app.audit_entry a on a.institution_id = ${cx.institution.id}
               and a.subject in (p.id, ${partnership}) and a.at > ${lately}
             where a.event in ('contact.changed', 'contact.edited') and p.id in (a.subject, a.data ->> 'contact')) t
     where email is not null and email <> '' order by email`.execute(cx.db);
  return rows;
}
