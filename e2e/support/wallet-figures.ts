import type { Page } from "playwright-core";
import { money, toDecimal } from "#kernel/money.ts";
import type { TestHouse } from "../../test/support/house.ts";

type Shown = { readonly balances: string; readonly flows: readonly (readonly string[])[] };

/** What the pages of a wallet show: available, pending and total, and each flow with the balance after it. */
export async function shownOf(member: Page, number: string): Promise<Shown> {
  const home = `/partner/wallets/${number.replaceAll(" ", "")}`;
  await member.goto(home);
  const balances = (await member.locator("#live-state").innerText()).match(/[\d,]+\.\d\d/g) ?? [];
  await member.goto(`${home}/flows`);
  const flows = await member.locator("main table tbody tr").evaluateAll((rows) =>
    rows.map((row) =>
      [...row.querySelectorAll("td, th")].slice(-2).map((cell) => {
        for (const hidden of cell.querySelectorAll(".vh")) hidden.remove();
        return (cell.textContent ?? "").replace("−", "-").replaceAll(/[^\d.-]/g, "");
      }),
    ),
  );
  return { balances: balances.join(" ").replaceAll(",", ""), flows };
}

/** The same from the ledger's rows. */
export async function bookedOf(h: TestHouse, wallet: string): Promise<Shown> {
  const { rows } = await h.admin.query<{ id: bigint; balance: bigint; held: bigint }>(
    "select id, balance, held from ledger.account where owner = $1",
    [wallet],
  );
  const [account] = rows;
  if (!account) throw new Error("The wallet has no account");
  const flows = await h.admin.query<{ change: string; after: string }>(
    `select case when debit_id = $1 then -amount else amount end::text as change,
            case when debit_id = $1 then debit_after else credit_after end::text as after
       from ledger.transfer where $1 in (debit_id, credit_id)
      order by case when debit_id = $1 then debit_seq else credit_seq end desc`,
    [account.id],
  );
  const text = (minor: bigint | string) => toDecimal(money(BigInt(minor), "AUD"));
  const balance = BigInt(account.balance);
  const held = BigInt(account.held);
  return {
    balances: [balance - held, held, balance].map(text).join(" "),
    flows: flows.rows.map((row) => [text(row.change), text(row.after)]),
  };
}
