import type pg from "pg";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { secretToken } from "#kernel/random.ts";
import { type Ground, tokenHash } from "#platform/tx.ts";

export type BenchInstitution = { readonly id: InstitutionId; readonly token: string };

/** An institution with an owner who is signed in. */
export async function makeInstitution(admin: pg.Client, ground: Ground, name: string): Promise<BenchInstitution> {
  const now = ground.clock.now();
  const id = newId("inst", now, ground.random);
  const staff = newId("stf", now, ground.random);
  const token = secretToken(ground.random);
  await admin.query(
    `insert into app.institution (id, name, legal_name, host, currencies, created_at)
     values ($1, $2, $2, $3, '{AUD,USD}', $4)`,
    [id, name, `${name.toLowerCase()}.example`, now.toString()],
  );
  await admin.query(
    `insert into app.staff_member (institution_id, id, email, name, role, created_at, totp_confirmed_at)
     values ($1, $2, 'owner@bench.example', 'Bench Owner', 'OWNER', $3, $3)`,
    [id, staff, now.toString()],
  );
  await admin.query(
    `insert into app.session (institution_id, id, token_hash, face, email, staff_id, stepped_up_at, created_at,
       last_seen_at, idle_seconds, expires_at)
     values ($1, $2, $3, 'staff', 'owner@bench.example', $4, $5, $5, $5, 86400, $5::timestamptz + interval '1 day')`,
    [id, newId("ses", now, ground.random), tokenHash(token), staff, now.toString()],
  );
  return { id, token };
}

/**
 * Partners, each with a contact and an account, and earned shares on payments of their customers, spread evenly. Rows
 * are written as they stand after the money came: what is measured begins there.
 */
export async function fillShares(admin: pg.Client, at: BenchInstitution, partners: number, shares: number) {
  const run = (text: string) => admin.query(text.replaceAll("$1", `'${at.id}'`));
  const id = (noun: string, n: string) => `'${noun}_' || lpad((${n})::text, 26, '0')`;
  await run(`insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps,
      commission_tax, created_at, updated_at)
    select $1, ${id("prt", "n")}, 'Partner ' || n, 'agent', 'Partner ' || n, 'AUD', 1000, 'exclusive', now(), now()
      from generate_series(1, ${partners}) n`);
  await run(`insert into app.contact (institution_id, id, partnership_id, name, email, created_at, updated_at)
    select $1, ${id("con", "n")}, ${id("prt", "n")}, 'Contact', 'c' || n || '@partners.example', now(), now()
      from generate_series(1, ${partners}) n`);
  await run(`insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, bank_name, sealed,
      last4, state, proposed_by_kind, proposed_by, created_at)
    select $1, ${id("bac", "n")}, ${id("prt", "n")}, 'AUD', 'Partner ' || n, 'Bench Bank', '\\x00', '1234',
           'active', 'staff', 'bench', now() from generate_series(1, ${partners}) n`);
  await run(`insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
    select $1, ${id("cus", "n")}, 'Given' || n, 'Family' || n % 97, 'b' || n || '@students.example', now(), now()
      from generate_series(1, greatest(${shares} / 10, 1)) n`);
  await run(`insert into app.payment (institution_id, id, customer_id, item, list_minor, currency, due_date, state,
      paid_minor, paid_at, created_at, updated_at)
    select $1, ${id("pay", "n")}, ${id("cus", `1 + n % greatest(${shares} / 10, 1)`)}, 'Tuition ' || n, 100000, 'AUD',
           date '2026-01-01' + n % 300, 'paid', 100000, now(), now(), now() from generate_series(1, ${shares}) n`);
  await run(`insert into app.share (institution_id, id, payment_id, partnership_id, kind, rate_bps, tax_mode, tax_bps,
      net_minor, tax_minor, state, earned_at, created_at)
    select $1, ${id("shr", "n")}, ${id("pay", "n")}, ${id("prt", `1 + n % ${partners}`)}, 'percent', 1000,
           'exclusive', 1000, 10000, 1000, 'earned', now() - interval '3 days', now()
      from generate_series(1, ${shares}) n`);
  await admin.query("analyze");
}

/**
 * Spreads the lines that were gathered over so many payouts, as years of payout days would have: most of them paid, and
 * the rest in every other state.
 */
export async function spreadPayouts(admin: pg.Client, at: BenchInstitution, payouts: number, shares: number) {
  const each = Math.max(1, Math.floor(shares / payouts));
  const query = (text: string) => admin.query(text, [at.id]);
  await query(`create temporary table placed as
    select l.payout_id as was, l.position as old, l.partnership_id,
           (row_number() over (partition by l.partnership_id order by l.position) - 1) / ${each} as nth,
           (row_number() over (partition by l.partnership_id order by l.position) - 1) % ${each} + 1 as position
      from app.payout_line l where l.institution_id = $1`);
  await query(`insert into app.payout (institution_id, id, partnership_id, number, currency, state, scheduled_for,
      net_minor, tax_minor, total_minor, payments, bank_account_id, sent_at, paid_at, created_at, updated_at)
    select $1, 'pyo_' || lpad(row_number() over (order by p.nth, p.partnership_id)::text, 26, '0'), p.partnership_id,
           p.nth + 2, 'AUD', (array['paid','paid','paid','paid','paid','sent','in_review','on_hold','failed','paid'])
             [1 + p.nth % 10], date '2026-11-26' - (p.nth * 7)::integer, 10000 * p.n, 1000 * p.n, 11000 * p.n, p.n,
           'bac_' || right(p.partnership_id, 26), now(), now(), now(), now()
      from (select partnership_id, nth, count(*)::integer as n from placed group by 1, 2) p`);
  await query(`update app.payout_line l set payout_id = o.id, position = p.position
      from placed p join app.payout o on o.partnership_id = p.partnership_id and o.number = p.nth + 2
     where l.institution_id = $1 and o.institution_id = $1 and l.payout_id = p.was and l.position = p.old`);
  await query(`update app.payout set net_minor = 0, tax_minor = 0, total_minor = 0, payments = 0, state = 'cancelled'
     where institution_id = $1 and number = 1`);
  await admin.query("drop table placed");
  await admin.query("vacuum analyze");
}
