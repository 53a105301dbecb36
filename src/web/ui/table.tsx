import type { Child } from "hono/jsx";

export type Column<R> = {
  readonly head: string;
  readonly cell: (row: R) => Child;
  /** Amounts and counts line up at the end. */
  readonly end?: boolean;
  /** Hidden on phones: keep three or four columns there, and put what matters under the first one with `<Under>`. */
  readonly wideOnly?: boolean;
  /** The heading is read aloud but not shown (a column of buttons). */
  readonly silent?: boolean;
};

type TableProps<R> = {
  /** What the table holds and in what order, for screen readers: "Payouts, newest first". */
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  /** Cells of a total row, one for each column; undefined leaves the cell empty. */
  foot?: readonly (Child | undefined)[];
  /** For htmx: the id of the table body, so that new rows can be put there. */
  bodyId?: string;
};

function classOf<R>(column: Column<R>): { class?: string } {
  const classes = [column.end ? "r" : "", column.wideOnly ? "opt" : ""].filter(Boolean).join(" ");
  return classes === "" ? {} : { class: classes };
}

/** Rows and columns. Stands alone or as a direct child of `<Card>`; where there are no rows show `<Empty>` instead. */
export function Table<R>({ caption, columns, rows, foot, bodyId }: TableProps<R>) {
  return (
    <table class="tbl">
      <caption class="vh">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" {...classOf(column)}>
              {column.silent ? <span class="vh">{column.head}</span> : column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...(bodyId !== undefined && { id: bodyId })}>
        {rows.map((row) => (
          <tr>
            {columns.map((column) => (
              <td {...classOf(column)}>{column.cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
      {foot !== undefined && (
        <tfoot>
          <tr>
            {columns.map((column, index) => (
              <td {...classOf(column)}>{foot[index] ?? ""}</td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** A second, smaller line of a cell. `phoneOnly` stands in for a column that phones hide. */
export function Under({ phoneOnly, children }: { phoneOnly?: boolean; children?: Child }) {
  return <small class={phoneOnly ? "only-s" : "bl"}>{children}</small>;
}
