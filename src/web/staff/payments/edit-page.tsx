import type { Staff } from "#access/principal.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import { hasMoney, type Payment } from "#features/payments/payment.ts";
import type { Draft, ShareChoice } from "#features/payments/payment-input.ts";
import type { Ui } from "#http/request.ts";
import { toDecimal } from "#kernel/money.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { DateField, MoneyField, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, Hidden } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { DraftTable } from "./draft-table.tsx";
import { DiscountFields, MoreFields } from "./form-parts.tsx";
import { AddRow, ShareFields } from "./share-fields.tsx";

type EditProps = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  payment: Payment;
  partnerships: readonly PartnershipName[];
  shares: readonly ShareChoice[];
  taxes: ReadonlyMap<string, string>;
  reason: string;
};

/** Changes a payment that is not paid in full. */
export function EditPaymentPage(props: EditProps) {
  const { ui, staff, form, payment, partnerships, shares, taxes, reason } = props;
  const home = `/staff/payments/${payment.id}`;
  const arrived = hasMoney(payment);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={`Edit ${payment.item}`}
      crumbs={[
        { href: "/staff/payments", label: "Payments" },
        { href: home, label: payment.item },
      ]}
      problems={form.problems}
    >
      {arrived && (
        <Notice title="Money has arrived for it">
          <p>Its amount and discount can't change any more. The rest can, until it is paid in full.</p>
        </Notice>
      )}
      <Card label="Payment" pad>
        <Form action={`${home}/edit`} hidden={{ version: payment.updatedAt.toString() }}>
          <TextField form={form} name="item" label="What it is for" value={payment.item} maxlength={200} />
          <MoneyField
            form={form}
            name="amount"
            label="Amount"
            hint="The agreed price before any discount."
            currency={payment.list.currency}
            value={toDecimal(payment.list)}
          />
          <DateField form={form} name="due_date" label="Due date" value={payment.dueDate.toString()} />
          <ShareFields form={form} partnerships={partnerships} shares={shares} taxes={taxes} />
          {can(staff, "payments.discount") && (
            <DiscountFields
              form={form}
              currency={payment.list.currency}
              value={payment.discount.minor > 0n ? toDecimal(payment.discount) : ""}
              reason={reason}
              locked={arrived}
            />
          )}
          <MoreFields form={form} allowPart={payment.allowPart} note={payment.note} />
          <Actions>
            <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
              Check
            </Button>
            <AddRow form={form} shares={shares} />
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

type CheckProps = Pick<EditProps, "ui" | "staff" | "form" | "payment"> & { draft: Draft };

/** How the payment will come apart, before the change is saved. */
export function CheckEditPage({ ui, staff, form, payment, draft }: CheckProps) {
  const home = `/staff/payments/${payment.id}`;
  const kept = Object.fromEntries(
    Object.entries(form.values ?? {}).flatMap(([name, value]) =>
      name === "step" ? [] : [[name, String(value ?? "")]],
    ),
  );
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Check the changes"
      lead={<bdi>{draft.instalments[0]?.item ?? payment.item}</bdi>}
      crumbs={[
        { href: "/staff/payments", label: "Payments" },
        { href: home, label: payment.item },
      ]}
    >
      <DraftTable draft={draft} />
      <form method="post" action={`${home}/edit`}>
        <Hidden values={kept} />
        <Actions>
          <Button kind="primary" name="step" value="save">
            Save the changes
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}

type CancelProps = { ui: Ui; staff: Staff; form: FormState; payment: Payment };

/** Asks before a payment is cancelled: that can't be undone. */
export function CancelPaymentPage({ ui, staff, form, payment }: CancelProps) {
  const home = `/staff/payments/${payment.id}`;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={`Cancel ${payment.item}`}
      lead={`${t.money(payment.list, "code")}, due ${t.date(payment.dueDate)}`}
      crumbs={[
        { href: "/staff/payments", label: "Payments" },
        { href: home, label: payment.item },
      ]}
      problems={form.problems}
    >
      <Card label="Cancel" pad>
        <Form action={`${home}/cancel`}>
          <p>
            Nothing will be owed on it any more, and the customer sees it as cancelled. This can't be undone; create a
            new payment instead.
          </p>
          {payment.paid.minor > 0n && (
            <p>
              {`${t.money(payment.paid, "code")} has arrived for it. It becomes credit, `}
              which is offered to the customer against the next payment.
            </p>
          )}
          <TextField
            form={form}
            name="reason"
            label="Why"
            optional
            hint="For your own records; it goes to the audit log."
            maxlength={200}
          />
          <Actions>
            <Button kind="danger-primary">Cancel the payment</Button>
            <LinkButton kind="ghost" href={home}>
              Keep it
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}
