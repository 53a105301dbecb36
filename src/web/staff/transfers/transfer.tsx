import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { approveTransfer, rejectTransfer } from "#features/transfers/decide-transfer.ts";
import { showTransfer } from "#features/transfers/staff-transfer.ts";
import type { TransferId } from "#features/transfers/transfer.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { ApproveTransferPage } from "./approve-page.tsx";
import { TransferDetailPage } from "./detail-page.tsx";

const params = z.object({ id: z.string().refine((id): id is TransferId => isId("trf", id)) });

async function transferPage(ui: Ui, cx: Cx<Staff>, id: TransferId, failed?: Failed) {
  const shown = await showTransfer(cx, id);
  return page(<TransferDetailPage ui={ui} staff={cx.principal} shown={shown} form={formOf(failed)} />);
}

const detail = route({
  id: "staff.transfers.detail",
  method: "GET",
  path: "/staff/transfers/:id",
  opens: "staff",
  may: "transfers.read",
  params,
  handle: async (rq, cx) => await transferPage(rq.ui, cx, rq.params.id),
});

const check = route({
  id: "staff.transfers.check",
  method: "GET",
  path: "/staff/transfers/:id/approve",
  opens: "staff",
  may: "transfers.approve",
  stepUp: true,
  params,
  handle: async (rq, cx) => {
    const shown = await showTransfer(cx, rq.params.id);
    if (shown.transfer.state !== "pending_approval") return seeOther(`/staff/transfers/${rq.params.id}`);
    return page(<ApproveTransferPage ui={rq.ui} staff={cx.principal} shown={shown} />);
  },
});

const approve = route({
  id: "staff.transfers.approve",
  method: "POST",
  path: "/staff/transfers/:id/approve",
  opens: "staff",
  may: "transfers.approve",
  stepUp: true,
  params,
  handle: async (rq, cx, may) => {
    await approveTransfer(cx, may, rq.params.id);
    return seeOther(`/staff/transfers/${rq.params.id}?done=approved`);
  },
  again: async (rq, cx, _may, failed) => await transferPage(rq.ui, cx, rq.params.id, failed),
});

const reject = route({
  id: "staff.transfers.reject",
  method: "POST",
  path: "/staff/transfers/:id/reject",
  opens: "staff",
  may: "transfers.approve",
  params,
  form: textFields("why"),
  handle: async (rq, cx, may) => {
    await rejectTransfer(cx, may, rq.params.id, rq.form.why ?? "");
    return seeOther(`/staff/transfers/${rq.params.id}?done=rejected`);
  },
  again: async (rq, cx, _may, failed) => await transferPage(rq.ui, cx, rq.params.id, failed),
});

export default [detail, check, approve, reject] as Route[];
