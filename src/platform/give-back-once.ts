import type pg from "pg";

/**
 * The queue's library gives the connection that it listens on back twice when it is stopped while one that was lost is
 * asked to LISTEN again (graphile-worker 0.18, `listenForChanges`); pg throws at the second time, where nobody catches.
 */
export function giveBackOnce(pool: pg.Pool): void {
  type Taken = (error: Error | undefined, client: pg.PoolClient | undefined, release: (why?: Error) => void) => void;
  const connect = pool.connect.bind(pool) as (taken?: Taken) => Promise<pg.PoolClient>;
  const once = (taken: Taken): Taken => {
    return (error, client, release) => {
      let isBack = false;
      taken(error, client, (why) => {
        if (!isBack) release(why);
        isBack = true;
      });
    };
  };
  Object.assign(pool, { connect: (taken?: Taken) => connect(taken && once(taken)) });
}
