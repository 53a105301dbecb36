import type pg from "pg";
import { connections, random } from "./ledger-load.ts";

/** What the ledger is measured against, on the same server: each caller asks by itself over its own connection. */
export type Rivals = {
  /** The floor: one small INSERT, and its commit. */
  insert(caller: number): Promise<unknown>;
  /** A function written by hand that moves money in one round trip: no key, no checks but the balance. */
  transfer(caller: number, hot: boolean): Promise<unknown>;
  end(): Promise<void>;
};

/** Makes their tables beside ours, and connections for so many callers. */
export async function openRivals(
  admin: pg.Client,
  url: string,
  { callers, accounts }: { readonly callers: number; readonly accounts: number },
): Promise<Rivals> {
  await admin.query(tables.replaceAll("$1", String(accounts)));
  await admin.query("vacuum analyze");
  const clients = await connections(url, callers);
  const other = (than: number) => 1 + ((than + Math.floor(random() * (accounts - 1))) % accounts);
  return {
    async insert(caller) {
      const text = "insert into bench.floor (note) values ($1)";
      return await clients[caller]?.query({ name: "insert", text, values: ["a row as small as a transfer's key"] });
    },
    async transfer(caller, hot) {
      const debit = hot ? 1 : 1 + Math.floor(random() * accounts);
      const values = [debit, other(debit), 1 + Math.floor(random() * 100)];
      return await clients[caller]?.query({ name: "transfer", text: "select bench.transfer($1, $2, $3)", values });
    },
    async end() {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

const tables = `
  create schema bench;
  create table bench.floor (id bigint generated always as identity primary key, note text not null);
  create table bench.account (id bigint primary key, balance bigint not null) with (fillfactor = 50);
  insert into bench.account
    select n, case n when 1 then 1000000000000 else 1000000000 end from generate_series(1, $1) n;
  create table bench.transfer (
    id bigint generated always as identity primary key, debit bigint not null, credit bigint not null,
    amount bigint not null, debit_after bigint not null, credit_after bigint not null,
    created_at timestamptz not null default now());
  create function bench.transfer(p_debit bigint, p_credit bigint, p_amount bigint) returns bigint language plpgsql as $$
  declare
    debit_after bigint; credit_after bigint; made bigint;
  begin
    perform from bench.account where id in (p_debit, p_credit) order by id for no key update;
    update bench.account set balance = balance - p_amount where id = p_debit returning balance into debit_after;
    if debit_after < 0 then
      raise exception 'not enough money';
    end if;
    update bench.account set balance = balance + p_amount where id = p_credit returning balance into credit_after;
    insert into bench.transfer (debit, credit, amount, debit_after, credit_after)
      values (p_debit, p_credit, p_amount, debit_after, credit_after) returning id into made;
    return made;
  end $$;`;
