import nodemailer from "nodemailer";
import type SMTPPool from "nodemailer/lib/smtp-pool";

/** A mail that is ready to leave. */
export type OutgoingMail = {
  /** Our id of it; Message-ID derives from it, so that a mail sent twice is known as one. */
  readonly id: string;
  /** Shown beside the sender's address: the institution's name. */
  readonly fromName: string;
  /** Where answers go; empty for nowhere else. */
  readonly replyTo: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly locale: string;
};

/** What became of it: taken over by the server, refused for good, or worth another try. */
export type MailOutcome =
  | { readonly sent: true }
  | { readonly sent: false; readonly final: boolean; readonly reason: string };

/** Whatever carries mail away. It never throws; a network that fails is an outcome. */
export type Mailer = {
  send(mail: OutgoingMail): Promise<MailOutcome>;
  close(): void;
};

export type SmtpOptions = {
  /** `smtp://user:password@host:587` (STARTTLS where offered, demanded when a password is given) or `smtps://…:465`. */
  readonly url: string;
  /** MAIL_FROM: `Name <address>` or an address. */
  readonly from: string;
};

/** The longest that one mail may take; a job holds its claim longer than this. */
export const sendTimeoutSeconds = 60;

/** Sends over SMTP, over a few connections that stay open. */
export function smtpMailer(options: SmtpOptions): Mailer {
  const url = new URL(options.url);
  const secure = url.protocol === "smtps:";
  const settings: SMTPPool.Options = {
    pool: true,
    maxConnections: 3,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password never crosses the network in clear.
    requireTLS: !secure && url.password !== "" && url.searchParams.get("tls") !== "off",
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  };
  const transport = nodemailer.createTransport(settings);
  const { address, domain } = senderOf(options.from);
  return {
    async send(mail) {
      try {
        await withinTime(
          transport.sendMail({
            from: { name: oneLine(mail.fromName), address },
            ...(mail.replyTo === ""
              ? {}
              : { replyTo: { name: oneLine(mail.fromName), address: oneLine(mail.replyTo) } }),
            to: { name: "", address: oneLine(mail.to) },
            subject: oneLine(mail.subject),
            text: mail.text,
            html: mail.html,
            messageId: `<${mail.id}@${domain}>`,
            headers: { "Content-Language": mail.locale, "Auto-Submitted": "auto-generated" },
          }),
        );
        return { sent: true };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/** Stands where production has no SMTP_URL: mails wait, and the log says why. Nothing is ever kept in clear there. */
export const mailerWithoutServer: Mailer = {
  send: async () => ({ sent: false, final: false, reason: "SMTP_URL is not set." }),
  close: () => {},
};

async function withinTime(sending: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("The mail server was too slow.")), sendTimeoutSeconds * 1000);
  await Promise.race([sending, late.promise]).finally(() => clearTimeout(timer));
}

function senderOf(from: string): { readonly address: string; readonly domain: string } {
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
  return { address: oneLine(address), domain: address.split("@")[1] ?? "localhost" };
}

/** A header is one line: what would begin another one is refused rather than repaired (access.md 15). */
function oneLine(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new Error("A mail header holds a line break.");
  return text;
}

function outcomeOf(error: unknown): MailOutcome {
  const { responseCode, message } = error as { responseCode?: number; message?: string };
  const reason = (message ?? "unknown").slice(0, 300);
  // RFC 5321, 4.2.1: 5yz is permanent. A refused login or a full pool may pass, though.
  const final = /line break/.test(reason) || (responseCode !== undefined && responseCode >= 550 && responseCode < 560);
  return { sent: false, final, reason };
}
