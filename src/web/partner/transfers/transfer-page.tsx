import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import type { PartnerTransfer } from "#features/transfers/partner-transfer.ts";
import type { OwnWallet } from "#features/transfers/quote.ts";
import { totalOf } from "#features/transfers/transfer.ts";
import type { TransferEntry } from "#features/transfers/transfer-partner-view.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import { type MessageKey, type T, translator } from "#platform/i18n/messages.ts";
import { drawParts, LiveConnection, LivePart, type LiveParts } from "#web/partner/live.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Form, FormsFor, type Problems } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table } from "#web/ui/table.tsx";
import { Timeline } from "#web/ui/timeline.tsx";
import { happeningsOf } from "./transfer-timeline.ts";
import {
  destinationWords,
  failureWords,
  liveHref,
  stateWords,
  transferHref,
  transfersHome,
  walletWords,
} from "./words.ts";

export type TransferFacts = {
  readonly transfer: PartnerTransfer;
  readonly entries: readonly TransferEntry[];
  readonly wallets: readonly OwnWallet[];
};

type Around = { t: T; ui: Ui; partner: Partner; facts: TransferFacts };

/** What updates itself on the page of one transfer. */
export function transferParts(t: T, ui: Ui, partner: Partner, facts: TransferFacts): LiveParts {
  const around = { t, ui, partner, facts };
  return drawParts({
    // Drawn before its page is, so it says by itself whose form it has.
    "live-state": (
      <FormsFor partnership={partner.partnership}>
        <State {...around} />
      </FormsFor>
    ),
    "live-course": <Course {...around} />,
    "live-side": <Side {...around} />,
  });
}

type Props = { ui: Ui; partner: Partner; facts: TransferFacts; problems?: Problems };

/** One transfer: where it stands, what it came to, what became of it, and the entries behind it. */
export function TransferPage({ ui, partner, facts, problems }: Props) {
  const t = translator(ui.locale);
  const { transfer } = facts;
  const parts = transferParts(t, ui, partner, facts);
  const again = allows("partner.transfer", "partner", partner.role, partner.rights);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("transfer.title", { ref: transfer.ref })}
      crumbs={[{ href: transfersHome, label: t("transfers.title") }]}
      problems={problems}
      done={doneWords(transfer)}
      end={
        again && (
          <LinkButton icon="repeat" href={withQuery(`${transfersHome}/new`, { like: transfer.ref })}>
            {t("transfer.again")}
          </LinkButton>
        )
      }
    >
      <LiveConnection parts={parts} stream={liveHref} query={{ ref: transfer.ref }} />
      <LivePart of={parts} id="live-state" />
      <div class="two">
        <LivePart of={parts} id="live-course" />
        <LivePart of={parts} id="live-side" />
      </div>
    </PartnerPage>
  );
}

/** What is said once, after a button: never more than what is true now. */
function doneWords({ state }: PartnerTransfer): Readonly<Record<string, MessageKey>> {
  switch (state) {
    case "completed":
      return { confirmed: "transfer.confirmedDone" };
    case "pending_approval":
      return { confirmed: "transfer.waitingDone" };
    case "processing":
      return { confirmed: "transfer.processingDone" };
    case "cancelled":
      return { cancelled: "transfer.cancelled" };
    case "failed":
      return {};
  }
}

function State({ t, ui, partner, facts: { transfer, wallets } }: Around) {
  const { name: institution } = ui.institution;
  const from = walletWords(
    t,
    wallets.find((one) => one.id === transfer.wallet),
  );
  const why = failureWords(t, transfer, institution);
  const cancels =
    transfer.state === "pending_approval" && allows("partner.transfer", "partner", partner.role, partner.rights);
  return (
    <>
      <section class="card pad payout-head" aria-label={t("transfers.status")}>
        <div>
          <p class="num">
            <Money value={transfer.amount} show="code" size="big" locale={t.locale} />
          </p>
          <p class="dim">{t("transfer.head", { from, to: destinationWords(transfer) })}</p>
          <p>{stateWords(t, transfer, { institution, wallets })}</p>
        </div>
        <Status of="transfer" state={transfer.state} t={t} />
      </section>
      {transfer.state === "failed" && (
        <Notice tone="bad" {...(why !== undefined && { title: why })}>
          {transfer.failureNote !== "" && (
            <p>
              <bdi>{transfer.failureNote}</bdi>
            </p>
          )}
        </Notice>
      )}
      {cancels && (
        <section class="card pad" aria-label={t("transfer.cancel")}>
          <Form action={`${transferHref(transfer)}/cancel`} layout="bare">
            <p>{t("transfer.cancelText")}</p>
            <Actions>
              <Button kind="danger">{t("transfer.cancel")}</Button>
            </Actions>
          </Form>
        </section>
      )}
    </>
  );
}

const entryWords: Readonly<Record<string, MessageKey & `transfer.entry.${string}`>> = {
  transfer: "transfer.entry.transfer",
  "transfer.fee": "transfer.entry.fee",
  "transfer.bank": "transfer.entry.bank",
  "transfer.returned": "transfer.entry.returned",
  "transfer.fee-returned": "transfer.entry.feeReturned",
};

function Course(around: Around) {
  const { t, ui, facts } = around;
  return (
    <>
      <Card title={t("transfer.timeline")} pad>
        <Timeline happenings={happeningsOf(t, ui, facts.transfer)} />
      </Card>
      <Entries {...around} />
    </>
  );
}

function Entries({ t, ui, facts: { transfer, entries, wallets } }: Around) {
  const several = new Set(entries.map((one) => one.wallet)).size > 1;
  const number = (id: string) => formatWalletNumber(wallets.find((one) => one.id === id)?.number ?? "");
  const isHeld = transfer.state === "pending_approval" || transfer.state === "processing";
  const held = t.money(totalOf(transfer), "code");
  return (
    <Card title={t("transfer.entries")}>
      {entries.length === 0 ? (
        <Empty icon="wallet" title={t("transfer.noEntries")}>
          {isHeld ? t("transfer.noEntriesHeld", { amount: held }) : t("transfer.noEntriesOver")}
        </Empty>
      ) : (
        <Table
          caption={t("transfer.entriesCaption")}
          rows={entries}
          columns={[
            { head: t("transfer.entryWhat"), cell: ({ kind }) => t(entryWords[kind] ?? "transfer.entry.transfer") },
            {
              head: t("transfer.entryWhen"),
              cell: ({ at }) => <span class="num nowrap">{t.instant(at, ui.institution.timeZone)}</span>,
              wideOnly: true,
            },
            ...(several
              ? [
                  {
                    head: t("transfer.entryWallet"),
                    cell: ({ wallet }: TransferEntry) => <bdi class="num nowrap">{number(wallet)}</bdi>,
                  },
                ]
              : []),
            {
              head: t("transfer.entryAmount"),
              cell: ({ amount }) => <Money value={amount} show="none" locale={t.locale} />,
              end: true,
            },
            {
              head: t("transfer.entryAfter"),
              cell: ({ after }) => <Money value={after} show="code" size="plain" locale={t.locale} />,
              end: true,
            },
          ]}
        />
      )}
    </Card>
  );
}

function Side({ t, ui, facts: { transfer, wallets } }: Around) {
  const own = wallets.find((one) => one.id === transfer.wallet);
  const { timeZone } = ui.institution;
  return (
    <>
      <Card title={t("transfer.amount")} pad>
        <Sum
          lines={[
            {
              label: t("transfer.amount"),
              value: <Money value={transfer.amount} size="plain" show="none" locale={t.locale} />,
            },
            {
              label: t("transfer.fee"),
              value: <Money value={transfer.fee} size="plain" show="none" locale={t.locale} />,
            },
            {
              label: t("transfer.total"),
              value: <Money value={totalOf(transfer)} show="code" locale={t.locale} />,
              total: true,
            },
          ]}
        />
      </Card>
      <Card title={t("transfer.details")}>
        <Facts
          facts={[
            [t("transfer.from"), own && <a href={`/partner/wallets/${own.number}`}>{walletWords(t, own)}</a>],
            [t("transfer.to"), <bdi class="num">{destinationWords(transfer)}</bdi>],
            transfer.route === "wallet" && [t("transfer.toHolder"), <bdi>{transfer.toName}</bdi>],
            transfer.reference !== "" && [t("transfers.reference"), <bdi>{transfer.reference}</bdi>],
            [t("transfer.by"), <bdi>{transfer.requestedByName}</bdi>],
            [t("transfer.at"), <span class="num">{t.instant(transfer.createdAt, timeZone)}</span>],
          ]}
        />
      </Card>
    </>
  );
}
