import { type RawBuilder, sql } from "kysely";
import { referenceOf } from "#ledger/transfer.ts";

/** What must hold of every ledger, each by name. `npm run books:verify` prints these words. */
export const laws = {
  "zero-sum": "The balances of a currency add up to zero",
  "balance-is-flows": "A balance is the sum of the account's flows",
  "balance-after": "Each flow's balance after is the one before plus or minus its amount",
  "no-gaps": "Flows are numbered from 1 without gaps",
  "time-forwards": "Time never runs backwards along an account",
  minimum: "No account is under its minimum",
  holds: "What is held is the sum of the open holds",
  "one-key": "Every key was applied once",
  "whole-journals": "Every journal is whole, and every transfer belongs to one",
  "as-asked": "Every journal is still what was asked for under its key",
  "one-currency": "A transfer stays in one institution and one currency",
  unchangeable: "Nobody has the right to change what was booked, and triggers refuse it",
} as const;

export type Law = keyof typeof laws;

/** A row that breaks a law: which row, and what is wrong with it. */
export type BrokenRow = { readonly law: Law; readonly currency: string; readonly row: string; readonly detail: string };

const name = sql`concat_ws(':', a.kind, nullif(a.owner, ''))`;
const account = sql`format('ledger.account %s (%s, %s)', a.id, ${name}, a.currency)`;
const flows = (institution: string) => sql`
  select debit_id as account_id, debit_seq as seq, -amount as change, debit_after as after, created_at, journal_id, line
    from ledger.transfer where institution_id = ${institution}
  union all
  select credit_id, credit_seq, amount, credit_after, created_at, journal_id, line
    from ledger.transfer where institution_id = ${institution}`;

/**
 * Balances against each other and against the flows. Each query is one statement, so it sees one moment of the books.
 */
export function balanceLaws(institution: string): RawBuilder<BrokenRow>[] {
  return [
    sql<BrokenRow>`
      select 'zero-sum' as law, currency, format('ledger.account, all of %s', currency) as row,
             format('they add up to %s', sum(balance)) as detail
        from ledger.account where institution_id = ${institution} group by currency having sum(balance) <> 0`,
    sql<BrokenRow>`
      with flow as (${flows(institution)}),
           total as (select account_id, sum(change) as change, count(*) as flows from flow group by account_id)
      select 'balance-is-flows' as law, a.currency, ${account} as row,
             format('balance %s, but its %s flows add up to %s; seq %s',
                    a.balance, coalesce(t.flows, 0), coalesce(t.change, 0), a.seq) as detail
        from ledger.account a left join total t on t.account_id = a.id
       where a.institution_id = ${institution}
         and (a.balance <> coalesce(t.change, 0) or a.seq <> coalesce(t.flows, 0))
       order by a.id limit 20`,
    sql<BrokenRow>`
      select 'minimum' as law, a.currency, ${account} as row,
             format('available %s, minimum %s', a.balance - a.held, a.min_balance) as detail
        from ledger.account a where a.institution_id = ${institution} and a.balance - a.held < a.min_balance
       order by a.id limit 20`,
    sql<BrokenRow>`
      with open as (select account_id, sum(amount) as amount from ledger.hold
                     where institution_id = ${institution} and state = 'open' group by account_id)
      select 'holds' as law, a.currency, ${account} as row,
             format('held %s, but its open holds add up to %s', a.held, coalesce(o.amount, 0)) as detail
        from ledger.account a left join open o on o.account_id = a.id
       where a.institution_id = ${institution} and a.held <> coalesce(o.amount, 0) order by a.id limit 20`,
  ];
}

/** Each flow against the one before it. */
export function chainLaws(institution: string): RawBuilder<BrokenRow>[] {
  return [
    sql<BrokenRow>`
      with flow as (${flows(institution)}),
      pair as (
        select *, coalesce(lag(seq) over chain, 0) as seq_before, coalesce(lag(after) over chain, 0) as before,
               lag(created_at) over chain as at_before
          from flow window chain as (partition by account_id order by seq)),
      fault as (
        select pair.*, unnest(array_remove(array[
                 case when seq <> seq_before + 1 then 'no-gaps' end,
                 case when after <> before + change then 'balance-after' end,
                 case when created_at < at_before then 'time-forwards' end], null)) as law
          from pair
         where seq <> seq_before + 1 or after <> before + change or created_at < at_before)
      select f.law, coalesce(a.currency, '') as currency,
             format('ledger.transfer journal %s line %s', f.journal_id, f.line) as row,
             case f.law when 'no-gaps' then format('flow %s of account %s follows flow %s', f.seq, f.account_id,
                                                   f.seq_before)
                        when 'balance-after' then format('flow %s of account %s: %s and %s make %s, not %s', f.seq,
                                                         f.account_id, f.before, f.change, f.before + f.change, f.after)
                        else format('flow %s of account %s was booked at %s, the one before at %s', f.seq, f.account_id,
                                    f.created_at, f.at_before) end as detail
        from fault f left join ledger.account a on a.institution_id = ${institution} and a.id = f.account_id
       order by f.account_id, f.seq limit 60`,
  ];
}

/** Journals: applied once, whole, inside one currency, and still what was asked for. */
export function journalLaws(institution: string): RawBuilder<BrokenRow>[] {
  return [
    sql<BrokenRow>`
      select 'one-key' as law, '' as currency, format('ledger.journal %s', min(id)) as row,
             format('key %s was applied %s times', key, count(*)) as detail
        from (select id, key from ledger.journal where institution_id = ${institution}
              union all
              select journal_id, key from ledger.transfer
               where institution_id = ${institution} and key is not null and line = 1) j
       group by key having count(*) > 1 limit 20`,
    wholeJournals(institution),
    wholePlainTransfers(institution),
    sql<BrokenRow>`
      select 'one-currency' as law, t.currency,
             format('ledger.transfer journal %s line %s', t.journal_id, t.line) as row,
             format('from account %s (%s) to account %s (%s)', t.debit_id, coalesce(d.currency, 'not here'),
                    t.credit_id, coalesce(c.currency, 'not here')) as detail
        from ledger.transfer t
        left join ledger.account d on d.institution_id = t.institution_id and d.id = t.debit_id
        left join ledger.account c on c.institution_id = t.institution_id and c.id = t.credit_id
       where t.institution_id = ${institution}
         and (d.currency is distinct from t.currency or c.currency is distinct from t.currency) limit 20`,
    asAsked(institution),
  ];
}

function wholeJournals(institution: string): RawBuilder<BrokenRow> {
  return sql<BrokenRow>`
    with line as (select journal_id, count(*) as lines, max(line) as last, min(created_at) as first_at,
                         max(created_at) as last_at, min(currency) as currency
                    from ledger.transfer where institution_id = ${institution} and key is null group by journal_id)
    select 'whole-journals' as law, coalesce(l.currency, '') as currency,
           format('ledger.journal %s', coalesce(j.id, l.journal_id)) as row,
           case when j.id is null then 'it has transfers and is not there'
                when l.journal_id is null then 'it has neither a transfer nor a hold'
                when l.last <> l.lines then format('it has %s lines, and the last is line %s', l.lines, l.last)
                else 'its transfers were booked at another time' end as detail
      from (select id, created_at from ledger.journal where institution_id = ${institution}) j
      full join line l on l.journal_id = j.id
     where j.id is null or l.last <> l.lines or l.first_at <> j.created_at or l.last_at <> j.created_at
        or (l.journal_id is null
            and not exists (select from ledger.hold h where h.institution_id = ${institution} and h.placed_by = j.id)
            and not exists (select from ledger.hold h where h.institution_id = ${institution} and h.closed_by = j.id))
     limit 20`;
}

// A plain transfer has a line, or two with a fee, and each of them says the same of the whole.
function wholePlainTransfers(institution: string): RawBuilder<BrokenRow> {
  return sql<BrokenRow>`
    select 'whole-journals' as law, min(t.currency) as currency,
           format('ledger.transfer journal %s', min(t.journal_id)) as row,
           format('its lines do not belong together: key %s, %s lines, the last is line %s',
                  t.key, count(*), max(t.line)) as detail
      from ledger.transfer t where t.institution_id = ${institution} and t.key is not null
     group by t.key
    having max(t.line) <> count(*) or min(t.journal_id) <> max(t.journal_id) or count(distinct t.digest) > 1
        or min(t.created_at) <> max(t.created_at) or min(t.debit_id) <> max(t.debit_id)
     limit 20`;
}

// The same text as journal.ts makes, from the rows: a changed amount, account, name or kind no longer fits the digest.
function asAsked(institution: string): RawBuilder<BrokenRow> {
  return sql<BrokenRow>`
    with name as (select id, concat_ws(':', kind, nullif(owner, '')) as name from ledger.account
                   where institution_id = ${institution}),
    part as (
      select h.closed_by as id, 1 as place, h.currency,
             concat_ws(chr(31), case h.state when 'posted' then 'c' else 'r' end, n.name, h.currency, h.name) as text
        from ledger.hold h join name n on n.id = h.account_id
       where h.institution_id = ${institution} and h.closed_by is not null
      union all
      select t.journal_id, 1 + t.line, t.currency, concat_ws(chr(31), 't', d.name, c.name, t.currency, t.amount, t.kind)
        from ledger.transfer t join name d on d.id = t.debit_id join name c on c.id = t.credit_id
       where t.institution_id = ${institution}
      union all
      select h.placed_by, 2147483647, h.currency,
             concat_ws(chr(31), 'h', n.name, h.currency, h.amount, h.name, h.reference)
        from ledger.hold h join name n on n.id = h.account_id
       where h.institution_id = ${institution}),
    content as (select id, min(currency) as currency,
                       string_agg(chr(10) || text, '' order by place, text collate "C") as text from part group by id),
    asked as (
      select id, key, kind, reference, digest from ledger.journal where institution_id = ${institution}
      union all
      select journal_id, key, kind, ${referenceOf("key")}, uuid_send(digest)
        from ledger.transfer where institution_id = ${institution} and key is not null and line = 1)
    select 'as-asked' as law, coalesce(c.currency, '') as currency, format('ledger.journal %s', j.id) as row,
           format('key %s: its content was changed since it was booked', j.key) as detail
      from asked j left join content c on c.id = j.id
     where j.digest <> substr(sha256(convert_to(
             j.kind || chr(31) || j.reference || coalesce(c.text, ''), 'UTF8')), 1, 16)
     order by j.id limit 20`;
}

/** The walls around the ledger of this database: its triggers, and the rights of everybody but the owner. */
export function wallLaw(): RawBuilder<BrokenRow> {
  return sql<BrokenRow>`
    select 'unchangeable' as law, '' as currency, format('trigger %s on ledger.%s', w.trigger, w.name) as row,
           'it is switched off or gone' as detail
      from (values ('transfer', 'unchangeable'), ('transfer', 'checked'), ('journal', 'unchangeable'),
                  ('account', 'undeletable'), ('account', 'unmovable'), ('hold', 'undeletable')) w(name, trigger)
      join pg_catalog.pg_class c on c.relname = w.name and c.relnamespace = 'ledger'::regnamespace
     where not exists (select from pg_catalog.pg_trigger t
                        where t.tgrelid = c.oid and t.tgname = w.trigger and t.tgenabled in ('O', 'A'))
    union all
    select 'unchangeable', '', format('ledger.%s', c.relname), format('%s may %s', x.grantee::regrole, x.privilege_type)
      from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) x
     where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r' and x.grantee <> c.relowner
       and x.privilege_type <> 'SELECT'`;
}
