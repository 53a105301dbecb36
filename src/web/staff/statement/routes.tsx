import { z } from "zod";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { bookOfPartner } from "#features/statements/staff-book.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { answerCsv, answerPdf, readStatementPage } from "#web/statement/statement-answers.ts";
import { statementPageQuery, statementQuery } from "#web/statement/statement-query.ts";
import { StatementFiles, StatementView } from "#web/statement/statement-view.tsx";

const params = z.object({ id: z.string().refine((id) => isId("prt", id)) });

const shown = route({
  id: "staff.partnerships.statement",
  method: "GET",
  path: "/staff/partnerships/:id/statement",
  opens: "staff",
  may: "partnerships.read",
  params,
  query: statementPageQuery,
  handle: async (rq, cx, may) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const home = `/staff/partnerships/${partnership.id}/statement`;
    const { statement, pages } = await readStatementPage(cx, bookOfPartner(may, partnership.id), rq.query);
    const dates = { from: t.date(statement.period.from), to: t.date(statement.period.to) };
    return page(
      <StaffPage
        ui={rq.ui}
        staff={cx.principal}
        title={`Statement of ${partnership.name}`}
        crumbs={[
          { href: "/staff/partnerships", label: "Partnerships" },
          { href: `/staff/partnerships/${partnership.id}`, label: partnership.name },
        ]}
        lead={`${t("statement.range", dates)} · ${statement.range.currency}. As the partner sees it.`}
        {...(can(cx.principal, "partnerships.export") && {
          end: <StatementFiles t={t} home={home} statement={statement} />,
        })}
      >
        <StatementView t={t} ui={rq.ui} home={home} statement={statement} pages={pages} linked={false} />
      </StaffPage>,
    );
  },
});

const asPdf = route({
  id: "staff.partnerships.statement-pdf",
  method: "GET",
  path: "/staff/partnerships/:id/statement.pdf",
  opens: "staff",
  may: "partnerships.export",
  params,
  query: statementQuery,
  outside: async (rq, tx) => {
    const book = await tx(async (cx, may) => bookOfPartner(may, (await readPartnership(cx, rq.params.id)).id));
    return await answerPdf(tx, book, rq.query, rq.ui);
  },
});

const asCsv = route({
  id: "staff.partnerships.statement-csv",
  method: "GET",
  path: "/staff/partnerships/:id/statement.csv",
  opens: "staff",
  may: "partnerships.export",
  params,
  query: statementQuery,
  outside: async (rq, tx) => {
    const book = await tx(async (cx, may) => bookOfPartner(may, (await readPartnership(cx, rq.params.id)).id));
    return await answerCsv(tx, book, rq.query);
  },
});

export default [shown, asPdf, asCsv] as Route[];
