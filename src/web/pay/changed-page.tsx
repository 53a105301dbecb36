import { type CheckoutView, choiceOf } from "#features/checkouts/checkout-page.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { PayPlace } from "#web/pay/pay-place.ts";
import { PaySteps } from "#web/pay/pay-steps.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Rows } from "#web/ui/rows.tsx";
import { Status } from "#web/ui/status.tsx";

/**
 * What was chosen can't be paid as it was chosen any more: what is owed now, and one way on. There is no button that
 * pays, and no account to send money to.
 */
export function ChangedPage({ place, view }: { place: PayPlace; view: CheckoutView }) {
  const t = translator(place.ui.locale);
  const { lines, attempt } = view;
  const settled = choiceOf(view) === "settled";
  const title = t(settled ? "pay.settled.title" : "pay.why.changed.title");
  const mayBeSent = attempt?.kind === "bank_transfer" && attempt.state === "requires_action";
  return (
    <place.Frame title={title}>
      <div class="narrow stack">
        <PaySteps t={t} current={1} />
        <Notice tone={settled ? "info" : "warn"} title={title} live>
          <p>{t(settled ? "pay.settled.text" : "pay.changed.text")}</p>
          {mayBeSent && <p>{t("pay.changed.sent")}</p>}
        </Notice>
        <Card title={t("pay.changed.owed")}>
          <Rows
            rows={lines.map((line) => ({
              title: line.title,
              href: place.hrefOf(line),
              sub: t("pay.owed", { date: t.date(line.dueDate) }),
              status: <Status of="payment" state={line.standing} t={t} />,
              amount: <Money value={line.owed} locale={t.locale} />,
            }))}
          />
        </Card>
        <div class="row">
          {!settled && (
            <LinkButton href={place.chooseAgain(lines.filter((line) => line.owed.minor > 0n))} kind="primary">
              {t("pay.changed.choose")}
            </LinkButton>
          )}
          <LinkButton href={place.home}>{t(place.says.home)}</LinkButton>
        </div>
      </div>
    </place.Frame>
  );
}
