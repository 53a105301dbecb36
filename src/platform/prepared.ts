import pg from "pg";

type Connection = object;
type Description = { readonly fields: unknown };
type Prepared = { prepare(connection: Connection): void; handleRowDescription(description: Description): void };
type Known = { readonly descriptions: Map<string, Description>; readonly quiet: Connection };

const Base = pg.Query as unknown as new (text: string, values: readonly unknown[]) => pg.Query & Prepared;
const known = new WeakMap<Connection, Known>();

/**
 * A named statement. What its rows look like is asked once a connection, where pg asks at each use: PostgreSQL refuses
 * to run a prepared statement whose columns have changed, so the first description stays true.
 */
export class PreparedQuery extends Base {
  readonly #name: string;
  #descriptions: Map<string, Description> | undefined;

  constructor(name: string, text: string, values: readonly unknown[]) {
    super(text, values);
    this.#name = name;
    Object.assign(this, { name });
  }

  override prepare(connection: Connection): void {
    const { descriptions, quiet } = knownOf(connection);
    const description = descriptions.get(this.#name);
    if (description) {
      super.handleRowDescription(description);
      super.prepare(quiet);
    } else {
      this.#descriptions = descriptions;
      super.prepare(connection);
    }
  }

  override handleRowDescription(description: Description): void {
    this.#descriptions?.set(this.#name, description);
    super.handleRowDescription(description);
  }
}

function knownOf(connection: Connection): Known {
  const found = known.get(connection);
  if (found) return found;
  const quiet = Object.create(connection, { describe: { value: () => {} } }) as Connection;
  const made = { descriptions: new Map<string, Description>(), quiet };
  known.set(connection, made);
  return made;
}
