/** The embedded PostgreSQL can't run here. The message is one plain line for the person at the terminal. */
export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";
}
