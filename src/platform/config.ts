import { z } from "zod";

const yesNo = z.enum(["true", "false"]).transform((value) => value === "true");

const variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  ORIGIN: z
    .url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ""))
    .optional(),
  DATA_DIR: z.string().min(1).default("data"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_ROLE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).default("Portico <portico@localhost.localdomain>"),
  STORAGE_URL: z.url({ protocol: /^(s3|file)$/ }).optional(),
  SECRET_KEY: z.string().min(32, "must have at least 32 characters").optional(),
  SECRET_KEY_OLD: z.string().min(32, "must have at least 32 characters").optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  TRUST_PROXY: yesNo.default(false),
  SANDBOX: yesNo.optional(),
});

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
    throw new ConfigError(`${name} is ${JSON.stringify(given[name] ?? "not set")}: ${issue?.message ?? "not usable"}`);
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

/** Whether an origin is served on this machine only; plain HTTP is allowed there and nowhere else. */
export function isLoopback(origin: string): boolean {
  const host = new URL(origin).hostname;
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
