import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { openAccountsOf } from "#features/bank-accounts/bank-account-views.ts";
import { setBankDetails } from "#features/bank-accounts/set-bank-details.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId, newId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { BankFields, countryFor, WhereCard } from "#web/bank-details/bank-fields.tsx";
import { asked, formOf, textFields } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Form } from "#web/ui/form.tsx";
import { withQuery } from "#web/ui/pager.tsx";

const params = z.object({ id: z.string().refine((id) => isId("prt", id)) });
const query = z.object({ currency: asked.currency, country: asked.text, where: asked.text });
type Asked = { [K in keyof z.output<typeof query>]?: z.output<typeof query>[K] | undefined };
const form = textFields(
  ...(["currency", "country", "holder_name", "bank_name", "key"] as const),
  ...(["bsb", "account", "routing", "iban", "bic"] as const),
);

async function drawn(ui: Ui, cx: Cx<Staff>, id: string, { currency, country, where }: Asked, failed?: Failed) {
  const partnership = await readPartnership(cx, id);
  const accounts = await openAccountsOf(cx, partnership.id);
  const home = `/staff/partnerships/${id}`;
  const action = `${home}/bank-accounts/new`;
  const shownForm = formOf(failed);
  const place = currency && where === undefined ? countryFor(currency, country) : undefined;
  const before = accounts.find((one) => one.currency === currency && one.state === "active");
  const key = String(failed?.typed.key ?? newId("bac", cx.now, cx.random));
  return page(
    <StaffPage
      ui={ui}
      staff={cx.principal}
      title={currency && place ? `${before ? "Replace" : "Add"} the ${currency} account` : "Add or replace an account"}
      crumbs={[
        { href: "/staff/partnerships", label: "Partnerships" },
        { href: home, label: partnership.name },
      ]}
      lead="Where somebody else can review it, it is used once they have. The partner's contacts are told by mail."
      problems={shownForm.problems}
    >
      {currency && place ? (
        <Card label="Bank account" pad>
          <Form action={action} hidden={{ currency, country: place, key }}>
            <BankFields
              form={shownForm}
              country={place}
              elsewhere={withQuery(action, { currency, country: place, where: "1" })}
              before={before}
            />
            <Actions>
              <Button kind="primary">Save the account</Button>
              <LinkButton kind="ghost" href={home}>
                Cancel
              </LinkButton>
            </Actions>
          </Form>
        </Card>
      ) : (
        <WhereCard
          form={shownForm}
          action={action}
          cancel={home}
          currencies={cx.institution.currencies}
          currency={currency ?? partnership.currency}
          country={country ?? cx.institution.country}
        />
      )}
    </StaffPage>,
  );
}

export default [
  route({
    id: "staff.bank-accounts.new",
    method: "GET",
    path: "/staff/partnerships/:id/bank-accounts/new",
    opens: "staff",
    may: "bank-details.write",
    stepUp: true,
    params,
    query,
    handle: async (rq, cx) => await drawn(rq.ui, cx, rq.params.id, rq.query),
  }),
  route({
    id: "staff.bank-accounts.create",
    method: "POST",
    path: "/staff/partnerships/:id/bank-accounts/new",
    opens: "staff",
    may: "bank-details.write",
    stepUp: true,
    params,
    form,
    handle: async (rq, cx, may) => {
      const made = await setBankDetails(cx, may, rq.params.id, rq.form);
      return seeOther(`/staff/partnerships/${rq.params.id}?done=bank-${made.state === "active" ? "active" : "review"}`);
    },
    again: async (rq, cx, _may, failed) =>
      await drawn(
        rq.ui,
        cx,
        rq.params.id,
        query.parse({ currency: rq.form.currency, country: rq.form.country }),
        failed,
      ),
  }),
] as Route[];
