import type { Staff } from "#access/principal.ts";
import type { WalletCurrency } from "#features/wallets/wallet-currencies.ts";
import type { Ui } from "#http/request.ts";
import { toDecimal } from "#kernel/money.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Checkbox, MoneyField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table } from "#web/ui/table.tsx";
import { home } from "./list-page.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  currencies: readonly WalletCurrency[];
  chosen: string | undefined;
};
const done = { saved: "The currency was saved." };

/** In which currencies wallets can be opened, and above what a transfer waits for staff. */
export function CurrenciesPage(props: Props) {
  const { ui, staff, form, currencies } = props;
  const change: Column<WalletCurrency> = {
    head: "Change",
    silent: true,
    end: true,
    cell: ({ currency }) => (
      <a href={`${home}/currencies?currency=${currency}`}>
        Change<span class="vh"> {currency}</span>
      </a>
    ),
  };
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Wallet currencies"
      lead="In which currencies wallets can be opened, and above which amount a transfer waits for your approval."
      crumbs={[{ href: home, label: "Wallets" }]}
      done={done}
      problems={form.problems}
    >
      <div class="two">
        <Card label="Currencies">
          <Table
            caption="Currencies of wallets"
            rows={currencies}
            columns={[
              { head: "Currency", cell: (one) => <span class="strong">{one.currency}</span> },
              {
                head: "New wallets",
                cell: (one) => <Status of="toggle" state={one.enabled ? "on" : "off"} t={t} />,
              },
              {
                head: "Approval above",
                end: true,
                cell: (one) =>
                  one.approvalAbove ? <Money value={one.approvalAbove} show="none" /> : <span class="dim">Never</span>,
              },
              ...(can(staff, "wallets.write") ? [change] : []),
            ]}
          />
        </Card>
        {can(staff, "wallets.write") && <Change {...props} />}
      </div>
    </StaffPage>
  );
}

function Change({ form, currencies, chosen: code }: Props) {
  const chosen = currencies.find((one) => one.currency === code) ?? currencies[0];
  if (!chosen) return null;
  return (
    <Card title={`Wallets in ${chosen.currency}`} pad>
      <Form action={`${home}/currencies`} layout="wide" hidden={{ currency: chosen.currency }}>
        <MoneyField
          form={form}
          name="above"
          label="A transfer waits for approval above"
          hint="Empty: no transfer waits. 0: each one does."
          optional
          currency={chosen.currency}
          value={chosen.approvalAbove && toDecimal(chosen.approvalAbove)}
        />
        <Checkbox form={form} name="enabled" label="Wallets can be opened in it" checked={chosen.enabled} />
        <Notice>
          <p>
            Wallets that are open stay as they are. A new limit counts for transfers that are confirmed from now on.
          </p>
        </Notice>
        <Button kind="primary">{`Save ${chosen.currency}`}</Button>
      </Form>
    </Card>
  );
}
