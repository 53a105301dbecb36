import { createHmac } from "node:crypto";
import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import pg from "pg";
import type { DB } from "#platform/database-types.ts";
import { giveBackOnce } from "#platform/give-back-once.ts";
import { Together } from "#platform/together.ts";

/** The login roles of one database (access.md 1). `owner` migrates; the others own nothing but `queue` its schema. */
export const roleNames = [
  "owner",
  "staff",
  "customer",
  "partner",
  "partner_write",
  "visitor",
  "worker",
  "queue",
] as const;
export type RoleName = (typeof roleNames)[number];

/**
 * Connections a process may hold at once, by role: the budget in docs/operate.md. Few on purpose: one process asks for
 * no more than a server's two cores can answer, and connections that take turns cool each other's caches (a customer's
 * page cost PostgreSQL half as much again with eight of them as with four). Staff have more: an export holds its own.
 */
const poolSizes: Readonly<Record<Exclude<RoleName, "owner">, number>> = {
  staff: 8,
  customer: 4,
  partner: 4,
  partner_write: 2,
  visitor: 4,
  worker: 6,
  queue: 6,
};

export type Pools = {
  /** The pool of a role. */
  of(role: Exclude<RoleName, "owner">): pg.Pool;
  /** A connection beside the pools, not yet connected: for what listens as long as the program runs. */
  alone(role: Exclude<RoleName, "owner">): pg.Client;
  /** Ends all pools once their clients have come back. */
  end(): Promise<void>;
};

/**
 * How the roles of a database are reached: its address, their common prefix and the key their passwords come from.
 * `readOnly`, for verifications, lets no transaction of theirs write.
 */
export type DatabaseAccess = Readonly<{ adminUrl: string; rolePrefix: string; secretKey: string; readOnly?: true }>;

// The queue's library reads its own tables as pg does by default: it writes job ids as JSON, which knows no bigint.
const queueTypes = new pg.TypeOverrides();
queueTypes.setTypeParser(pg.types.builtins.INT8, (text) => text);
queueTypes.setTypeParser(pg.types.builtins.TIMESTAMPTZ, pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ));

pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));
pg.types.setTypeParser(
  pg.types.builtins.DATE,
  remembered((text) => Temporal.PlainDate.from(text)),
);
pg.types.setTypeParser(
  pg.types.builtins.TIMESTAMPTZ,
  remembered((text) => Temporal.Instant.from(text)),
);

/**
 * A reader of texts that come again and again: the same few hundred dates, the one instant that all rows of an import
 * were made and last changed at. Reading one takes a microsecond, and a list has fifty.
 */
function remembered<V>(read: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = read(text);
    if (known.size >= 5_000) known.clear();
    known.set(text, value);
    return value;
  };
}

/** The full name of a role in the cluster; roles are cluster-wide, so the database's name stands in front. */
export function roleName(access: DatabaseAccess, role: RoleName): string {
  return `${access.rolePrefix}_${role}`;
}

/** The password of a role: derived, so that no second secret has to be kept. */
export function rolePassword(access: DatabaseAccess, role: RoleName): string {
  return createHmac("sha256", access.secretKey).update(`role:${access.rolePrefix}:${role}`).digest("base64url");
}

/** Connection settings of a role on the same server and database as `adminUrl`. */
export function roleConnection(access: DatabaseAccess, role: RoleName): pg.ClientConfig {
  const url = new URL(access.adminUrl);
  url.username = roleName(access, role);
  url.password = rolePassword(access, role);
  return {
    connectionString: url.toString(),
    connectionTimeoutMillis: 5_000,
    options:
      "-c statement_timeout=20s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s " +
      `-c jit=off -c timezone=UTC${access.readOnly ? " -c default_transaction_read_only=on" : ""}`,
  };
}

/** Opens the pools of the runtime roles; connections are made when first needed. `sizes` narrows them (tests). */
export function openPools(
  access: DatabaseAccess,
  onError: (error: Error) => void,
  sizes: Partial<typeof poolSizes> = {},
): Pools {
  const pools = new Map<RoleName, pg.Pool>();
  const of = (role: Exclude<RoleName, "owner">): pg.Pool => {
    let pool = pools.get(role);
    if (!pool) {
      pool = new pg.Pool({
        ...roleConnection(access, role),
        max: sizes[role] ?? poolSizes[role],
        idleTimeoutMillis: 60_000,
        // BEGIN and the opening call travel together: one round trip less on every page.
        ...(role === "queue" ? { types: queueTypes } : { pipeline: true }),
      });
      pool.on("error", onError);
      // A connection that is lost while a transaction holds it would end the program if nobody listened.
      pool.on("connect", (client) => void client.on("error", () => {}));
      if (role === "queue") giveBackOnce(pool);
      pools.set(role, pool);
    }
    return pool;
  };
  return {
    of,
    alone: (role) => new pg.Client({ ...roleConnection(access, role), keepAlive: true }),
    end: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

const statementNames = new Map<string, string>();

/** A name for a statement, so that PostgreSQL plans it once a connection. Bounded: odd one-off texts stay unnamed. */
function statementName(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known) return known;
  if (statementNames.size >= 600 || text.length > 8_000) return undefined;
  const name = `p${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

/**
 * Sends one statement with parameters; Temporal values travel as ISO text. Rows come back with bigint and Temporal
 * values.
 */
export async function send<R extends pg.QueryResultRow>(
  client: pg.ClientBase,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ rows: R[]; rowCount: number | null }> {
  const name = statementName(text);
  const trip = trips.get(client);
  if (trip) return (await trip.add(name ?? "", text, values.map(toParameter))) as { rows: R[]; rowCount: number };
  gather(client);
  const query = { text, values: values.map(toParameter), ...(name === undefined ? {} : { name }) };
  return await client.query<R>(query);
}

const trips = new WeakMap<pg.ClientBase, Together>();

/**
 * From now until this turn has ended, what is sent on this client is gathered; then it leaves as one transaction in
 * one round trip. `onLeave` is told when; the answer resolves when it is committed, and rejects with what failed: the
 * client is no good any more then.
 */
export function gatherTrip(client: pg.ClientBase, onLeave: () => void): Promise<void> {
  const trip = new Together();
  trips.set(client, trip);
  // Runs once this turn has ended.
  process.nextTick(() => {
    trips.delete(client);
    onLeave();
    gather(client);
    client.query(trip);
  });
  return trip.ended;
}

/** Sends BEGIN, COMMIT or ROLLBACK. */
export async function sendPlain(client: pg.ClientBase, text: string): Promise<void> {
  gather(client);
  await client.query(text);
}

type Socket = { cork?(): void; uncork?(): void };
const corked = new Set<Socket>();

/** Statements that are sent in one turn leave together, as one packet: each write wakes the server and costs a call. */
function gather(client: pg.ClientBase): void {
  const socket = (client as { connection?: { stream?: Socket } }).connection?.stream;
  if (!socket?.cork || corked.has(socket)) return;
  socket.cork();
  corked.add(socket);
  process.nextTick(() => {
    corked.delete(socket);
    socket.uncork?.();
  });
}

function toParameter(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate) return value.toString();
  if (Array.isArray(value)) return value.map(toParameter);
  return value;
}

/** Kysely on one client: it compiles, we send. Transactions are opened by `inTx`, never here. */
class ClientDriver implements Driver {
  readonly #connection: DatabaseConnection;
  constructor(client: pg.ClientBase) {
    this.#connection = {
      async executeQuery<R>(query: { sql: string; parameters: readonly unknown[] }): Promise<QueryResult<R>> {
        const result = await send<pg.QueryResultRow>(client, query.sql, query.parameters);
        return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
      },
      streamQuery() {
        throw new Error("Stream with keyset pages instead.");
      },
    };
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(): Promise<void> {
    throw new Error("Use inTx.");
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async destroy(): Promise<void> {}
}

const builders = new WeakMap<pg.ClientBase, Kysely<DB>>();

/** The query builder of a client; made once a connection. */
export function builderOf(client: pg.ClientBase): Kysely<DB> {
  let builder = builders.get(client);
  if (!builder) {
    builder = new Kysely<DB>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new ClientDriver(client),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
    builders.set(client, builder);
  }
  return builder;
}

const lostConnection = new Set(["57P01", "57P02", "57P03", "08000", "08003", "08006", "08001", "08004", "53300"]);
const passing = new Set(["53000", "53100", "53200", "58030", "57014", "55P03", "28P01"]);
const sockets = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOENT", "ETIMEDOUT", "ENOSPC"]);
// What pg says without a code.
const lostClient = new RegExp(
  "Connection terminated|timeout exceeded when trying to connect|" +
    "Client has encountered a connection error|not queryable",
  "i",
);

/** Whether the database was away, out of disk or prepared for another key (28P01), so that trying again later helps. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: string }).code ?? "";
  if (lostConnection.has(code) || passing.has(code) || sockets.has(code)) return true;
  return lostClient.test(error.message);
}

/** Whether PostgreSQL asks to run the transaction again: serialisation failure or deadlock. */
export function isRetryable(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code;
  return code === "40001" || code === "40P01";
}

/** Whether a unique constraint refused the row; `constraint` narrows it to one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const found = error as { code?: string; constraint?: string } | null;
  return found?.code === "23505" && (constraint === undefined || found.constraint === constraint);
}
