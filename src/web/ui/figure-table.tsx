import type { Child } from "hono/jsx";
import type { T } from "#platform/i18n/messages.ts";

type FigureTableProps = {
  t: T;
  /** What the chart shows, in a sentence. */
  summary: string;
  nameHead: string;
  valueHead: string;
  rows: readonly { readonly name: string; readonly value: Child }[];
};

/** The figures of a chart, in a table that opens under it. */
export function FigureTable({ t, summary, nameHead, valueHead, rows }: FigureTableProps) {
  return (
    <details>
      <summary>{t("chart.table")}</summary>
      <table class="tbl">
        <caption class="vh">{summary}</caption>
        <thead>
          <tr>
            <th scope="col">{nameHead}</th>
            <th scope="col" class="r">
              {valueHead}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td>{row.name}</td>
              <td class="r">{row.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
