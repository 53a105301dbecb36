import type { BookLine } from "#features/payments/payment-entries.ts";
import type { TransferShown } from "#features/transfers/staff-transfer.ts";
import { type Transfer, totalOf } from "#features/transfers/transfer.ts";
import { purposeWords } from "#features/wallets/wallet.ts";
import type { Instant } from "#kernel/time.ts";
import { t } from "#web/staff/shared.tsx";
import { routeWords } from "#web/staff/tariffs/words.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { type Happening, Timeline } from "#web/ui/timeline.tsx";
import { reasonOf, WalletNumber } from "./words.tsx";

/** How much moves, what it costs, and what leaves the wallet. */
export function What({ shown: { transfer } }: { shown: TransferShown }) {
  return (
    <Card title="What it comes to" pad>
      <Sum
        lines={[
          { label: "Amount", value: <Money value={transfer.amount} show="code" /> },
          { label: "Fee, for you", value: <Money value={transfer.fee} show="code" /> },
          { label: "Leaves the wallet", value: <Money value={totalOf(transfer)} show="code" />, total: true },
        ]}
      />
      {transfer.tariff !== undefined && (
        <p class="sm dim">
          As it was quoted by <a href={`/staff/tariffs/${transfer.tariff}`}>this tariff</a>.
        </p>
      )}
    </Card>
  );
}

/** From whom to whom, and who asked for it. */
export function Ends({ shown, zone }: { shown: TransferShown; zone: string }) {
  const { transfer, from, to, toPartner, account } = shown;
  return (
    <Card title="From and to">
      <Facts
        facts={[
          [
            "From",
            <>
              <a href={`/staff/partnerships/${transfer.partnership}`}>
                <bdi>{from.holder}</bdi>
              </a>
              <Under>
                <a href={`/staff/wallets/${from.id}`}>
                  <WalletNumber of={from.number} />
                </a>
                , {purposeWords[from.purpose].toLowerCase()}
              </Under>
            </>,
          ],
          to !== undefined && [
            "To",
            <>
              <a href={`/staff/partnerships/${to.partnership}`}>
                <bdi>{toPartner ?? to.holder}</bdi>
              </a>
              <Under>
                <a href={`/staff/wallets/${to.id}`}>
                  <WalletNumber of={to.number} />
                </a>
                , {purposeWords[to.purpose].toLowerCase()}
              </Under>
            </>,
          ],
          account !== undefined && [
            "To",
            <>
              <bdi>{account.bankName}</bdi> <bdi class="num">··{account.last4}</bdi>
              <Under>
                <bdi>{account.holderName}</bdi>
              </Under>
            </>,
          ],
          ["Route", routeWords[transfer.route]],
          transfer.reference !== "" && ["Reference of the partner", <bdi>{transfer.reference}</bdi>],
          ["Asked for by", <bdi>{transfer.requestedByName}</bdi>],
          ["Asked for", t.instant(transfer.createdAt, zone)],
        ]}
      />
    </Card>
  );
}

/** What is in the wallet that it comes from, now. */
export function Balances({ shown: { from, balance } }: { shown: TransferShown }) {
  return (
    <Card title="In the wallet now" pad end={<Status of="wallet" state={from.state} t={t} />}>
      <Sum
        lines={[
          { label: "Available", value: <Money value={balance.available} show="code" /> },
          { label: "Held for transfers that wait", value: <Money value={balance.held} show="code" /> },
          { label: "In all", value: <Money value={balance.balance} show="code" />, total: true },
        ]}
      />
    </Card>
  );
}

type Past = Pick<TransferShown, "transfer" | "returnedTo"> & { readonly zone: string };

/** What happened to it, the newest on top, and above that what is still to come. */
export function History(past: Past) {
  return (
    <Card title="What happened" pad>
      <Timeline happenings={happeningsOf(past)} />
    </Card>
  );
}

function happeningsOf({ transfer, returnedTo, zone }: Past): readonly Happening[] {
  const { decidedByName: who, failureReason, route } = transfer;
  const at = (instant: Instant, one: Omit<Happening, "when">) => ({ ...one, instant, when: t.instant(instant, zone) });
  const reason = reasonOf(transfer);
  const why = reason === undefined ? {} : { more: <bdi class="sm">{reason}</bdi> };
  const past = [
    at(transfer.preparedAt, { what: "Prepared, with the fee quoted", icon: "pencil" }),
    at(transfer.createdAt, {
      what: (
        <>
          Confirmed by <bdi>{transfer.requestedByName}</bdi>
        </>
      ),
      icon: "check",
    }),
    transfer.decidedAt &&
      failureReason !== "rejected" &&
      at(transfer.decidedAt, {
        what: (
          <>
            Approved by <bdi>{who}</bdi>
          </>
        ),
        icon: "check",
        tone: "ok",
      }),
    transfer.sentAt && at(transfer.sentAt, { what: "Sent to the bank", icon: "send", tone: "info" }),
    transfer.completedAt &&
      at(transfer.completedAt, {
        what: route === "bank" ? "Arrived at the bank" : "In the other wallet",
        icon: "circle-check",
        tone: "ok",
      }),
    transfer.failedAt &&
      at(transfer.failedAt, {
        what:
          failureReason === "rejected" ? (
            <>
              Rejected by <bdi>{who}</bdi>
            </>
          ) : (
            "Failed: the money is available again"
          ),
        icon: "x",
        tone: "bad",
        ...why,
      }),
    transfer.cancelledAt && at(transfer.cancelledAt, { what: "Cancelled by the partner", icon: "ban" }),
    transfer.returnedAt &&
      at(transfer.returnedAt, {
        what: returnedTo ? (
          <>
            Sent back by the bank: the wallet was closed, so amount and fee are in wallet{" "}
            <a href={`/staff/wallets/${returnedTo.id}`}>
              <WalletNumber of={returnedTo.number} />
            </a>
          </>
        ) : (
          "Sent back by the bank: amount and fee are in the wallet again"
        ),
        icon: "arrow-back-up",
        tone: "bad",
        ...why,
      }),
  ].filter((one) => one !== undefined && one !== false);
  const sorted = past.toReversed().toSorted((a, b) => Temporal.Instant.compare(b.instant, a.instant));
  return [...comingOf(transfer), ...sorted];
}

function comingOf({ state, route, sentAt }: Transfer): readonly Happening[] {
  if (state === "pending_approval") return [{ what: "Waits for approval", icon: "clock", coming: true }];
  if (state !== "processing") return [];
  const what = sentAt === undefined ? "Goes to the bank" : "The bank confirms that it arrived";
  return route === "bank" ? [{ what, icon: "clock", coming: true }] : [];
}

/** The entries in the books behind it: what it moved, and what gave it back. */
export function Entries({ lines, zone }: { lines: readonly BookLine[]; zone: string }) {
  return (
    <Card title="In the books">
      {lines.length === 0 ? (
        <Empty icon="building-bank" title="Nothing has moved">
          While it waits or is on its way the money is held on the wallet. What never went leaves no entry.
        </Empty>
      ) : (
        <Table
          caption="Entries in the ledger, the oldest first"
          rows={lines}
          columns={[
            { head: "When", cell: (one) => <span class="num nowrap">{t.instant(one.at, zone)}</span>, wideOnly: true },
            {
              head: "From and to",
              cell: (one) => (
                <>
                  <bdi>{one.from}</bdi> → <bdi>{one.to}</bdi>
                  <Under phoneOnly>{t.instant(one.at, zone)}</Under>
                </>
              ),
            },
            { head: "Amount", cell: (one) => <Money value={one.amount} show="code" />, end: true },
          ]}
        />
      )}
    </Card>
  );
}
