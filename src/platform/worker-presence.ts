import type pg from "pg";

/** A connection that says "this pool of jobs is being worked on" for as long as it lives. */
export type Presence = {
  /** Names what is worked on: the id under which the queue locks jobs. */
  announce(poolId: string): Promise<void>;
  /** Resolves when the connection is lost. */
  readonly lost: Promise<void>;
  release(): void;
};

const lockOf = (name: string) => `pg_catalog.hashtextextended('portico.pool:' || ${name}, 0)`;

/** Takes a connection for it. Throws when the database is away. */
export async function openPresence(pool: pg.Pool): Promise<Presence> {
  const client = await pool.connect();
  const lost = Promise.withResolvers<void>();
  let open = true;
  const close = (error: Error | boolean) => {
    if (!open) return;
    open = false;
    client.release(error);
    lost.resolve();
  };
  client.on("error", (error) => close(error));
  client.on("end", () => close(true));
  return {
    announce: async (poolId) => {
      await client.query(`select pg_catalog.pg_advisory_lock(${lockOf("$1")})`, [poolId]);
    },
    lost: lost.promise,
    // The lock belongs to the connection, so it ends with it.
    release: () => close(true),
  };
}

/**
 * Gives back the jobs of programs that died while they ran them, which the queue itself would hold for four hours.
 * Answers how many programs.
 */
export async function releaseDead(pool: pg.Pool): Promise<number> {
  // `otpool-…` are drains of tests and scripts, which announce nothing.
  const { rows } = await pool.query<{ locked_by: string }>(
    `with held as materialized (
       select distinct locked_by from graphile_worker._private_jobs
        where locked_by is not null and locked_by not like 'otpool-%')
     select locked_by from held where pg_catalog.pg_try_advisory_xact_lock(${lockOf("locked_by")})`,
  );
  if (rows.length === 0) return 0;
  await pool.query("select graphile_worker.force_unlock_workers($1)", [rows.map((row) => row.locked_by)]);
  return rows.length;
}
