import PDFKit from "pdfkit";
import { legacyDate } from "#kernel/time.ts";
import type { PdfDocument, Words } from "./document.ts";
import { type Line, type TextStyle, Typesetter } from "./lines.ts";

// Points (1/72 inch) on A4, ISO 216.
const page = { width: 595.28, height: 841.89, side: 56, top: 52, bottom: 84 } as const;
/** The space below a part of a document. */
export const gap = 22;
export const contentWidth = page.width - 2 * page.side;

export const ink = "#16191c";
export const muted = "#5a636b";
export const hairline = "#dfe3e6";
const lineHeight = 1.42;

export const styles = {
  body: { size: 10, weight: "regular", colour: ink },
  strong: { size: 10, weight: "bold", colour: ink },
  small: { size: 8.5, weight: "regular", colour: muted },
  label: { size: 8.5, weight: "bold", colour: muted },
  title: { size: 22, weight: "bold", colour: ink },
  sender: { size: 13, weight: "bold", colour: ink },
  figure: { size: 26, weight: "bold", colour: ink },
  total: { size: 12, weight: "bold", colour: ink },
} as const satisfies Record<string, TextStyle>;

/** Elements of a document's structure, ISO 32000-2, 14.8.4. */
export type StructureType = "Document" | "H1" | "H2" | "P" | "Sect" | "Table" | "TR" | "TH" | "TD";
/** How text stands in its column, and what it is. */
export type Writing = { readonly align?: "start" | "end" | "centre"; readonly as?: StructureType };
/** A rectangle counted from the start edge of the content: the left one, or the right one in Arabic. */
export type Column = { readonly offset: number; readonly width: number };

export const wholeWidth: Column = { offset: 0, width: contentWidth };

/** The pages of one document, and the place on them that is written next. */
export class Sheet {
  readonly pdf: PDFKit.PDFDocument;
  readonly #set: Typesetter;
  readonly #rtl: boolean;
  readonly #structure: PDFKit.PDFStructureElement[] = [];
  #isDecoration = false;
  /** Distance from the top of the page, in points. */
  y: number = page.top;
  /** What a further page begins with. */
  onNewPage: () => void = () => {};

  constructor(document: PdfDocument) {
    this.#rtl = document.direction === "rtl";
    this.pdf = new PDFKit({
      size: [page.width, page.height],
      margin: 0,
      bufferPages: true,
      autoFirstPage: true,
      lang: document.writtenIn,
      tagged: true,
      displayTitle: true,
      pdfVersion: "1.7",
      info: {
        Title: document.title,
        Author: document.author,
        Creator: "Portico",
        Producer: "Portico",
        CreationDate: legacyDate(Temporal.Instant.from(document.createdAt)),
      },
    });
    gather(this.pdf);
    this.#set = new Typesetter(this.pdf, document.language, document.direction);
    const root = this.pdf.struct("Document");
    this.pdf.addStructure(root);
    this.#structure.push(root);
  }

  /** What `run` writes belongs to one element of the document's structure, which screen readers follow. */
  within(type: StructureType, run: () => void): void {
    this.begin(type);
    run();
    this.finish();
  }

  /** What is written from now on belongs to an element of the structure, until `finish`. */
  begin(type: StructureType): void {
    const element = this.pdf.struct(type);
    this.#structure.at(-1)?.add(element);
    this.#structure.push(element);
  }

  /** The element that was begun last is complete; it goes to the file at once and takes no more memory. */
  finish(): void {
    this.#structure.pop()?.end();
  }

  /** What `run` draws says nothing: lines, boxes, what every page repeats. */
  decoration(run: () => void): void {
    if (this.#isDecoration) {
      run();
      return;
    }
    this.#isDecoration = true;
    this.pdf.markContent("Artifact", { type: "Layout" });
    run();
    this.pdf.endMarkedContent();
    this.#isDecoration = false;
  }

  /** Ends the structure; nothing is written afterwards. */
  close(): void {
    this.#structure[0]?.end();
    this.pdf.end();
  }

  /** The distance from the left edge of the page to the left edge of a column. */
  left(column: Column): number {
    return this.#rtl ? page.width - page.side - column.offset - column.width : page.side + column.offset;
  }

  lines(words: Words, style: TextStyle, width: number): Line[] {
    return this.#set.lines(words, style, width);
  }

  height(lines: readonly Line[], style: TextStyle): number {
    return lines.length * style.size * lineHeight;
  }

  /** Writes lines from `y` down, and answers where the next line would begin. */
  write(lines: readonly Line[], style: TextStyle, column: Column, y: number, options: Writing = {}): number {
    const left = this.left(column);
    const { align = "start", as = "P" } = options;
    const content = this.#isDecoration || lines.length === 0 ? undefined : this.pdf.markStructureContent(as);
    let top = y;
    for (const line of lines) {
      const toRight = align === "end" ? !this.#rtl : align === "start" && this.#rtl;
      const free = column.width - line.width;
      const x = left + (align === "centre" ? free / 2 : toRight ? free : 0);
      this.#set.draw(line, x, top + style.size * 1.06, style);
      top += style.size * lineHeight;
    }
    if (content) {
      this.pdf.endMarkedContent();
      this.#structure.at(-1)?.add(this.pdf.struct(as, spoken(lines), [content]));
    }
    return top;
  }

  /** Breaks and writes at once. */
  text(words: Words, style: TextStyle, column: Column, y: number, options: Writing = {}): number {
    return this.write(this.lines(words, style, column.width), style, column, y, options);
  }

  rule(column: Column, y: number, colour: string = hairline, thickness = 0.75): void {
    const left = this.left(column);
    this.decoration(() => {
      const line = this.pdf.moveTo(left, y).lineTo(left + column.width, y);
      line.lineWidth(thickness).strokeColor(colour).stroke();
    });
  }

  box(column: Column, y: number, height: number, colour: string, radius: number): void {
    this.decoration(() => {
      this.pdf.roundedRect(this.left(column), y, column.width, height, radius).fillColor(colour).fill();
    });
  }

  /** Makes sure that so much fits below, on a further page if need be. Answers whether it began one. */
  room(height: number): boolean {
    if (this.y + height <= page.height - page.bottom) return false;
    settle(this.pdf);
    this.pdf.addPage();
    gather(this.pdf);
    this.y = page.top;
    this.decoration(() => this.onNewPage());
    return true;
  }

  /** Runs once for each page, when all are there. */
  eachPage(run: (number: number, of: number, footTop: number) => void): void {
    const { start, count } = this.pdf.bufferedPageRange();
    for (let index = 0; index < count; index++) {
      this.pdf.switchToPage(start + index);
      this.decoration(() => run(index + 1, count, page.height - page.bottom + 24));
      pour(this.pdf.page as unknown as PageInside);
    }
  }
}

type Reference = { end(): void; write(operators: string): void };
type PageInside = {
  content: Reference;
  readonly dictionary: { readonly data: { Contents: unknown } };
  write(operators: string): void;
  strokes?: string[];
};

/** Gathers what is written on a page as text: pdfkit would keep some thousand little buffers a page. */
function gather(pdf: PDFKit.PDFDocument): void {
  const page = pdf.page as unknown as PageInside;
  const strokes: string[] = [];
  page.strokes = strokes;
  page.write = (operators) => void strokes.push(operators);
}

/** Gives the page what was gathered for it. */
function pour(page: PageInside): void {
  if (page.strokes && page.strokes.length > 0) page.content.write(page.strokes.join("\n"));
  page.strokes?.splice(0);
}

/**
 * A page that is full goes to the file; only its foot, which says how many pages there are, is still to come. pdfkit
 * (pinned, 0.20) would keep every stroke of every page until the end.
 */
function settle(pdf: PDFKit.PDFDocument): void {
  const full = pdf.page as unknown as PageInside;
  const foot = pdf.ref({}) as unknown as Reference;
  pour(full);
  full.dictionary.data.Contents = [full.content, foot];
  full.content.end();
  full.content = foot;
}

/**
 * What a screen reader says where the glyphs alone would mislead it: lines need a blank between, Arabic its own
 * order.
 */
function spoken(lines: readonly Line[]): { actual?: string } {
  const turned = lines.some((line) => line.pieces.some((piece) => piece.level % 2 === 1));
  return lines.length > 1 || turned ? { actual: lines.map((line) => line.text).join(" ") } : {};
}
