/**
 * Words on paper: a text in the document's language, or data (a name, a number), which keeps its own direction as
 * `<bdi>` does on a page.
 */
export type Words = string | { readonly data: string };

/** A document as plain data: what it says and in which order, nothing of how it looks. Tests compare these. */
export type PdfDocument = {
  readonly title: string;
  /** The reader's language (BCP 47): chooses the Han letterforms, and how lines break. */
  readonly language: string;
  /** The language of the words themselves, which the reader's may not have yet: screen readers pronounce by it. */
  readonly writtenIn: string;
  readonly direction: "ltr" | "rtl";
  /** `#rrggbb`, dark enough for white paper. */
  readonly accent: string;
  /** Creation date in the file, ISO 8601: the same document gives the same bytes. */
  readonly createdAt: string;
  readonly author: string;
  /** Who writes: stands above, beside the kind of document. */
  readonly sender: Words;
  readonly kind: Words;
  readonly number: Words;
  readonly blocks: readonly Block[];
  /** Below every page. */
  readonly footer: readonly Words[];
  /** `Page [page] of [pages]`; the renderer knows the numbers. */
  readonly pageLabel: string;
};

export type Block =
  /** Columns of lines under small titles: sender, reader, dates. */
  | {
      readonly block: "columns";
      readonly columns: readonly { readonly title: Words; readonly lines: readonly Words[] }[];
    }
  /** The one figure that the document is about, with a line beside it. */
  | { readonly block: "headline"; readonly label: Words; readonly value: Words; readonly note: Words }
  | {
      readonly block: "table";
      readonly columns: readonly TableColumn[];
      readonly rows: readonly TableRow[];
      /** Under the table, at its end; the last one stands out. */
      readonly totals: readonly (readonly [label: Words, value: Words])[];
    }
  /** A table whose rows come bit by bit: it begins, rows follow in any number of blocks, and it ends with totals. */
  | { readonly block: "table-start"; readonly columns: readonly TableColumn[] }
  | { readonly block: "rows"; readonly rows: readonly TableRow[] }
  | { readonly block: "table-end"; readonly totals: readonly (readonly [label: Words, value: Words])[] }
  /** Stands above what follows. */
  | { readonly block: "heading"; readonly text: Words }
  | { readonly block: "note"; readonly text: Words };

export type TableColumn = {
  readonly title: Words;
  /** Part of the width, beside the other columns' parts. */
  readonly share: number;
  /** `end` for amounts. */
  readonly align: "start" | "end";
};

/** A row: one text a column; `below` stands smaller under the first. `strong` makes it stand out. */
export type TableRow = { readonly cells: readonly Words[]; readonly below?: Words; readonly strong?: boolean };
