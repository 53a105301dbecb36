/** One record of a CSV file, or why it is none. `line` is the physical line on which it begins, counted from 1. */
export type CsvRecord =
  | { readonly line: number; readonly cells: string[] }
  | { readonly line: number; readonly problem: string; readonly text: string };

export type CsvDialect = {
  readonly delimiter: string;
  /** What ends a line; "\n" also ends at "\r\n". "\r" alone is what very old Macintosh programs wrote. */
  readonly newline?: "\n" | "\r";
};

/** No record is longer than this many characters: beyond it a quote was left open. It bounds memory, too. */
const longestRecord = 100_000;

type Parsed = { cells: string[]; end: number } | { problem: string } | undefined;
type Quoted = { cell: string; end: number } | { problem: string } | undefined;

/**
 * Reads CSV (RFC 4180) piece by piece: feed it text with `push`, then call `end` once. What it is lenient with: a
 * quote inside an unquoted cell is itself, blanks behind a closing quote are dropped, empty lines are skipped, a byte
 * order mark too. A record that can't be read (a quote that never closes, text behind a closing quote) is given as a
 * problem, and reading goes on with the physical line below the one where it began: one stray quote never swallows
 * the rest of a file.
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #newline: string;
  #rest = "";
  #line = 1;
  #started = false;
  /** Inside a line that was given up as too long: nothing counts until it ends. */
  #skipping = false;

  constructor(dialect: CsvDialect) {
    this.#delimiter = dialect.delimiter;
    this.#newline = dialect.newline ?? "\n";
  }

  /** The records that are complete with this piece of text. */
  push(text: string): CsvRecord[] {
    return this.#read(text, false);
  }

  /** The records that were waiting for the end of the file. */
  end(): CsvRecord[] {
    return this.#read("", true);
  }

  #read(piece: string, last: boolean): CsvRecord[] {
    const text = this.#begin(this.#rest + piece);
    const records: CsvRecord[] = [];
    let at = this.#skip(text);
    while (at < text.length) {
      const lineEnd = text.indexOf(this.#newline, at);
      const end = lineEnd < 0 ? text.length : lineEnd;
      if (lineEnd < 0 && !last) {
        if (end - at <= longestRecord) break;
        records.push({ line: this.#line, problem: tooLong, text: text.slice(at, at + 200) });
        this.#skipping = true;
        at = end;
        break;
      }
      const line = text.slice(at, end);
      const parsed = line.includes('"') ? this.#withQuotes(text, at, last) : this.#plain(line, end);
      if (parsed === undefined) break;
      if ("problem" in parsed) {
        records.push({ line: this.#line, problem: parsed.problem, text: line.slice(0, 200) });
        this.#line += 1;
        at = end + 1;
        continue;
      }
      if (parsed.cells.length > 1 || parsed.cells[0] !== "") records.push({ line: this.#line, cells: parsed.cells });
      this.#line += this.#linesIn(text, at, parsed.end);
      at = parsed.end;
    }
    this.#rest = text.slice(at);
    return records;
  }

  #begin(text: string): string {
    if (this.#started || text === "") return text;
    this.#started = true;
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  /** Where reading begins in this text. */
  #skip(text: string): number {
    if (!this.#skipping) return 0;
    const end = text.indexOf(this.#newline);
    if (end < 0) return text.length;
    this.#skipping = false;
    this.#line += 1;
    return end + 1;
  }

  #plain(line: string, end: number): Parsed {
    if (line.length > longestRecord) return { problem: tooLong };
    const bare = line.endsWith("\r") ? line.slice(0, -1) : line;
    return { cells: bare.split(this.#delimiter), end: end + 1 };
  }

  /** Undefined when more text is needed to say. */
  #withQuotes(text: string, from: number, last: boolean): Parsed {
    const cells: string[] = [];
    let at = from;
    for (;;) {
      if (text[at] === '"') {
        const quoted = this.#quoted(text, at, from, last);
        if (quoted === undefined || "problem" in quoted) return quoted;
        cells.push(quoted.cell);
        at = quoted.end;
        while (text[at] === " ") at += 1;
      } else {
        const end = this.#cellEnd(text, at);
        cells.push(text.slice(at, end));
        at = end;
      }
      // A carriage return may be the first half of a line end whose second half has not come yet.
      if (!last && (at >= text.length || (text[at] === "\r" && at + 1 >= text.length))) return undefined;
      if (text[at] === this.#delimiter) {
        at += 1;
        continue;
      }
      const end = this.#recordEnd(text, at);
      if (end !== undefined) return { cells, end };
      return {
        problem: `Cell ${cells.length} has text behind its closing quote. Write a quote inside quotes twice: "".`,
      };
    }
  }

  /** The place behind the line end at `at`; undefined when there is none. */
  #recordEnd(text: string, at: number): number | undefined {
    if (at >= text.length || text[at] === this.#newline) return at + 1;
    const rest = text[at] === "\r" ? text[at + 1] : "no";
    return rest === undefined || rest === this.#newline ? at + 2 : undefined;
  }

  #quoted(text: string, at: number, from: number, last: boolean): Quoted {
    let cell = "";
    let start = at + 1;
    for (;;) {
      const quote = text.indexOf('"', start);
      if (quote < 0 || quote - from > longestRecord) {
        if (quote < 0 && !last && text.length - from <= longestRecord) return undefined;
        const line = this.#line + this.#linesIn(text, from, at);
        return { problem: `A quote opens on line ${line} and never closes. Close it, or take it away.` };
      }
      cell += text.slice(start, quote);
      if (quote + 1 >= text.length && !last) return undefined;
      if (text[quote + 1] !== '"') return { cell, end: quote + 1 };
      cell += '"';
      start = quote + 2;
    }
  }

  #cellEnd(text: string, at: number): number {
    for (let end = at; end < text.length; end++) {
      const character = text[end];
      if (character === this.#delimiter || character === this.#newline) return end;
      if (character === "\r" && text[end + 1] === this.#newline) return end;
    }
    return text.length;
  }

  #linesIn(text: string, from: number, to: number): number {
    let lines = 0;
    for (let at = text.indexOf(this.#newline, from); at >= 0 && at < to; at = text.indexOf(this.#newline, at + 1))
      lines += 1;
    return lines;
  }
}

const tooLong = "This line is longer than 100,000 characters. Check where the file was cut.";
