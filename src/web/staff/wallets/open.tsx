import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { walletPurposes } from "#features/wallets/wallet.ts";
import { enabledCurrencies } from "#features/wallets/wallet-currencies.ts";
import { accountsOpen } from "#features/wallets/wallet-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { home } from "./list-page.tsx";
import { OpenPage } from "./open-page.tsx";

const partnerQuery = z.object({
  partner: z
    .string()
    .refine((id) => isId("prt", id))
    .optional()
    .catch(undefined),
});
const names = ["partnership", "currency", "purpose"] as const;

async function formPage(ui: Ui, cx: Cx<Staff>, partner: string | undefined, failed?: Failed) {
  const all = await partnershipNames(cx);
  const accounts = await accountsOpen(cx);
  const partners = all.filter((one) => accounts.has(one.id));
  // Whoever comes from a partner without an account is told what is missing, instead of not finding it in the list.
  const without = all.find((one) => one.id === partner && !accounts.has(one.id));
  const currencies = await enabledCurrencies(cx);
  const shown = { ui, staff: cx.principal, form: formOf(failed), partners, partner, without, currencies };
  return page(<OpenPage {...shown} />);
}

const ask = route({
  id: "staff.wallets.new",
  method: "GET",
  path: `${home}/new`,
  opens: "staff",
  may: "wallets.write",
  query: partnerQuery,
  handle: async (rq, cx) => await formPage(rq.ui, cx, rq.query.partner),
});

const open = route({
  id: "staff.wallets.opened",
  method: "POST",
  path: `${home}/new`,
  opens: "staff",
  may: "wallets.write",
  form: textFields(...names),
  handle: async (rq, cx, may) => {
    const { partnership = "", currency: code = "", purpose: typed = "" } = rq.form;
    const cells = new Cells<(typeof names)[number]>({ partnership, currency: code, purpose: typed });
    if (!isId("prt", partnership)) cells.refuse("partnership", "Choose the partner.");
    const currency = cells.currency("currency");
    const purpose = cells.oneOf("purpose", walletPurposes);
    assertNoProblems(cells.problems);
    if (!currency || !purpose) return seeOther(`${home}/new`);
    const wallet = await openWallet(cx, may, { partnership, currency, purpose });
    return seeOther(`${home}/${wallet.id}?done=opened`);
  },
  again: async (rq, cx, _may, failed) => await formPage(rq.ui, cx, rq.form.partnership, failed),
});

export default [ask, open] as Route[];
