import { z } from "zod";
import { kindWords } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Chip } from "#web/ui/status.tsx";
import { cards, doneWords } from "./cards.ts";

/** All that is known of a partner, and where each part of it is changed: the cards of `cards.ts`, in their order. */
const detail = route({
  id: "staff.partnerships.detail",
  method: "GET",
  path: "/staff/partnerships/:id",
  opens: "staff",
  may: "partnerships.read",
  params: z.object({ id: z.string().refine((id) => isId("prt", id)) }),
  handle: async (rq, cx, may) => {
    const { ui } = rq;
    const partnership = await readPartnership(cx, rq.params.id);
    const drawn = await Promise.all(cards.map((card) => card({ ui, cx, may, partnership })));
    return page(
      <StaffPage
        ui={ui}
        staff={cx.principal}
        title={partnership.name}
        crumbs={[{ href: "/staff/partnerships", label: "Partnerships" }]}
        beside={<Chip words={kindWords[partnership.kind]} />}
        done={doneWords}
      >
        {drawn}
      </StaffPage>,
    );
  },
});

export default [detail] as Route[];
