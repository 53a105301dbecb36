import type { Staff } from "#access/principal.ts";
import type { Payment } from "#features/payments/payment.ts";
import type { Refund, RefundLimits, RefundPreview } from "#features/refunds/refund-payment.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Choices, MoneyField, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, Hidden } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Steps } from "#web/ui/progress.tsx";

type Props = { ui: Ui; staff: Staff; form: FormState; payment: Payment; limits: RefundLimits; version: string };

const steps = ["Write", "Check", "Done"];

function frame({ ui, staff, payment }: Pick<Props, "ui" | "staff" | "payment">) {
  return {
    ui,
    staff,
    crumbs: [
      { href: "/staff/payments", label: "Payments" },
      { href: `/staff/payments/${payment.id}`, label: payment.item },
    ],
  };
}

/** How much is refunded, out of what, and how it reaches the customer. */
export function RefundPage(props: Props) {
  const { form, payment, limits, version } = props;
  const home = `/staff/payments/${payment.id}`;
  return (
    <StaffPage {...frame(props)} title={`Refund ${payment.item}`} problems={form.problems}>
      <Steps label="Steps" steps={steps} current={0} />
      {limits.pending.minor > 0n && (
        <Notice tone="warn" title="A refund is on its way">
          <p>{t.money(limits.pending, "code")} has not arrived yet. Another can begin when it has.</p>
        </Notice>
      )}
      <Card label="Refund" pad>
        <Form action={`${home}/refund`} hidden={{ version }}>
          <Choices
            form={form}
            name="of"
            legend="Out of what"
            chosen={["list"]}
            options={[
              {
                value: "list",
                label: "Part or all of the payment",
                hint: "Written on the amount before any discount. Partners' shares are reversed in proportion.",
                end: `up to ${t.money(limits.list, "code")}`,
              },
              {
                value: "keep",
                label: "Goodwill, out of your own part",
                hint: "Written as what the customer gets. No share changes.",
                end: `up to ${t.money(limits.keep, "code")}`,
              },
            ]}
          />
          <MoneyField form={form} name="amount" label="Amount" currency={payment.list.currency} />
          <HowField form={form} limits={limits} />
          <TextField
            form={form}
            name="reason"
            label="Why"
            optional
            hint="The customer reads it beside the refund."
            maxlength={200}
          />
          <TextField
            form={form}
            name="partner_reason"
            label="Why, for the partners"
            optional
            hint="Partners read it beside what is taken back of their shares. Leave out what the customer paid."
            maxlength={200}
          />
          <Actions>
            <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
              Check
            </Button>
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

function HowField({ form, limits }: Pick<Props, "form" | "limits">) {
  const card = limits.byProvider.minor > 0n;
  return (
    <Choices
      form={form}
      name="how"
      legend="How it goes back"
      chosen={[card ? "provider" : "by_hand"]}
      options={[
        ...(card
          ? [
              {
                value: "provider",
                label: "To the card it was paid with",
                hint: "Sent at once; it shows here when it has arrived.",
                end: `up to ${t.money(limits.byProvider, "code")}`,
              },
            ]
          : []),
        {
          value: "by_hand",
          label: "By hand",
          hint: "You pay it out yourself, in cash or from your bank. It counts at once.",
        },
      ]}
    />
  );
}

type CheckProps = Omit<Props, "limits" | "version"> & { input: Refund; preview: RefundPreview };

/** What the refund comes to, before it is done. */
export function CheckRefundPage(props: CheckProps) {
  const { form, payment, input, preview } = props;
  const kept = Object.fromEntries(
    Object.entries(form.values ?? {}).flatMap(([name, value]) =>
      name === "step" ? [] : [[name, String(value ?? "")]],
    ),
  );
  return (
    <StaffPage {...frame(props)} title="Check the refund">
      <Steps label="Steps" steps={steps} current={1} />
      <Card title="What it comes to" pad>
        <Sum
          lines={[
            preview.fromPartners.minor > 0n && {
              label: "From the partners' shares",
              value: <Money value={preview.fromPartners} show="code" />,
            },
            { label: "From your own part", value: <Money value={preview.fromKeep} show="code" /> },
            { label: "The customer gets", value: <Money value={preview.cash} show="code" />, total: true },
          ]}
        />
      </Card>
      <Card label="How">
        <Facts
          facts={[
            ["How", input.how === "provider" ? "To the card it was paid with" : "By hand"],
            ["Can be refunded after it", <Money value={preview.listAfter} show="code" />],
            input.reason !== "" && ["Why", <bdi>{input.reason}</bdi>],
            (input.partnerReason ?? "") !== "" && ["Why, for the partners", <bdi>{input.partnerReason}</bdi>],
          ]}
        />
      </Card>
      <form method="post" action={`/staff/payments/${payment.id}/refund`}>
        <Hidden values={kept} />
        <Actions>
          <Button kind="primary" name="step" value="refund">
            {`Refund ${t.money(preview.cash, "code")}`}
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}
