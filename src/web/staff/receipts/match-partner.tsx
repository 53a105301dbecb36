import type { FoundPartner } from "#features/checkouts/suggestions.ts";
import { type Invoice, type InvoiceId, invoiceNumber, invoiceStatusOf, owedOf } from "#features/invoices/invoice.ts";
import type { ReceivedView } from "#features/money-in/received-views.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import type { PlainDate } from "#kernel/time.ts";
import { t } from "#web/staff/shared.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Choices } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table } from "#web/ui/table.tsx";

/** A partner that was chosen, with what it owes in the currency of the money. */
export type PartnerFacts = {
  readonly partnership: Partnership;
  readonly open: readonly Invoice[];
  /** What it announced with the transfer that this money looks like. */
  readonly announced: readonly InvoiceId[];
};

type Props = { money: ReceivedView; facts: PartnerFacts; form: FormState; today: PlainDate };

/** The invoices that money of a partner goes to. */
export function WhichInvoices({ money, facts, form, today }: Props) {
  const { partnership, open, announced } = facts;
  const meant = announced.length > 0 ? announced : open.map((invoice) => invoice.id);
  return (
    <Card title={`For ${partnership.name}`} end={<a href={`/staff/unmatched/${money.id}`}>Choose somebody else</a>} pad>
      <Form action={`/staff/unmatched/${money.id}`} hidden={{ partner: partnership.id }} layout="wide">
        {open.length === 0 ? (
          <Notice>
            <bdi>{partnership.name}</bdi> owes nothing in {money.amount.currency}. All of it is paid back to it.
          </Notice>
        ) : (
          <Choices
            form={form}
            name="invoice"
            legend="Where it goes, oldest first"
            hint="What none of these takes is the partner's, and goes out with its next payout."
            kind="checkbox"
            chosen={[...meant]}
            options={open.map((invoice) => ({
              value: invoice.id,
              label: invoiceNumber("invoice", invoice.number ?? 0n),
              hint: (
                <>
                  {invoice.dueDate && t.date(invoice.dueDate)}{" "}
                  <Status of="invoice" state={invoiceStatusOf(invoice, today)} t={t} />
                </>
              ),
              end: <Money value={owedOf(invoice)} show="code" />,
            }))}
          />
        )}
        <div class="actions">
          <Button kind="primary">{`Match ${t.money(money.amount, "code")} to ${partnership.name}`}</Button>
        </div>
      </Form>
    </Card>
  );
}

/** Partners whose name holds what was typed. */
export function FoundPartners({ money, found }: { money: ReceivedView; found: readonly FoundPartner[] }) {
  if (found.length === 0) return null;
  return (
    <Card title="Partners found">
      <Table
        caption="Partners found"
        columns={[
          { head: "Partner", cell: (row) => <bdi>{row.name}</bdi> },
          { head: "Reference", wideOnly: true, cell: (row) => row.externalId },
          {
            head: "Choose",
            silent: true,
            end: true,
            cell: (row) => (
              <LinkButton small href={`/staff/unmatched/${money.id}?partner=${row.id}`} about={row.name}>
                Choose
              </LinkButton>
            ),
          },
        ]}
        rows={found}
      />
    </Card>
  );
}
