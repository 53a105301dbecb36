import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { type BankAccount, maskedOf } from "#features/bank-accounts/bank-account.ts";
import type { StoppedPayout } from "#features/bank-accounts/bank-account-partner-view.ts";
import type { Netting } from "#features/bank-accounts/netting-partner-view.ts";
import { payoutNumber, failureWords as reasons } from "#features/payouts/payout.ts";
import type { Ui } from "#http/request.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { countryName } from "#web/bank-details/bank-fields.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { failureWords } from "#web/partner/payouts/words.ts";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, type Fact, Facts } from "#web/ui/card.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { nettingWords } from "./netting-page.tsx";

const home = "/partner/bank-details";

export type BankPageProps = {
  ui: Ui;
  partner: Partner;
  currencies: readonly Currency[];
  accounts: readonly BankAccount[];
  stopped: readonly StoppedPayout[];
  netting: Netting;
  now: Instant;
  form: FormState;
};

/** The partner's accounts, a currency a card: what counts, what waits and until when, and what has to be corrected. */
export function BankDetailsPage(props: BankPageProps) {
  const { ui, partner, currencies, netting, form } = props;
  const t = translator(ui.locale);
  const mayChange = allows("partner.bank-details", "partner", partner.role, partner.rights);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("bank.title")}
      lead={t("bank.lead")}
      done={{ proposed: "bank.done", withdrawn: "bank.withdrawnDone", netting: "bank.nettingDone" }}
      problems={form.problems}
    >
      {!mayChange && (
        <Notice>
          <p>{t("bank.noRight", { institution: ui.institution.name })}</p>
        </Notice>
      )}
      {currencies.map((currency) => (
        <CurrencyCard {...props} t={t} currency={currency} mayChange={mayChange} />
      ))}
      {netting !== "off" && (
        <Card title={t("bank.netting.title")} pad>
          <p>{nettingWords(netting, ui, t)}</p>
          {mayChange && (
            <Actions>
              <LinkButton href={`${home}/netting`}>
                {t(netting === "proposed" ? "bank.netting.answer" : "bank.netting.end")}
              </LinkButton>
            </Actions>
          )}
        </Card>
      )}
    </PartnerPage>
  );
}

type CurrencyProps = BankPageProps & { t: T; currency: Currency; mayChange: boolean };

function CurrencyCard({ ui, accounts, stopped, now, t, currency, mayChange }: CurrencyProps) {
  const own = accounts.filter((one) => one.currency === currency);
  const active = own.find((one) => one.state === "active");
  const waiting = own.find((one) => one.state === "in_review");
  const refused = own.find((one) => one.state === "rejected");
  const failed = stopped.find((one) => one.currency === currency);
  const institution = ui.institution.name;
  const changed = waiting !== undefined || active?.id !== failed?.accountId;
  return (
    <Card title={currency} id={currency.toLowerCase()}>
      {(failed ?? refused ?? waiting) && (
        <div class="pad pad-under stack">
          {failed && <Failed t={t} ui={ui} failed={failed} changed={changed} />}
          {refused && (
            <Notice tone="bad">
              <p>{t("bank.rejected", { reason: refused.rejectedWhy })}</p>
              <p>{t("bank.rejectedText")}</p>
            </Notice>
          )}
          {waiting && (
            <Notice tone="warn">
              <p>{t("bank.waiting", { institution, currency })}</p>
            </Notice>
          )}
        </div>
      )}
      {waiting && <Facts facts={factsOf(waiting, ui, t, now)} />}
      {waiting && active && (
        <div class="pad">
          <p class="strong">{t("bank.replacedNow")}</p>
        </div>
      )}
      {active && <Facts facts={factsOf(active, ui, t, now, waiting !== undefined)} />}
      <div class="pad pad-under">
        {!active && !waiting && (
          <>
            <p class="strong">{t("bank.none")}</p>
            <p class="dim">{t("bank.noneText", { currency })}</p>
          </>
        )}
        {mayChange && <Change t={t} currency={currency} active={active} waiting={waiting} />}
      </div>
    </Card>
  );
}

type ChangeProps = { t: T; currency: Currency; active: BankAccount | undefined; waiting: BankAccount | undefined };

/** One change of a currency waits at a time: while it does, it can only be taken back, by whose it is. */
function Change({ t, currency, active, waiting }: ChangeProps) {
  if (!waiting) {
    return (
      <Actions>
        <LinkButton href={withQuery(`${home}/change`, { currency })} icon={active ? "pencil" : "plus"} about={currency}>
          {active ? t("bank.change") : t("bank.add")}
        </LinkButton>
      </Actions>
    );
  }
  if (waiting.proposedByKind !== "partner") return null;
  return (
    <Form action={`${home}/withdraw`} hidden={{ currency }} layout="bare">
      <Actions>
        <Button about={currency}>{t("bank.withdraw")}</Button>
      </Actions>
    </Form>
  );
}

type FailedProps = { t: T; ui: Ui; failed: StoppedPayout; changed: boolean };

/** Why money did not arrive, in plain words, and what to do about it. */
function Failed({ t, ui, failed, changed }: FailedProps) {
  const number = payoutNumber(failed.number);
  const institution = ui.institution.name;
  return (
    <Notice
      tone="bad"
      title={failed.state === "returned" ? t("bank.returned", { number }) : t("bank.failed", { number })}
    >
      <p>{failureWords(t, failed.failureReason, { institution, currency: failed.currency })}</p>
      {changed && <p>{t("bank.failedChanged", { institution })}</p>}
      {!changed && needsDetails(failed.failureReason) && <p>{t("bank.failedText")}</p>}
      <p>
        <a href={`/partner/payouts/${number}`}>{t("payout.title", { number })}</a>
      </p>
    </Notice>
  );
}

/** Whether it was for the details: some payouts fail for what the partner can't mend. */
function needsDetails(reason: string): boolean {
  return Object.entries(reasons).some(([key, { details }]) => key === reason && details);
}

function factsOf(one: BankAccount, ui: Ui, t: T, now: Instant, rests = false): readonly (Fact | false)[] {
  return [
    [t("bank.account"), <bdi class="num">{maskedOf(one)}</bdi>],
    [t("bank.holder"), <bdi>{one.holderName}</bdi>],
    one.bankName !== "" && [t("bank.bank"), <bdi>{one.bankName}</bdi>],
    [t("bank.country"), countryName(one.country, t)],
    [t("bank.state"), rests ? t("bank.rests") : stateWords(one, ui, t, now)],
  ];
}

function stateWords(one: BankAccount, ui: Ui, t: T, now: Instant): string {
  const { timeZone, name: institution } = ui.institution;
  const date = t.instant(one.createdAt, timeZone, "medium");
  if (one.state === "in_review") {
    return one.proposedByKind === "staff"
      ? t("bank.waitingStaff", { institution, date })
      : t("bank.waitingFrom", { date });
  }
  const { usableFrom, currency } = one;
  if (usableFrom && Temporal.Instant.compare(usableFrom, now) > 0) {
    return t("bank.usableFrom", { date: t.instant(usableFrom, timeZone, "medium") });
  }
  return t("bank.inUse", { currency });
}
