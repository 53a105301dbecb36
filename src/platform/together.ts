import pg from "pg";

/** What pg's connection does for a query, as its own `Query` uses it (pg 8: lib/query.js). */
type Connection = {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly unknown[] }): void;
  describe(message: { type: "P"; name: "" }): void;
  execute(message: { portal: "" }): void;
  sync(): void;
};

type Column = Pick<pg.FieldDef, "name" | "dataTypeID">;
type Read = readonly { readonly name: string; readonly parse: (text: string) => unknown }[];

// What pg turns parameters with; its types leave it out.
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** What a statement answered, and how many rows it read or wrote. */
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
  /** Why an answer could not be read: what came behind it is not read either. */
  #unread: { readonly cause: unknown } | undefined;

  constructor() {
    super("");
    this.#ended.promise.catch(() => {});
  }

  /** Resolves once it is committed. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Adds a statement; nothing leaves before the client is given the whole (`client.query`). Throws where a value can't
   * be written down.
   */
  add(name: string, text: string, given: readonly unknown[]): Promise<Answered> {
    const values = given.map(prepareValue);
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
      connection.bind({ statement: name, values });
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
    if (!asked || this.#unread) return;
    this.#read ??= this.#known.get(asked.name) ?? [];
    try {
      asked.rows.push(rowOf(this.#read, fields));
    } catch (cause) {
      // Thrown on, it would end the program: this runs in the socket's own turn.
      this.#unread = { cause };
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#next(Number(/\d+$/.exec(text)?.[0] ?? 0));
  }

  handleEmptyQuery(): void {
    this.#next(0);
  }

  #next(rowCount: number): void {
    if (this.#unread) return;
    const asked = this.#asked[this.#at++];
    this.#read = undefined;
    asked?.resolve({ rows: asked.rows, rowCount });
  }

  handleError(error: unknown): void {
    this.#ended.reject(error);
    for (const asked of this.#asked.slice(this.#at)) asked.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#unread) this.handleError(this.#unread.cause);
    else this.#ended.resolve();
  }
}

function rowOf(read: Read, fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < read.length; index++) {
    const { name, parse } = read[index] as Read[number];
    const text = fields[index];
    row[name] = text === null || text === undefined ? null : parse(text);
  }
  return row;
}
