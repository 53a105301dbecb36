import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";

/**
 * The program's log: JSON, one line an event. Never put a secret into a message; fields with these names are hidden.
 */
export type Log = Logger;

// Names under which a secret may travel, at the top or one or two levels down (access.md 19).
const secretNames = [
  "authorization",
  "cookie",
  "password",
  "token",
  "code",
  "secret",
  "totp",
  "sealed",
  '["set-cookie"]',
  '["x-portico-signature"]',
];
const redactedPaths = secretNames.flatMap((name) => {
  const under = name.startsWith("[") ? name : `.${name}`;
  return [name, `*${under}`, `*.*${under}`];
});

/**
 * A path as it may be logged: what follows /sign-in/link/, /set-password/ or /p/ is a secret and becomes `[hidden]`.
 */
export function loggablePath(path: string): string {
  const [bare = ""] = path.split("?");
  return bare.replace(/(\/(?:link|code|set-password|invitations?|p)\/)[^/]+/g, "$1[hidden]");
}

export type LogOptions = {
  readonly level: string;
  /** Short lines for a person at a terminal instead of JSON. */
  readonly readable?: boolean;
  readonly to?: DestinationStream;
};

/** Makes the log. `readable` is for development on a terminal; everything else reads JSON. */
export function createLog(options: LogOptions): Log {
  const settings = {
    level: options.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: redactedPaths, censor: "[hidden]" },
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { path: (value: unknown) => (typeof value === "string" ? loggablePath(value) : value) },
  };
  const out = options.to ?? { write: (text: string) => void process.stdout.write(text) };
  return pino(settings, options.readable ? { write: (line: string) => out.write(`${readableLine(line)}\n`) } : out);
}

/** A log that says nothing: for tests. */
export const silentLog: Log = pino({ level: "silent" });

const colours: Readonly<Record<string, string>> = { error: "31", fatal: "31", warn: "33", debug: "90", trace: "90" };

/** `14:05:09 warn  Mail waits for its server host=… tries=2`, and an error's stack below it. */
function readableLine(json: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const word = String(level).padEnd(5);
  const colour = colours[String(level)];
  const fields = Object.entries(rest).map(
    ([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const stack = (err as { stack?: string } | undefined)?.stack;
  const head = `${String(time).slice(11, 19)} ${colour ? `\u001b[${colour}m${word}\u001b[0m` : word} ${msg ?? ""}`;
  return `${head}${fields.join("")}${stack ? `\n${stack}` : ""}`;
}
