import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { maskedOf, type StaffBankAccount } from "#features/bank-accounts/bank-account.ts";
import { openAccountsOf, readBankAccount, waitingBankDetails } from "#features/bank-accounts/bank-account-views.ts";
import { approveBankDetails, mayDecide, rejectBankDetails } from "#features/bank-accounts/review-bank-details.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { countryName } from "#web/bank-details/bank-fields.tsx";
import { formOf, t, textFields } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button } from "#web/ui/button.tsx";
import { Card, type Fact, Facts } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form } from "#web/ui/form.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

const home = "/staff/bank-details";
const crumb = { href: home, label: "Bank details" };
const done = {
  approved: "The bank details were approved. Everybody concerned is told by mail.",
  rejected: "The bank details were rejected. Everybody concerned is told by mail.",
};

const list = route({
  id: "staff.bank-details.list",
  method: "GET",
  path: "/staff/bank-details",
  opens: "staff",
  may: "bank-details.review",
  handle: async (rq, cx) => {
    const waiting = await waitingBankDetails(cx);
    return page(
      <StaffPage
        ui={rq.ui}
        staff={cx.principal}
        title="Bank details"
        lead="New details of partners that wait for review. Meanwhile no payout in that currency goes to them."
        done={done}
      >
        <Card label="Waiting for review">
          {waiting.length === 0 ? (
            <Empty icon="building-bank" title="Nothing waits for review">
              When a partner enters new bank details, they stand here.
            </Empty>
          ) : (
            <Table
              caption="Bank details that wait for review, the oldest first"
              rows={waiting}
              columns={columnsFor(rq.ui.institution.timeZone)}
            />
          )}
        </Card>
      </StaffPage>,
    );
  },
});

function columnsFor(zone: string): readonly Column<StaffBankAccount>[] {
  return [
    {
      head: "Partner",
      cell: (one) => (
        <a href={`${home}/${one.id}`}>
          <bdi>{one.partnershipName}</bdi>
        </a>
      ),
    },
    { head: "Currency", cell: (one) => one.currency },
    {
      head: "Account",
      cell: (one) => (
        <>
          <bdi class="num nowrap">{maskedOf(one)}</bdi>
          <Under>
            <bdi>{one.holderName}</bdi>
          </Under>
        </>
      ),
    },
    { head: "Entered by", cell: (one) => <bdi>{one.proposedByName}</bdi>, wideOnly: true },
    { head: "On", cell: (one) => t.instant(one.createdAt, zone), wideOnly: true },
  ];
}

async function drawn(ui: Ui, cx: Cx<Staff>, id: string, failed?: Failed) {
  const account = await readBankAccount(cx, id);
  const open = await openAccountsOf(cx, account.partnershipId);
  const before = open.find((one) => one.currency === account.currency && one.state === "active" && one.id !== id);
  const form = formOf(failed);
  return page(
    <StaffPage
      ui={ui}
      staff={cx.principal}
      title={`${account.currency} account of ${account.partnershipName}`}
      crumbs={[crumb]}
      problems={form.problems}
    >
      <div class="cols-2">
        <Card title={account.state === "in_review" ? "New details" : stateWords[account.state]}>
          <Facts facts={factsOf(account, ui)} />
        </Card>
        {before && (
          <Card title="Details in use now">
            <Facts facts={factsOf(before, ui)} />
          </Card>
        )}
      </div>
      {account.state === "in_review" && <Decision account={account} staff={cx.principal} form={form} />}
    </StaffPage>,
  );
}

const stateWords = {
  in_review: "Waits for review",
  active: "Approved",
  replaced: "Replaced since",
  rejected: "Rejected",
  withdrawn: "Taken back by the partner",
} as const;

function factsOf(one: StaffBankAccount, ui: Ui): readonly (Fact | false)[] {
  const { timeZone } = ui.institution;
  const who = one.proposedByKind === "staff" ? "your institution" : "a contact of the partner";
  return [
    [
      "Partner",
      <a href={`/staff/partnerships/${one.partnershipId}`}>
        <bdi>{one.partnershipName}</bdi>
      </a>,
    ],
    ["Account holder", <bdi>{one.holderName}</bdi>],
    ["Account", <bdi class="num">{maskedOf(one)}</bdi>],
    ["Bank", <bdi>{one.bankName || "Not said"}</bdi>],
    ["Country", countryName(one.country, t)],
    [
      "Entered by",
      <>
        <bdi>{one.proposedByName}</bdi>, {who}
      </>,
    ],
    ["Entered", t.instant(one.createdAt, timeZone)],
    one.reviewedAt !== undefined && ["Decided", t.instant(one.reviewedAt, timeZone)],
    one.usableFrom !== undefined && ["Used from", t.instant(one.usableFrom, timeZone)],
    one.rejectedWhy !== "" && ["Reason", <bdi>{one.rejectedWhy}</bdi>],
  ];
}

function Decision({
  account,
  staff,
  form,
}: {
  account: StaffBankAccount;
  staff: Staff;
  form: ReturnType<typeof formOf>;
}) {
  if (!mayDecide(account, staff)) {
    return (
      <Notice tone="info" title="Somebody else has to review this">
        <p>You entered these details yourself. Any other owner or administrator can approve or reject them.</p>
      </Notice>
    );
  }
  const action = `${home}/${account.id}`;
  return (
    <Card title="Decide" pad>
      <div class="stack">
        <Notice tone="warn" title="Ask the partner before you approve">
          <p>
            Call somebody you know there, at a number you had before this change, and compare the last four digits. A
            mail that asks for a change of bank details proves nothing.
          </p>
        </Notice>
        <Form action={`${action}/approve`}>
          <Actions>
            <Button kind="primary" icon="check">
              Approve the details
            </Button>
          </Actions>
        </Form>
        <Form action={`${action}/reject`}>
          <TextField
            form={form}
            name="reason"
            label="Reason for rejecting"
            hint="The partner reads it, in its portal and by mail."
            maxlength={300}
          />
          <Actions>
            <Button kind="danger" icon="x">
              Reject the details
            </Button>
          </Actions>
        </Form>
      </div>
    </Card>
  );
}

const params = z.object({ id: z.string().refine((id) => isId("bac", id)) });

export default [
  list,
  route({
    id: "staff.bank-details.detail",
    method: "GET",
    path: "/staff/bank-details/:id",
    opens: "staff",
    may: "bank-details.review",
    stepUp: true,
    params,
    handle: async (rq, cx) => await drawn(rq.ui, cx, rq.params.id),
  }),
  route({
    id: "staff.bank-details.approve",
    method: "POST",
    path: "/staff/bank-details/:id/approve",
    opens: "staff",
    may: "bank-details.review",
    stepUp: true,
    params,
    handle: async (rq, cx, may) => {
      await approveBankDetails(cx, may, rq.params.id);
      return seeOther(`${home}?done=approved`);
    },
    again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.params.id, failed),
  }),
  route({
    id: "staff.bank-details.reject",
    method: "POST",
    path: "/staff/bank-details/:id/reject",
    opens: "staff",
    may: "bank-details.review",
    stepUp: true,
    params,
    form: textFields("reason"),
    handle: async (rq, cx, may) => {
      await rejectBankDetails(cx, may, rq.params.id, rq.form.reason ?? "");
      return seeOther(`${home}?done=rejected`);
    },
    again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.params.id, failed),
  }),
] as Route[];
