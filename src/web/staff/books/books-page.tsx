import type { Staff } from "#access/principal.ts";
import { booksLaws } from "#features/books/books.ts";
import type { Books, BooksLine, CurrencyBooks } from "#features/books/books-views.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Card, Sum, type SumLine } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Chip } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";

type Props = { ui: Ui; staff: Staff; books: Books };

/** Where all the money is, whose it is, and whether the books were found right when they were last checked. */
export function BooksPage({ ui, staff, books }: Props) {
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Books"
      lead="Where the money is and whose it is. Both sides always come to the same amount."
    >
      {books.proof && <Verdict proof={books.proof} ui={ui} />}
      {books.currencies.length === 0 && (
        <Card label="Money">
          <Empty icon="coin" title="No money has moved yet">
            Every amount that arrives or leaves shows here, in each currency.
          </Empty>
        </Card>
      )}
      {books.currencies.map((one) => (
        <CurrencyCards books={one} />
      ))}
      <ChecksCard proof={books.proof} />
    </StaffPage>
  );
}

function Verdict({ proof, ui }: { proof: NonNullable<Books["proof"]>; ui: Ui }) {
  const when = t.instant(proof.at, ui.institution.timeZone, "zoned");
  const entries = proof.currencies.reduce((sum, one) => sum + one.transfers, 0n);
  return proof.ok ? (
    <Notice tone="ok" title="The books are right">
      <p>
        Last checked {when}: {t.number(Number(entries))} entries, every one of them.
      </p>
    </Notice>
  ) : (
    <Notice tone="bad" title="The books did not hold when they were last checked">
      <p>Checked {when}. What does not fit is listed below. Tell whoever runs Portico before you pay anything out.</p>
    </Notice>
  );
}

function CurrencyCards({ books }: { books: CurrencyBooks }) {
  const { currency, held, owners, total } = books;
  const end = (words: string): SumLine => ({ label: words, value: <Money value={total} show="code" />, total: true });
  return (
    <div class="cols-2">
      <Card title={`Where it is, ${currency}`} pad>
        <Sum lines={[...held.map(lineOf), end("Held in all")]} />
      </Card>
      <Card title={`Whose it is, ${currency}`} pad>
        <Sum lines={[...owners.map(lineOf), end("The same in all")]} />
      </Card>
    </div>
  );
}

const kindWords: Readonly<Record<BooksLine["kind"], string>> = {
  provider: "At the provider",
  bank: "In the bank",
  unmatched: "Waiting for its customer",
  customer: "Customers' credit and part payments",
  partner: "Partners, earned and not paid out",
  wallet: "Wallets",
  payouts_in_transit: "Payouts on their way",
  income: "Your income",
  income_fees: "Your fees and surcharges",
  discounts_given: "Discounts you gave",
  adjustments: "Adjustments of wallets",
  tax_payable: "Tax to be paid",
};

function lineOf(line: BooksLine): SumLine {
  const name = line.provider === "" ? kindWords[line.kind] : `At ${named(line.provider)}`;
  return { label: name, value: <Money value={line.amount} show="code" /> };
}

/** A provider's name as a title: `sandbox` becomes Sandbox. */
function named(provider: string): string {
  return provider.charAt(0).toUpperCase() + provider.slice(1);
}

function ChecksCard({ proof }: { proof: Books["proof"] }) {
  const rows = Object.entries(booksLaws).map(([law, words]) => ({
    words,
    broken: proof?.broken.filter((row) => row.law === law) ?? [],
  }));
  return (
    <Card title="What is checked every night">
      <Table
        caption="Checks of the books, and how they went last"
        rows={rows}
        columns={[
          {
            head: "Check",
            cell: ({ words, broken }) => (
              <>
                {words}
                {broken.map(({ row, detail }) => (
                  <Under>
                    <span class="mono">{row}</span>: {detail}
                  </Under>
                ))}
              </>
            ),
          },
          {
            head: "Last time",
            cell: ({ broken }) => {
              if (!proof) return <Chip words="Not checked yet" />;
              if (broken.length > 0) return <Chip words="Broken" tone="bad" icon="alert-triangle" />;
              return <Chip words="Holds" tone="ok" icon="check" />;
            },
            end: true,
          },
        ]}
      />
    </Card>
  );
}
