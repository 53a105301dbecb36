import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { isOver, type OwnWallet, type Quote, quoteMinutes } from "#features/transfers/quote.ts";
import { totalOf } from "#features/transfers/transfer.ts";
import type { Prospect } from "#features/transfers/transfer-sources.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money, toDecimal } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Form, type Problems } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { transferHref, transfersHome, walletWords } from "./words.ts";

export type CheckFacts = {
  readonly quote: Quote;
  readonly wallet: OwnWallet | undefined;
  readonly prospect: Prospect;
  readonly now: Instant;
  /** Made with this form: pressing its button twice is pressing it once. */
  readonly key: string;
};

type Props = { ui: Ui; partner: Partner; t: T; facts: CheckFacts; problems?: Problems | undefined };

/** What a transfer comes to and where it goes, before anything is sent. */
export function CheckPage({ ui, partner, t, facts, problems }: Props) {
  const { quote, prospect } = facts;
  const institution = ui.institution.name;
  const isSent = quote.usedBy !== undefined;
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("transfer.checkTitle")}
      crumbs={[
        { href: transfersHome, label: t("transfers.title") },
        { href: againHref(quote), label: t("transfer.newTitle") },
      ]}
      problems={problems}
    >
      <div class="narrow stack">
        {isSent && (
          <Notice tone="warn" title={t("transfer.used")}>
            <p>{t("transfer.usedText")}</p>
            <p>
              <a href={transferHref({ ref: quote.usedBy ?? "" })}>
                {t("transfer.usedLink", { ref: quote.usedBy ?? "" })}
              </a>
            </p>
          </Notice>
        )}
        <Card label={t("transfer.details")}>
          <Facts
            facts={[
              [t("transfer.from"), <bdi>{walletWords(t, facts.wallet)}</bdi>],
              [t("transfer.to"), <Destination t={t} quote={quote} />],
              quote.reference !== "" && [t("transfers.reference"), <bdi>{quote.reference}</bdi>],
            ]}
          />
        </Card>
        <Card label={t("transfer.amount")} pad>
          <Sum lines={sumLines(t, quote, prospect, isSent)} />
        </Card>
        {!isSent && prospect.starts === "pending_approval" && prospect.limit && (
          <Notice title={t("transfer.waits")}>
            <p>{t("transfer.waitsText", { limit: t.money(prospect.limit, "code"), institution })}</p>
          </Notice>
        )}
        {!isSent && <Ending ui={ui} partner={partner} t={t} facts={facts} />}
      </div>
    </PartnerPage>
  );
}

function Destination({ t, quote }: { t: T; quote: Quote }) {
  if (quote.route === "bank") {
    return (
      <>
        {t("transfer.toBank")}
        <br />
        <bdi class="num">{[quote.toName, `•••• ${quote.toNumber}`].filter(Boolean).join(" ")}</bdi>
      </>
    );
  }
  const isMasked = quote.toName.includes("•");
  return (
    <>
      <bdi class="strong">{quote.toName}</bdi>
      <br />
      <bdi class="num">{formatWalletNumber(quote.toNumber)}</bdi>
      {isMasked && <p class="sm dim">{t("transfer.masked")}</p>}
    </>
  );
}

function sumLines(t: T, quote: Quote, { available }: Prospect, isSent: boolean) {
  const total = totalOf(quote);
  const amount = (value: Amount) => <Money value={value} size="plain" show="none" locale={t.locale} />;
  const left = available.minor - total.minor;
  return [
    { label: t("transfer.amount"), value: amount(quote.amount) },
    { label: t("transfer.fee"), value: amount(quote.fee) },
    { label: t("transfer.total"), value: <Money value={total} show="code" locale={t.locale} />, total: true },
    !isSent && left >= 0n && { label: t("transfer.left"), value: amount(money(left, total.currency)) },
  ];
}

/** The button, or, when the fee is over, the way to ask for it again with everything filled in. */
function Ending({ ui, partner, t, facts: { quote, wallet, prospect, now, key } }: Omit<Props, "problems">) {
  if (!allows("partner.transfer", "partner", partner.role, partner.rights)) {
    return (
      <Notice>
        <p>{t("transfer.viewer")}</p>
      </Notice>
    );
  }
  const change = (
    <LinkButton kind="ghost" href={againHref(quote)}>
      {t("transfer.change")}
    </LinkButton>
  );
  if (isOver(quote, now)) {
    const { route, reference, toNumber } = quote;
    const to = route === "wallet" ? toNumber : undefined;
    return (
      <section class="card pad" aria-label={t("transfer.over")}>
        <Notice tone="warn" title={t("transfer.over")}>
          <p>{t("transfer.overText", { minutes: quoteMinutes })}</p>
        </Notice>
        <Form
          action={`${transfersHome}/new`}
          hidden={{ wallet: wallet?.number, route, to, amount: toDecimal(quote.amount), reference }}
          layout="bare"
        >
          <Actions>
            <Button kind="primary">{t("transfer.askAgain")}</Button>
            {change}
          </Actions>
        </Form>
      </section>
    );
  }
  const amount = t.money(totalOf(quote), "code");
  const waits = prospect.starts === "pending_approval";
  return (
    <section class="card pad" aria-label={t("transfer.checkTitle")}>
      {!waits && <p>{quote.route === "bank" ? t("transfer.bankText") : t("transfer.atOnce")}</p>}
      <p class="dim">{t("transfer.holds", { time: t.instant(quote.expiresAt, ui.institution.timeZone) })}</p>
      <Form action={`${transfersHome}/check/${quote.id}`} hidden={{ key }} layout="bare">
        <Actions>
          <Button kind="primary" icon="send">
            {waits ? t("transfer.confirmWaiting", { amount }) : t("transfer.confirm", { amount })}
          </Button>
          {change}
        </Actions>
      </Form>
    </section>
  );
}

/** The form with everything filled in as it was prepared. */
function againHref(quote: Quote): string {
  return withQuery(`${transfersHome}/new`, { quote: quote.id });
}
