import pg from "pg";

/** What pg's connection does for a query, as its own `Query` uses it (pg 8: lib/query.js). */
type Connection = {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void;
  describe(message: { type: "P"; name: "" }): void;
  execute(message: { portal: "" }): void;
  sync(): void;
};

type Column = Pick<pg.FieldDef, "name" | "dataTypeID">;
type Read = readonly { readonly name: string; readonly parse: (text: string) => unknown }[];

// What pg turns parameters with; its types leave it out.
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** What a statement answered; `command` says what it was, and of how many rows. */
export type Answered = { readonly rows: Record<string, unknown>[]; readonly rowCount: number };

type Asked = {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rows: Record<string, unknown>[];
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: unknown) => void;
};

/** How the columns of a prepared statement are read, by its name: it is described once a connection. */
const columns = new WeakMap<object, Map<string, Read>>();

/**
 * Statements that are one transaction and one round trip: they leave behind each other and are closed by one Sync, so
 * that PostgreSQL opens the transaction, commits it and writes to the socket once (protocol, "Extended Query":
 * pipelining). What fails rolls back all; `ended` rejects with it, and so do the statements that were not answered.
 * A connection on which one has failed is to be thrown away: which of its statements are prepared is not known then.
 */
export class Together extends pg.Query {
  readonly #asked: Asked[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #known = new Map<string, Read>();
  #at = 0;
  #read: Read | undefined;

  constructor() {
    super("");
    this.#ended.promise.catch(() => {});
  }

  /** Resolves once it is committed. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Adds a statement; nothing leaves before the client is given the whole (`client.query`). */
  add(name: string, text: string, values: readonly unknown[]): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    // Whoever asked may have gone when another statement failed first.
    promise.catch(() => {});
    this.#asked.push({ name, text, values, rows: [], resolve, reject });
    return promise;
  }

  override submit = (given: unknown): null => {
    const connection = given as Connection;
    this.#known = columns.get(connection) ?? new Map();
    columns.set(connection, this.#known);
    for (const { name, text, values } of this.#asked) {
      const { parsedStatements, submittedNamedStatements } = connection;
      const isPrepared = name !== "" && (parsedStatements[name] ?? submittedNamedStatements[name]) !== undefined;
      if (!isPrepared) connection.parse({ text, name });
      if (name !== "") parsedStatements[name] = text;
      connection.bind({ statement: name, values, valueMapper: prepareValue });
      if (!isPrepared || !this.#known.has(name)) connection.describe({ type: "P", name: "" });
      connection.execute({ portal: "" });
    }
    connection.sync();
    return null;
  };

  handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.#read = fields.map(({ name, dataTypeID }) => ({ name, parse: pg.types.getTypeParser(dataTypeID, "text") }));
    const asked = this.#asked[this.#at];
    if (asked && asked.name !== "") this.#known.set(asked.name, this.#read);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const asked = this.#asked[this.#at];
    if (!asked) return;
    this.#read ??= this.#known.get(asked.name) ?? [];
    const row: Record<string, unknown> = {};
    for (let index = 0; index < this.#read.length; index++) {
      const { name, parse } = this.#read[index] as Read[number];
      const text = fields[index];
      row[name] = text === null || text === undefined ? null : parse(text);
    }
    asked.rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const asked = this.#asked[this.#at++];
    this.#read = undefined;
    asked?.resolve({ rows: asked.rows, rowCount: Number(/\d+$/.exec(text)?.[0] ?? 0) });
  }

  handleError(error: unknown): void {
    this.#ended.reject(error);
    for (const asked of this.#asked.slice(this.#at)) asked.reject(error);
  }

  handleReadyForQuery(): void {
    this.#ended.resolve();
  }
}
