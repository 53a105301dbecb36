import type pg from "pg";
import { progress } from "./progress.ts";

/** A long history in an institution of its own: whom it belongs to, and what to look for in it. */
export type History = {
  readonly institution: string;
  readonly partnership: string;
  /** The hot wallet: one side of half of all transfers. */
  readonly wallet: { readonly id: string; readonly number: string };
  /** A wallet that now and then pays the hot one, and is paid by it. */
  readonly other: string;
  readonly transfers: number;
};

/**
 * Builds so many transfers between 10,000 wallets, half of them with the hot wallet on one side, set by set and not
 * through the program: in one of its days it would not come to five million. All laws of the ledger hold of it.
 * `owner` is a connection of the schema's owner or a superuser's.
 */
export async function buildHistory(
  owner: pg.Client,
  {
    transfers,
    wallets = 10_000,
    institution = "inst_history",
  }: { readonly transfers: number; readonly wallets?: number; readonly institution?: string },
): Promise<History> {
  await owner.query("set work_mem = '192MB'; set maintenance_work_mem = '256MB'; set synchronous_commit = off");
  await owner.query("set statement_timeout = 0; select setseed(0.42)");
  await owner.query(partners, [institution, Math.ceil(wallets / 4)]);
  await owner.query(accounts, [institution, wallets]);
  progress("the history: what happened");
  await owner.query(items, [institution, transfers, wallets]);
  await owner.query("analyze ledger.account; analyze item");
  progress("the history: lines and digests");
  await owner.query(lines(institution));
  await owner.query("analyze line");
  progress("the history: numbers and balances");
  await owner.query(numbered);
  await owner.query("create index on line (n); create index on flow (n); analyze line; analyze flow");
  progress("the history: journals");
  await owner.query(journals, [institution]);
  // What it would check row by row, test and proof check of the whole.
  await owner.query(
    "alter table ledger.transfer disable trigger checked; set enable_hashjoin = off; set enable_sort = off",
  );
  progress("the history: transfers");
  await owner.query(booked, [institution]);
  await owner.query("alter table ledger.transfer enable trigger checked; reset enable_hashjoin; reset enable_sort");
  progress("the history: accounts");
  await owner.query(settled, [institution]);
  await owner.query("drop table pg_temp.item, pg_temp.line, pg_temp.flow; reset work_mem; reset maintenance_work_mem");
  await owner.query("select setval('ledger.journal_id', (select max(journal_id) from ledger.transfer))");
  await owner.query("vacuum (analyze) ledger.transfer");
  await owner.query("vacuum (analyze) ledger.account");
  const found = await owner.query<{ id: string; number: string; partnership_id: string; other: string }>(
    `select w.id, w.number, w.partnership_id, (select o.number from app.wallet o where o.institution_id = $1
        and o.id = 'wal_00000007') as other from app.wallet w where w.institution_id = $1 and w.id = 'wal_00000001'`,
    [institution],
  );
  const hot = found.rows[0];
  if (!hot) throw new Error("The history has no wallet");
  return {
    institution,
    partnership: hot.partnership_id,
    wallet: { id: hot.id, number: hot.number },
    other: hot.other,
    transfers,
  };
}

/** The institution and its partners, each with a partner account. */
const partners = `
  with i as (insert into app.institution (id, name, legal_name, created_at)
               values ($1, 'History', 'History', '2023-01-01') returning id),
       c as (insert into app.wallet_currency (institution_id, currency, set_by, updated_at)
               select id, 'AUD', 'bench', '2023-01-01' from i),
       p as (insert into app.partnership (institution_id, id, name, legal_name, kind, currency, commission_bps,
                                       commission_tax, created_at,
                                       updated_at)
               select i.id, 'prt_' || lpad(n::text, 8, '0'), 'Partner number ' || n, 'Partner', 'agent', 'AUD', 1000,
                      'exclusive', '2023-01-01',
                      '2023-01-01'
                 from i, generate_series(1, $2::integer) n returning institution_id, id)
  insert into app.workspace (institution_id, id, partnership_id, name, provisioned_by, created_at)
    select institution_id, 'wsp' || substr(id, 4), id, id, 'bench', '2023-01-01' from p`;

/** Four wallets a partner, and the institution's own accounts. */
const accounts = `
  with w as (insert into app.wallet (institution_id, id, partnership_id, number, currency, purpose, opened_by,
                                     opened_at,
                                     updated_at)
               select $1, 'wal_' || lpad(n::text, 8, '0'), 'prt_' || lpad(((n + 3) / 4)::text, 8, '0'),
                      (100000000000 + n * 70000001::bigint)::text, 'AUD',
                      (array['general', 'commission', 'deposits', 'reserve'])[1 + n % 4], 'bench', '2023-01-01',
                      '2023-01-01'
                 from generate_series(1, $2::integer) n returning id)
  insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
    select $1, 'AUD', x.kind, x.owner, x.least, '2023-01-01', '2023-01-01'
      from (select 1 as place, 'adjustments' as kind, '' as owner, null::bigint as least
            union all select 1, 'bank', '', null union all select 1, 'income_fees', '', null
            union all select 1, 'partner', 'prt_00000001', null union all select 2, 'wallet', id, 0 from w) x
     order by x.place, x.owner`;

/** What happened, in order: first every wallet is filled by hand, then money goes to and fro over three years. */
const items = `
  create temporary table item as
  with a as (select min(id) filter (where kind = 'wallet') - 1 as base,
                    min(id) filter (where kind = 'adjustments') as hand,
                    min(id) filter (where kind = 'bank') as bank, min(id) filter (where kind = 'partner') as partner
               from ledger.account where institution_id = $1),
       drawn as (select i, i % 2 = 0 as hot, case when i % 2 = 0 then random() else 0 end as r,
                        random() < 0.5 as leaves,
                        2 + floor(random() * ($3 - 1))::bigint as x, 1 + floor(random() * ($3 - 2))::bigint as step,
                        floor(100 * exp(random() * 9))::bigint as amount
                   from generate_series(1, $2::bigint) i),
       named as (select d.*, case when r < 0.92 then 'transfer' when r < 0.95 then 'transfer.bank'
                                  when r < 0.955 then 'transfer.returned' when r < 0.98 then 'payout.wallet'
                                  else 'adjustment' end as kind,
                        a.base + case when hot then 1 else x end as one,
                        a.base + case when hot then x else 2 + (x - 2 + step) % ($3 - 1) end as two,
                        a.hand, a.bank, a.partner
                   from drawn d, a)
  select n::bigint as i, a.hand as debit, a.base + n as credit, 'adjustment' as kind,
         case when n = 1 then 10000000000000 else 100000000000 end as amount, 0::bigint as fee,
         timestamptz '2023-01-01' as at
    from a, generate_series(1, $3::bigint) n
  union all
  select $3 + i, case kind when 'transfer' then case when leaves then one else two end when 'transfer.bank' then one
                           when 'transfer.returned' then bank when 'payout.wallet' then partner else hand end,
         case kind when 'transfer' then case when leaves then two else one end
                   when 'transfer.bank' then bank else one end,
         kind, amount, case when hot and leaves and r < 0.1 then 50 else 0 end,
         timestamptz '2023-01-01' + i / 20 * 20 * (interval '1000 days' / $2::bigint)
    from named`;

/**
 * A line for each movement: the transfer itself, and its fee behind it. Both have the digest of the whole, of the text
 * that the ledger makes of it.
 */
const lines = (institution: string) => `
  create temporary table line as
  with name as (select id, concat_ws(':', kind, nullif(owner, '')) as name from ledger.account
                 where institution_id = '${institution}'),
       fees as (select id, 'income_fees' as name from ledger.account
                 where institution_id = '${institution}' and kind = 'income_fees'),
       told as (
         select i.*, i.kind = 'transfer' as plain,
                case when i.kind = 'transfer' then 'trf_' || lpad(i.i::text, 26, '0') else '' end
                  as reference, fees.id as fees,
                chr(10) || concat_ws(chr(31), 't', d.name, c.name, 'AUD', i.amount, i.kind)
                  || case when i.fee = 0 then ''
                          else chr(10) || concat_ws(chr(31), 't', d.name, fees.name, 'AUD', i.fee,
                                                                           i.kind || '.fee') end as text
           from item i join name d on d.id = i.debit join name c on c.id = i.credit cross join fees),
       signed as (
         select t.*, substr(sha256(convert_to(t.kind || chr(31) || t.reference || t.text, 'UTF8')), 1, 16) as digest
           from told t)
  select row_number() over (order by x.i, x.line) as n, x.* from (
    select i, 1 as line, debit, credit, kind, amount, at, plain, reference, digest from signed
    union all
    select i, 2, debit, fees, kind || '.fee', fee, at, plain, reference, digest from signed where fee > 0) x
   order by n`;

/** Each line with the numbers and balances of both its sides. */
const numbered = `
  create temporary table flow as
  select n, max(seq) filter (where change < 0) as debit_seq, max(after) filter (where change < 0) as debit_after,
         max(seq) filter (where change > 0) as credit_seq, max(after) filter (where change > 0) as credit_after
    from (select n, change, row_number() over w as seq, (sum(change) over w)::bigint as after
            from (select n, debit as account, -amount as change from line
                  union all select n, credit, amount from line) f
          window w as (partition by account order by n)) f
   group by n order by n`;

/** Whatever is no plain transfer has a journal. */
const journals = `
  insert into ledger.journal (institution_id, id, key, digest, kind, reference, created_at)
  select $1, l.i, 'history:' || l.i, l.digest, l.kind, '', l.at
    from line l where not l.plain and l.line = 1 order by l.n`;

const booked = `
  insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                               credit_id, credit_seq, credit_after, kind, created_at, key, digest)
  select $1, l.i, l.line, 'AUD', l.amount, l.debit, f.debit_seq, f.debit_after, l.credit, f.credit_seq,
         f.credit_after, l.kind,
         l.at, case when l.plain then 'transfer:' || l.reference end,
         case when l.plain then encode(l.digest, 'hex')::uuid end
    from line l join flow f on f.n = l.n order by l.n`;

/** The accounts as they stand behind their last flow. */
const settled = `
  with last as (select account_id, max(seq) as seq, sum(change) as balance from (
                  select debit_id as account_id, debit_seq as seq, -amount as change
                    from ledger.transfer where institution_id = $1
                  union all
                  select credit_id, credit_seq, amount from ledger.transfer
                   where institution_id = $1) f group by account_id)
  update ledger.account a set balance = l.balance, seq = l.seq, last_at = (select max(at) from item)
    from last l where a.institution_id = $1 and a.id = l.account_id`;
