import { z } from "zod";

const yesNo = z.enum(["true", "false"]).transform((value) => value === "true");

/** An address of one of these schemes that `fits`; else `says` what it takes. */
const address = (protocol: RegExp, fits: (url: URL) => boolean, says: string) =>
  z.string().refine((text) => {
    const url = URL.parse(text);
    return url !== null && protocol.test(url.protocol) && fits(url);
  }, `must be ${says}`);

const secret = z.string().min(32, "must have at least 32 characters").optional();

const variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  HOST: z
    .string()
    .refine((host) => URL.canParse(originAt(host, 1)), "must be an address of this machine, or its name")
    .default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  ORIGIN: address(
    /^https?:$/,
    (url) => url.href === `${url.origin}/`,
    "scheme, host and port and nothing else, as https://pay.example.edu",
  )
    .transform((text) => new URL(text).origin)
    .optional(),
  DATA_DIR: z.string().min(1).default("data"),
  DATABASE_URL: address(
    /^postgres(ql)?:$/,
    (url) => url.hostname !== "" && url.pathname.length > 1,
    "postgres://user:password@host:port/database (a socket's folder as %2Frun%2Fpostgresql)",
  ).optional(),
  DATABASE_ROLE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .optional(),
  SMTP_URL: address(
    /^smtps?:$/,
    (url) => url.hostname !== "",
    "smtp://user:password@host:587 or smtps://user:password@host:465",
  ).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)\s*$/, "must be an address, or Name <address>")
    .default("Portico <portico@localhost.localdomain>"),
  STORAGE_URL: address(/^(s3|file):$/, isStorage, "file:///folder or s3://bucket/prefix").optional(),
  SECRET_KEY: secret,
  SECRET_KEY_OLD: secret,
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  TRUST_PROXY: yesNo.default(false),
  SANDBOX: yesNo.optional(),
});

/** What is never repeated: each of these may hold a key or a password, also where it is written wrongly. */
const secrets = new Set(["SECRET_KEY", "SECRET_KEY_OLD", "DATABASE_URL", "SMTP_URL", "STORAGE_URL"]);

function isStorage(url: URL): boolean {
  if (url.protocol === "file:") return url.hostname === "" && url.pathname.length > 1;
  const endpoint = url.searchParams.get("endpoint");
  return url.hostname !== "" && (endpoint === null || URL.canParse(endpoint));
}

/** What the environment says, checked once. Amounts of time are in the unit that the name ends in. */
export type Config = {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly origin: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly rolePrefix: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly storageUrl: string | undefined;
  readonly secretKey: string | undefined;
  readonly oldSecretKey: string | undefined;
  readonly logLevel: string;
  readonly trustProxy: boolean;
  readonly sandbox: boolean;
};

/** A wrong value in the environment, said in one line. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** Reads and checks the environment. Throws ConfigError with one line that names the variable and what it takes. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? "");
    throw new ConfigError(`${name} is ${shown(name, given[name])}: ${issue?.message ?? "not usable"}`);
  }
  const value = parsed.data;
  const production = value.NODE_ENV === "production";
  for (const name of ["SECRET_KEY", "ORIGIN", "SMTP_URL"] as const) {
    if (production && !value[name]) {
      throw new ConfigError(`${name} is not set: production does not start without it (see docs/operate.md)`);
    }
  }
  if (production && value.ORIGIN && !value.ORIGIN.startsWith("https://") && !isLoopback(value.ORIGIN)) {
    throw new ConfigError(
      `ORIGIN is ${JSON.stringify(value.ORIGIN)}: production needs https://, or a loopback address`,
    );
  }
  return {
    production,
    host: value.HOST,
    port: value.PORT,
    origin: value.ORIGIN,
    dataDir: value.DATA_DIR,
    databaseUrl: value.DATABASE_URL,
    rolePrefix: value.DATABASE_ROLE_PREFIX,
    smtpUrl: value.SMTP_URL,
    mailFrom: value.MAIL_FROM,
    storageUrl: value.STORAGE_URL,
    secretKey: value.SECRET_KEY,
    oldSecretKey: value.SECRET_KEY_OLD,
    logLevel: value.LOG_LEVEL,
    trustProxy: value.TRUST_PROXY,
    sandbox: value.SANDBOX ?? !production,
  };
}

/** Where a program that listens on this host and port is reached on the machine itself. */
export function originAt(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A value as it may be said aloud. */
function shown(name: string, value: string | undefined): string {
  if (value === undefined) return "not set";
  if (secrets.has(name)) return "not usable";
  // Whatever stands before the host is a password.
  return JSON.stringify(value.replace(/\/\/.*@/s, "//…@"));
}

/** Whether an origin is served on this machine only; plain HTTP is allowed there and nowhere else. */
export function isLoopback(origin: string): boolean {
  const host = new URL(origin).hostname;
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
