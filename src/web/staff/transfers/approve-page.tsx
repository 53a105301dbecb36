import type { Staff } from "#access/principal.ts";
import type { TransferShown } from "#features/transfers/staff-transfer.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Form } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Balances, Ends, What } from "./transfer-parts.tsx";
import { home } from "./words.tsx";

type Props = { ui: Ui; staff: Staff; shown: TransferShown };

/** What is approved, from whom to whom, and what is in the wallet: before anything moves. */
export function ApproveTransferPage({ ui, staff, shown }: Props) {
  const { transfer, block } = shown;
  const here = `${home}/${transfer.id}`;
  const next =
    transfer.route === "bank"
      ? "It goes to the bank at once. Until the bank has it, the money stays held on the wallet."
      : "The money is in the other wallet at once.";
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Approve this transfer?"
      lead={next}
      crumbs={[
        { href: home, label: "Transfers" },
        { href: here, label: transfer.ref },
      ]}
    >
      {block !== undefined && (
        <Notice tone="warn" title="It can't be approved now">
          <p>{block}</p>
        </Notice>
      )}
      <div class="two">
        <div class="stack">
          <What shown={shown} />
          <Card label="Decision" pad>
            <Form action={`${here}/approve`}>
              <Actions>
                {block === undefined && (
                  <Button kind="primary" icon="check">
                    {`Approve ${t.money(transfer.amount, "code")}`}
                  </Button>
                )}
                <LinkButton kind={block === undefined ? "ghost" : "plain"} href={here}>
                  Back, or reject it
                </LinkButton>
              </Actions>
            </Form>
          </Card>
        </div>
        <div class="stack">
          <Ends shown={shown} zone={ui.institution.timeZone} />
          <Balances shown={shown} />
        </div>
      </div>
    </StaffPage>
  );
}
