import { spacedReference } from "#features/checkouts/reference.ts";
import type { Ui } from "#http/request.ts";
import { type Currency, currencies, money } from "#kernel/money.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { ChargeRow } from "#providers/sandbox/memory.ts";
import { testEndings } from "#providers/sandbox/payouts.ts";
import { SandboxPage } from "#web/sandbox/sandbox-page.tsx";
import { Button } from "#web/ui/button.tsx";
import { MoneyField, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, type Problems } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Table } from "#web/ui/table.tsx";

const t = translator("en");

/** What can become of a transfer that somebody announced. */
export const happenings = [
  ["whole", "Whole"],
  ["short", "Half"],
  ["over", "10 % more"],
  ["twice", "Twice"],
  ["no-reference", "Without reference"],
  ["mistyped", "Mistyped reference"],
] as const;
export type Happening = (typeof happenings)[number][0];

type Props = {
  ui: Ui;
  waiting: readonly ChargeRow[];
  currency: Currency;
  sent: boolean;
  values?: FormState["values"];
  problems?: Problems;
};

/** The sandbox's bank: makes money arrive, in all the ways in which it arrives. */
export function BankPage({ ui, waiting, currency, sent, values, problems }: Props) {
  const form: FormState = { t, ...(values && { values }), ...(problems && { problems }) };
  const offered = ui.institution.currencies.length > 0 ? ui.institution.currencies : currencies;
  return (
    <SandboxPage ui={ui} title="Sandbox bank" icon="building-bank" problems={problems}>
      {sent && (
        <Notice tone="ok" live>
          The money is on its way. It arrives within seconds.
        </Notice>
      )}
      <section class="stack" aria-label="Transfers that are waited for">
        <h2>Transfers that are waited for</h2>
        {waiting.length === 0 ? (
          <Empty icon="inbox" title="Nobody waits for a transfer">
            Choose bank transfer when paying, then come back here.
          </Empty>
        ) : (
          waiting.map((charge) => <Waiting charge={charge} />)
        )}
      </section>
      <section class="stack" aria-label="Any transfer">
        <h2>Any transfer</h2>
        <Form action="/sandbox/bank" layout="wide">
          <MoneyField form={form} name="amount" label="Amount" currency={currency} currencies={offered} />
          <TextField form={form} name="reference" label="Reference" optional maxlength={140} />
          <TextField form={form} name="payer" label="Sender" value="Aiko Tanaka" maxlength={100} />
          <div class="actions">
            <Button kind="primary" icon="send">
              Send the transfer
            </Button>
          </div>
        </Form>
      </section>
      <section class="stack" aria-label="Payouts">
        <h2>Payouts</h2>
        <p>What becomes of a payout follows from the end of the account number. Any other number takes the money.</p>
        <Table
          caption="Endings of account numbers, and what becomes of a payout"
          rows={testEndings}
          columns={[
            { head: "Ends in", cell: (one) => <span class="mono">{one.ending}</span> },
            { head: "What happens", cell: (one) => one.what.replaceAll("_", " ") },
          ]}
        />
      </section>
    </SandboxPage>
  );
}

function Waiting({ charge }: { charge: ChargeRow }) {
  return (
    <section class="card pad stack s" aria-label={spacedReference(charge.reference)}>
      <p class="row between">
        <bdi class="mono strong">{spacedReference(charge.reference)}</bdi>
        <Money value={money(charge.minor, charge.currency)} show="code" />
      </p>
      <Form action={`/sandbox/bank/${charge.ref}`} layout="bare">
        <div class="row">
          {happenings.map(([value, words]) => (
            <Button small name="happens" value={value} about={`for ${spacedReference(charge.reference)}`}>
              {words}
            </Button>
          ))}
        </div>
      </Form>
    </section>
  );
}
