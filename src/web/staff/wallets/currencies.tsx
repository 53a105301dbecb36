import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { saveWalletCurrency, walletCurrencies } from "#features/wallets/wallet-currencies.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, formOf, textFields } from "#web/staff/shared.tsx";
import { CurrenciesPage } from "./currencies-page.tsx";
import { home } from "./list-page.tsx";

const here = `${home}/currencies`;
const names = ["currency", "above", "enabled"] as const;

async function drawn(ui: Ui, cx: Cx<Staff>, chosen: string | undefined, failed?: Failed) {
  const currencies = await walletCurrencies(cx);
  const shown = { ui, staff: cx.principal, form: formOf(failed), currencies, chosen };
  return page(<CurrenciesPage {...shown} />);
}

const show = route({
  id: "staff.wallets.currencies",
  method: "GET",
  path: here,
  opens: "staff",
  may: "wallets.read",
  query: z.object({ currency: asked.currency }),
  handle: async (rq, cx) => await drawn(rq.ui, cx, rq.query.currency),
});

const save = route({
  id: "staff.wallets.currency-saved",
  method: "POST",
  path: here,
  opens: "staff",
  may: "wallets.write",
  stepUp: true,
  form: textFields(...names),
  handle: async (rq, cx, may) => {
    const { currency: code = "", above: limit = "", enabled = "" } = rq.form;
    const cells = new Cells<(typeof names)[number]>({ currency: code, above: limit, enabled });
    const currency = cells.currency("currency");
    const above = currency && cells.raw("above") !== "" ? cells.amount("above", currency, 0n) : undefined;
    assertNoProblems(cells.problems);
    if (currency) {
      await saveWalletCurrency(cx, may, { currency, enabled: cells.raw("enabled") !== "", approvalAbove: above });
    }
    return seeOther(`${here}?done=saved`);
  },
  again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.form.currency, failed),
});

export default [show, save] as Route[];
