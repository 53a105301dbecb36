import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { answerNetting } from "#features/bank-accounts/answer-netting.ts";
import { ownAccounts, stoppedPayouts } from "#features/bank-accounts/bank-account-partner-view.ts";
import { ownNetting } from "#features/bank-accounts/netting-partner-view.ts";
import { proposeBankDetails, withdrawBankDetails } from "#features/bank-accounts/propose-bank-details.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, isCurrency } from "#kernel/money.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { BankFields, countryFor, WhereCard } from "#web/bank-details/bank-fields.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { BankDetailsPage } from "./bank-page.tsx";
import { NettingPage } from "./netting-page.tsx";

const home = "/partner/bank-details";

const currencyAsked = z
  .string()
  .optional()
  .catch(undefined)
  .transform((text): Currency | undefined => (text !== undefined && isCurrency(text) ? text : undefined));
const textAsked = z.string().max(200).optional().catch(undefined);
const query = z.object({ currency: currencyAsked, country: textAsked, where: textAsked });
type Asked = { [K in keyof z.output<typeof query>]?: z.output<typeof query>[K] | undefined };

const field = z.union([z.string(), z.array(z.string()).transform((all) => all[0] ?? "")]).optional();
const form = z.object({
  ...{ currency: field, country: field, holder_name: field, bank_name: field, key: field },
  ...{ bsb: field, account: field, routing: field, iban: field, bic: field },
});

function formOf(ui: Ui, failed: Failed | undefined): FormState {
  const t = translator(ui.locale);
  return failed ? { t, values: failed.typed, problems: failed.errors } : { t };
}

/** The page; `first` is the currency that somebody came for, which stands on top. */
async function overview(ui: Ui, cx: Cx<Partner>, first: Currency | undefined, failed?: Failed) {
  const [accounts, stopped, netting] = await Promise.all([ownAccounts(cx), stoppedPayouts(cx), ownNetting(cx)]);
  const all = [...new Set([...cx.institution.currencies, ...accounts.map((one) => one.currency)])];
  const wanted = first !== undefined && all.includes(first) ? [first] : [];
  const currencies = [...new Set([...wanted, ...all])];
  const shown = { ui, partner: cx.principal, currencies, accounts, stopped, netting, now: cx.now };
  return page(<BankDetailsPage {...shown} form={formOf(ui, failed)} />);
}

async function changePage(ui: Ui, cx: Cx<Partner>, { currency, country, where }: Asked, failed?: Failed) {
  const t = translator(ui.locale);
  const shownForm = formOf(ui, failed);
  const known = currency !== undefined && cx.institution.currencies.includes(currency) ? currency : undefined;
  const place = known && where === undefined ? countryFor(known, country) : undefined;
  const before = (await ownAccounts(cx)).find((one) => one.currency === known && one.state === "active");
  const action = `${home}/change`;
  const key = String(failed?.typed.key ?? newId("bac", cx.now, cx.random));
  const institution = ui.institution.name;
  const title = known ? t(before ? "bank.changeFor" : "bank.addFor", { currency: known }) : t("bank.add");
  return page(
    <PartnerPage
      ui={ui}
      partner={cx.principal}
      title={title}
      crumbs={[{ href: home, label: t("bank.title") }]}
      lead={t("bank.formLead", { partnership: cx.principal.partnershipName, institution })}
      problems={shownForm.problems}
    >
      {known && place ? (
        <Card label={t("bank.account")} pad>
          <Form action={home} hidden={{ currency: known, country: place, key }}>
            <BankFields
              form={shownForm}
              country={place}
              elsewhere={withQuery(action, { currency: known, country: place, where: "1" })}
              before={before}
            />
            <Actions>
              <Button kind="primary">{t("bank.send")}</Button>
              <LinkButton kind="ghost" href={home}>
                {t("form.cancel")}
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
          currency={known}
          country={country ?? cx.institution.country}
        />
      )}
    </PartnerPage>,
  );
}

export default [
  route({
    id: "partner.bank-details",
    method: "GET",
    path: home,
    opens: "partner",
    may: "partner.view",
    query,
    handle: async (rq, cx) => await overview(rq.ui, cx, rq.query.currency),
  }),
  route({
    id: "partner.bank-details.change",
    method: "GET",
    path: `${home}/change`,
    opens: "partner",
    may: "partner.bank-details",
    stepUp: true,
    query,
    handle: async (rq, cx) => await changePage(rq.ui, cx, rq.query),
  }),
  route({
    id: "partner.bank-details.propose",
    method: "POST",
    path: home,
    opens: "partner",
    may: "partner.bank-details",
    stepUp: true,
    form,
    handle: async (rq, cx, may) => {
      await proposeBankDetails(cx, may, rq.form, translator(rq.ui.locale));
      return seeOther(`${home}?done=proposed`);
    },
    again: async (rq, cx, _may, failed) => {
      const { currency, country } = rq.form;
      return await changePage(rq.ui, cx, query.parse({ currency, country }), failed);
    },
  }),
  route({
    id: "partner.bank-details.withdraw",
    method: "POST",
    path: `${home}/withdraw`,
    opens: "partner",
    // No fresh proof: it leaves everything as it was before the change.
    may: "partner.bank-details",
    form: z.object({ currency: field }),
    handle: async (rq, cx, may) => {
      await withdrawBankDetails(cx, may, rq.form.currency ?? "", translator(rq.ui.locale));
      return seeOther(`${home}?done=withdrawn`);
    },
    again: async (rq, cx, _may, failed) => await overview(rq.ui, cx, undefined, failed),
  }),
  route({
    id: "partner.bank-details.netting",
    method: "GET",
    path: `${home}/netting`,
    opens: "partner",
    may: "partner.bank-details",
    stepUp: true,
    handle: async (rq, cx) =>
      page(
        <NettingPage
          ui={rq.ui}
          partner={cx.principal}
          netting={await ownNetting(cx)}
          form={formOf(rq.ui, undefined)}
        />,
      ),
  }),
  route({
    id: "partner.bank-details.netting.answer",
    method: "POST",
    path: `${home}/netting`,
    opens: "partner",
    may: "partner.bank-details",
    stepUp: true,
    form: z.object({ answer: field }),
    handle: async (rq, cx, may) => {
      await answerNetting(cx, may, rq.form.answer === "agree", translator(rq.ui.locale));
      return seeOther(`${home}?done=netting`);
    },
    again: async (rq, cx, _may, failed) =>
      page(
        <NettingPage ui={rq.ui} partner={cx.principal} netting={await ownNetting(cx)} form={formOf(rq.ui, failed)} />,
      ),
  }),
] as Route[];
