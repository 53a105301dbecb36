import type { Partner } from "#access/principal.ts";
import type { Netting } from "#features/bank-accounts/netting-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { T } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";

const home = "/partner/bank-details";

/** Whether what the partner owes is set off against its payouts, and what that means. */
export function nettingWords(netting: Netting, ui: Ui, t: T): string {
  if (netting === "off") return t("bank.netting.off");
  return netting === "agreed"
    ? t("bank.netting.agreed")
    : t("bank.netting.proposed", { institution: ui.institution.name });
}

/** Where the partner answers the institution's proposal, or ends what it agreed to. */
export function NettingPage(props: { ui: Ui; partner: Partner; netting: Netting; form: FormState }) {
  const { ui, partner, netting, form } = props;
  const { t } = form;
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("bank.netting.title")}
      crumbs={[{ href: home, label: t("bank.title") }]}
      problems={form.problems}
    >
      <Card label={t("bank.netting.title")} pad>
        <p>{nettingWords(netting, ui, t)}</p>
        <Form action={`${home}/netting`} layout="bare">
          <Actions>
            {netting === "proposed" && (
              <Button kind="primary" name="answer" value="agree">
                {t("bank.netting.agree")}
              </Button>
            )}
            {netting !== "off" && (
              <Button name="answer" value="off">
                {t(netting === "proposed" ? "bank.netting.decline" : "bank.netting.end")}
              </Button>
            )}
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </PartnerPage>
  );
}
