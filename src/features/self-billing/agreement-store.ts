import { type RawBuilder, sql } from "kysely";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Agreement, AgreementId, AgreementState, Wording } from "#features/self-billing/self-billing.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type WordingRow = {
  country: string;
  title: string;
  notice: string;
  agreement: string;
  agreement_months: number | null;
  needs_registration: boolean;
  source: string;
};

/** The wording of every country there is. */
export async function selectWordings(cx: Cx): Promise<Wording[]> {
  const { rows } = await sql<WordingRow>`select country, title, notice, agreement, agreement_months, needs_registration,
    source from app.country_wording order by country`.execute(cx.db);
  return rows.map((row) => ({
    country: row.country,
    title: row.title,
    notice: row.notice,
    agreement: row.agreement,
    months: row.agreement_months ?? undefined,
    needsRegistration: row.needs_registration,
    source: row.source,
  }));
}

type Row = {
  id: AgreementId;
  partnership_id: PartnershipId;
  country: string;
  body: string;
  state: AgreementState;
  proposed_by: string;
  proposed_at: Instant;
  accepted_name: string;
  accepted_email: string;
  accepted_ip: string;
  accepted_agent: string;
  accepted_at: Instant | null;
  valid_until: PlainDate | null;
  ended_at: Instant | null;
};

async function select(cx: Cx, rest: RawBuilder<unknown>): Promise<Agreement[]> {
  const { rows } = await sql<Row>`select id, partnership_id, country, body, state, proposed_by, proposed_at,
      accepted_name, accepted_email, accepted_ip, accepted_agent, accepted_at, valid_until, ended_at
    from app.self_billing_agreement where institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows.map((row) => ({
    id: row.id,
    partnership: row.partnership_id,
    country: row.country,
    body: row.body,
    state: row.state,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    acceptedName: row.accepted_name,
    acceptedEmail: row.accepted_email,
    acceptedIp: row.accepted_ip,
    acceptedAgent: row.accepted_agent,
    acceptedAt: row.accepted_at ?? undefined,
    validUntil: row.valid_until ?? undefined,
    endedAt: row.ended_at ?? undefined,
  }));
}

/** Every agreement with a partner, the newest first. */
export async function selectAgreements(cx: Cx, partnership: string): Promise<Agreement[]> {
  return await select(cx, sql`partnership_id = ${partnership} order by proposed_at desc, id desc`);
}

export async function selectAgreement(cx: Cx, id: string): Promise<Agreement | undefined> {
  return (await select(cx, sql`id = ${id}`))[0];
}

/** The agreement in force with a partner, locked: whoever issues in its name holds it, one at a time. */
export async function lockAgreement(cx: Cx, partnership: string): Promise<Agreement | undefined> {
  return (await select(cx, sql`partnership_id = ${partnership} and state = 'accepted' for update`))[0];
}

export type NewAgreement = Pick<Agreement, "id" | "partnership" | "country" | "body"> & { readonly by: string };

/** False when one is proposed or in force already. */
export async function insertAgreement(cx: Cx, agreement: NewAgreement): Promise<boolean> {
  const { rows } = await sql`insert into app.self_billing_agreement
      (institution_id, id, partnership_id, country, body, state, proposed_by, proposed_at)
    values (${cx.institution.id}, ${agreement.id}, ${agreement.partnership}, ${agreement.country}, ${agreement.body},
      'proposed', ${agreement.by}, ${cx.now}) on conflict do nothing returning id`.execute(cx.db);
  return rows.length > 0;
}

/** Ends an agreement that is proposed or in force. False when it had ended before. */
export async function endAgreement(cx: Cx, id: string, state: "expired" | "revoked"): Promise<boolean> {
  const { rows } = await sql`update app.self_billing_agreement set state = ${state}, ended_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id} and state in ('proposed', 'accepted')
    returning id`.execute(cx.db);
  return rows.length > 0;
}

/** Agreements whose last day is over. */
export async function selectOver(cx: Cx, today: PlainDate): Promise<Agreement[]> {
  return await select(cx, sql`state = 'accepted' and valid_until < ${today} order by id`);
}

export type Acceptance = {
  readonly by: string;
  readonly name: string;
  readonly email: string;
  readonly agent: string;
  readonly until: PlainDate | undefined;
};

/** Who accepted it, when and from where. False when it waits no more. */
export async function saveAccepted(cx: Cx, id: string, accepted: Acceptance): Promise<boolean> {
  const { rows } = await sql`update app.self_billing_agreement set state = 'accepted', accepted_by = ${accepted.by},
      accepted_name = ${accepted.name}, accepted_email = ${accepted.email}, accepted_ip = ${cx.ip},
      accepted_agent = ${accepted.agent}, accepted_at = ${cx.now}, valid_until = ${accepted.until ?? null}
    where institution_id = ${cx.institution.id} and id = ${id} and state = 'proposed' returning id`.execute(cx.db);
  return rows.length > 0;
}

export type Reader = { name: string; email: string; language: string; rights: readonly string[]; partnership: string };

/** The contacts of a partner who may look, for mails. */
export async function readersOf(cx: Cx, partnership: string): Promise<Reader[]> {
  const { rows } = await sql<Reader>`select c.name, c.email, c.language, c.rights, p.name as partnership
      from app.contact c
      join app.partnership p on p.institution_id = c.institution_id and p.id = c.partnership_id
     where c.institution_id = ${cx.institution.id} and c.partnership_id = ${partnership} and c.removed_at is null
       and c.access_on and 'view' = any(c.rights) order by c.id`.execute(cx.db);
  return rows;
}
