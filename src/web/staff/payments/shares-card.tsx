import type { Payment } from "#features/payments/payment.ts";
import { keepOf, type Share, totalOf } from "#features/payments/shares.ts";
import { money } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { shareWords } from "./share-words.ts";

type Line = { readonly share: Share | undefined; readonly names?: ReadonlyMap<string, string> };

/** Who gets what of the list amount, and what stays with the institution. */
export function SharesCard({ payment, shares }: { payment: Payment; shares: readonly Share[] }) {
  const keep = keepOf(payment.list, shares);
  const left = money(keep.minor - payment.discount.minor, keep.currency);
  const columns: Column<Line>[] = [
    { head: "Who", cell: (line) => <Who line={line} discount={payment.discount.minor > 0n} /> },
    { head: "State", cell: ({ share }) => share && <Status of="share" state={share.state} t={t} /> },
    { head: "Net", cell: ({ share }) => share && <Money value={share.net} show="code" />, end: true, wideOnly: true },
    { head: "Tax", cell: ({ share }) => share && <Money value={share.tax} show="code" />, end: true, wideOnly: true },
    { head: "Gets", cell: ({ share }) => <Money value={share ? totalOf(share) : left} show="code" />, end: true },
  ];
  const names = new Map<string, string>(shares.map((one) => [one.partnershipId, one.partnershipName]));
  const rows: Line[] = [...shares.map((share) => ({ share, names })), { share: undefined }];
  return (
    <Card title="Where it goes">
      <Table caption="Shares of the amount, and what stays with you" columns={columns} rows={rows} />
    </Card>
  );
}

function Who({ line: { share, names }, discount }: { line: Line; discount: boolean }) {
  if (!share) {
    return (
      <>
        <span class="strong">You</span>
        {discount && <Under>after the discount</Under>}
      </>
    );
  }
  return (
    <>
      <a href={`/staff/partnerships/${share.partnershipId}`}>
        <bdi>{share.partnershipName}</bdi>
      </a>
      <Under>{shareWords(share, (id) => names?.get(id) ?? "another partner")}</Under>
    </>
  );
}
