import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { invoiceNumber } from "#features/invoices/invoice.ts";
import { answerDispute } from "#features/self-billing/disputes.ts";
import { longestReason } from "#features/self-billing/self-billing.ts";
import {
  disputedSelfBilled,
  listSelfBilledForStaff,
  readSelfBilledForStaff,
} from "#features/self-billing/self-billing-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, can, formOf, pageSize, t, textFields } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { Choices, TextArea } from "#web/ui/fields.tsx";
import { Form } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { SelfBillingListPage, StaffSelfBilledChip, staffSelfBilling } from "./list-page.tsx";

const params = z.object({ id: z.string().refine((id) => isId("inv", id)) });

const list = route({
  id: "staff.self-billing.list",
  method: "GET",
  path: staffSelfBilling,
  opens: "staff",
  may: "invoices.read",
  query: z.object({ partnership: asked.text, after: asked.text }),
  handle: async (rq, cx, may) => {
    const { partnership, after } = rq.query;
    const disputed = await disputedSelfBilled(cx, may);
    const found = await listSelfBilledForStaff(cx, may, { partnership, after, size: pageSize });
    const shown = { ui: rq.ui, staff: cx.principal, disputed, found, partnership };
    return page(<SelfBillingListPage {...shown} />);
  },
});

const ways = [
  { value: "reject", label: "It is right", hint: "The invoice stays as it is. Say why." },
  { value: "credit", label: "Take it back", hint: "A credit note takes all of it back. No other invoice follows." },
  {
    value: "reissue",
    label: "Take it back and issue it anew",
    hint: "A credit note, then a new invoice with the partner’s names, address and tax status of today.",
  },
] as const;

async function onePage(ui: Ui, cx: Cx<Staff>, id: string, failed?: Failed) {
  const row = await readSelfBilledForStaff(cx, id);
  const form = formOf(failed);
  const { dispute } = row;
  const disputedOn = dispute && t.instant(dispute.at, ui.institution.timeZone, "medium");
  return page(
    <StaffPage
      ui={ui}
      staff={cx.principal}
      title={`${invoiceNumber("self_billed", row.number)}, ${row.partnership.name}`}
      crumbs={[{ href: staffSelfBilling, label: "Self-billing" }]}
      beside={<StaffSelfBilledChip row={row} />}
      problems={form.problems}
      end={<LinkButton href={`/staff/invoices/${row.id}`}>Open the document</LinkButton>}
    >
      <Card label="The invoice">
        <Facts
          facts={[
            ["For", <bdi>{row.description}</bdi>],
            ["Issued", t.date(row.issueDate)],
            ["Total", <Money value={row.total} show="code" />],
            row.credited.minor > 0n && ["Credited", <Money value={row.credited} show="code" />],
          ]}
        />
      </Card>
      {dispute && (
        <Notice
          tone={row.state === "disputed" ? "warn" : "info"}
          title={`Disputed by ${dispute.by || "a contact"} on ${disputedOn}`}
        >
          <p dir="auto">{dispute.reason}</p>
          {dispute.answeredAt && (
            <p dir="auto">
              <b>Answered {t.instant(dispute.answeredAt, ui.institution.timeZone, "medium")}:</b> {dispute.answer}
            </p>
          )}
        </Notice>
      )}
      {row.state === "disputed" && can(cx.principal, "self-billing.write") && (
        <Card title="Your answer" pad>
          <Form action={`${staffSelfBilling}/${row.id}/answer`}>
            <Choices form={form} name="how" legend="What becomes of it" chosen={["reject"]} options={ways} />
            <TextArea
              form={form}
              name="words"
              label="Words for the partner"
              hint="They stand on its page, in the mail, and on the credit note."
              maxlength={longestReason}
            />
            <Actions>
              <Button kind="primary">Send the answer</Button>
            </Actions>
          </Form>
        </Card>
      )}
    </StaffPage>,
  );
}

const one = route({
  id: "staff.self-billing.read",
  method: "GET",
  path: `${staffSelfBilling}/:id`,
  opens: "staff",
  may: "invoices.read",
  params,
  handle: async (rq, cx) => await onePage(rq.ui, cx, rq.params.id),
});

const answer = route({
  id: "staff.self-billing.answer",
  method: "POST",
  path: `${staffSelfBilling}/:id/answer`,
  opens: "staff",
  may: "self-billing.write",
  params,
  form: textFields("how", "words"),
  handle: async (rq, cx, may) => {
    const how = ways.find((way) => way.value === rq.form.how)?.value ?? "reject";
    await answerDispute(cx, may, { id: rq.params.id, how, words: rq.form.words ?? "" });
    return seeOther(`${staffSelfBilling}?done=answered`);
  },
  again: async (rq, cx, _may, failed) => await onePage(rq.ui, cx, rq.params.id, failed),
});

export default [list, one, answer] as Route[];
