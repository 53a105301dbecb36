import { ownBook } from "#features/statements/partner-book.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { answerCsv, answerPdf, readStatementPage } from "#web/statement/statement-answers.ts";
import { statementPageQuery, statementQuery } from "#web/statement/statement-query.ts";
import { StatementFiles, StatementView } from "#web/statement/statement-view.tsx";

const home = "/partner/statement";

const shown = route({
  id: "partner.statement",
  method: "GET",
  path: home,
  opens: "partner",
  may: "partner.view",
  query: statementPageQuery,
  handle: async (rq, cx) => {
    const t = translator(rq.ui.locale);
    const { statement, pages } = await readStatementPage(cx, ownBook, rq.query);
    const dates = { from: t.date(statement.period.from), to: t.date(statement.period.to) };
    return page(
      <PartnerPage
        ui={rq.ui}
        partner={cx.principal}
        title={t("statement.title")}
        lead={`${t("statement.range", dates)} · ${statement.range.currency}`}
        end={<StatementFiles t={t} home={home} statement={statement} />}
      >
        <StatementView t={t} ui={rq.ui} home={home} statement={statement} pages={pages} linked />
      </PartnerPage>,
    );
  },
});

const asPdf = route({
  id: "partner.statement.pdf",
  method: "GET",
  path: `${home}.pdf`,
  opens: "partner",
  may: "partner.view",
  query: statementQuery,
  outside: async (rq, tx) => await answerPdf(tx, ownBook, rq.query, rq.ui),
});

const asCsv = route({
  id: "partner.statement.csv",
  method: "GET",
  path: `${home}.csv`,
  opens: "partner",
  may: "partner.view",
  query: statementQuery,
  outside: async (rq, tx) => await answerCsv(tx, ownBook, rq.query),
});

export default [shown, asPdf, asCsv] as Route[];
