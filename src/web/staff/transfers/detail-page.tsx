import type { Staff } from "#access/principal.ts";
import type { TransferShown } from "#features/transfers/staff-transfer.ts";
import { transferFailureWords } from "#features/transfers/transfer.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Balances, Ends, Entries, History, What } from "./transfer-parts.tsx";
import { home, TransferStatus } from "./words.tsx";

type Props = { ui: Ui; staff: Staff; shown: TransferShown; form: FormState };

const done = {
  approved: "The transfer was approved.",
  rejected: "The transfer was rejected. Its money is available again, and the partner reads why.",
};

/** Everything about one transfer. */
export function TransferDetailPage({ ui, staff, shown, form }: Props) {
  const { transfer, block } = shown;
  const zone = ui.institution.timeZone;
  const waits = transfer.state === "pending_approval";
  const decides = waits && can(staff, "transfers.approve");
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={transfer.ref}
      done={done}
      problems={form.problems}
      beside={<TransferStatus transfer={transfer} />}
      crumbs={[{ href: home, label: "Transfers" }]}
      end={
        decides &&
        block === undefined && (
          <LinkButton kind="primary" icon="checklist" href={`${home}/${transfer.id}/approve`}>
            Approve
          </LinkButton>
        )
      }
    >
      <Standing shown={shown} />
      <div class="two">
        <div class="stack">
          <What shown={shown} />
          <Entries lines={shown.lines} zone={zone} />
          <History transfer={transfer} returnedTo={shown.returnedTo} zone={zone} />
        </div>
        <div class="stack">
          <Ends shown={shown} zone={zone} />
          {waits && <Balances shown={shown} />}
          {decides && <Reject id={transfer.id} form={form} />}
          <FarSide shown={shown} zone={zone} />
        </div>
      </div>
    </StaffPage>
  );
}

/** What is the matter with it, and what to do about it. */
function Standing({ shown: { transfer, block } }: { shown: TransferShown }) {
  const { state, failureReason, failureNote, returnedAt } = transfer;
  if (state === "pending_approval") {
    return (
      <Notice tone="warn" title={block === undefined ? "It waits for approval" : "It waits, and can't be approved now"}>
        <p>{block ?? "It is above the limit of its currency. Its money is held until somebody decides."}</p>
      </Notice>
    );
  }
  if (state !== "failed" || failureReason === "") return null;
  const reason = transferFailureWords[failureReason];
  const lower = reason.charAt(0).toLowerCase() + reason.slice(1);
  const title =
    failureReason === "rejected"
      ? "It was rejected"
      : `${returnedAt ? "The bank sent it back" : "It did not reach the bank"}: ${lower}`;
  return (
    <Notice tone="bad" title={title}>
      {failureNote !== "" && (
        <p>
          <bdi>{failureNote}</bdi>
        </p>
      )}
      <p>Nothing is lost: amount and fee are in the wallet again. To try again the partner makes a new transfer.</p>
    </Notice>
  );
}

function Reject({ id, form }: { id: string; form: FormState }) {
  return (
    <Card title="Reject it" pad>
      <Form action={`${home}/${id}/reject`}>
        <TextField form={form} name="why" label="Why" hint="The partner reads it." maxlength={300} />
        <Button kind="danger" icon="x">
          Reject the transfer
        </Button>
      </Form>
    </Card>
  );
}

/** How it stands at the provider that sends it to the bank. */
function FarSide({ shown: { transfer }, zone }: { shown: TransferShown; zone: string }) {
  const { provider, providerRef, lookAt } = transfer;
  if (provider === "") return null;
  return (
    <Card title="At the provider">
      <Facts
        facts={[
          ["Provider", <bdi>{provider}</bdi>],
          ["Reference there", <bdi class="mono sm">{providerRef ?? "Not known yet"}</bdi>],
          lookAt !== undefined && ["Asked again", t.instant(lookAt, zone)],
        ]}
      />
    </Card>
  );
}
