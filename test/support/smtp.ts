import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export type TestSmtp = {
  readonly url: string;
  readonly raw: string[];
  /** What came in, read as a mail program reads it. */
  mails(): Promise<Email[]>;
  stop(): Promise<void>;
};

/** A real SMTP server on loopback that keeps what it is given; `refuse` answers a recipient with an SMTP error. */
export async function startSmtp(refuse: (to: string) => number | undefined = () => undefined): Promise<TestSmtp> {
  const raw: string[] = [];
  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onRcptTo(address, _session, done) {
      const code = refuse(address.address);
      done(code === undefined ? null : Object.assign(new Error("refused by the test"), { responseCode: code }));
    },
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        raw.push(Buffer.concat(parts).toString());
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    raw,
    mails: async () => await Promise.all(raw.map((text) => PostalMime.parse(text))),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
