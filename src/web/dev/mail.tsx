import { z } from "zod";
import { listDevMail, readDevMail } from "#features/notifications/dev-mail.ts";
import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { assertHere } from "#web/dev/sign-in.tsx";
import { PlainPage } from "#web/plain-page.tsx";
import { t } from "#web/staff/sign-in/shared.tsx";
import { Table, Under } from "#web/ui/table.tsx";

/** The text with its addresses as links, as a mail program would show it. */
function Linked({ text }: { text: string }) {
  return (
    <>
      {text.split(/(https?:\/\/[^\s<>"']+)/).map((part, index) => (index % 2 === 1 ? <a href={part}>{part}</a> : part))}
    </>
  );
}

/**
 * The mail as HTML for a frame in our page. A frame inherits our policy, which takes no style on elements: each becomes
 * a rule of one sheet that carries the nonce of the page.
 */
function framed(html: string, nonce: string): string {
  const rules: string[] = [];
  const plain = html.replace(/ style="([^"]*)"/g, (_, css: string) => {
    rules.push(`[data-s="${rules.length}"]{${css}}`);
    return ` data-s="${rules.length - 1}"`;
  });
  return plain.replace("</head>", () => `<style nonce="${nonce}">${rules.join("")}</style></head>`);
}

export default [
  route({
    id: "dev.mail",
    method: "GET",
    path: "/dev/mail",
    opens: "visitor",
    may: "sign-in",
    devOnly: true,
    handle: async (rq, cx) => {
      assertHere(rq);
      const mails = await listDevMail(cx);
      return page(
        <PlainPage
          ui={rq.ui}
          face="staff"
          wide
          title="Mail that would have been sent"
          lead="No mail server is set, so mail stays here. Newest first; this page exists on your own machine only."
        >
          {mails.length === 0 ? (
            <p class="dim">Nothing yet. Ask for a sign-in link, then reload this page.</p>
          ) : (
            <Table
              caption="Mail, newest first"
              rows={mails}
              columns={[
                {
                  head: "Subject",
                  cell: (mail) => (
                    <>
                      <a href={`/dev/mail/${mail.id}`}>{mail.subject}</a>
                      <Under>
                        <bdi>{mail.to}</bdi>
                      </Under>
                    </>
                  ),
                },
                { head: "When", end: true, cell: (mail) => t.instant(mail.at, rq.ui.institution.timeZone) },
              ]}
            />
          )}
        </PlainPage>,
      );
    },
  }),
  route({
    id: "dev.mail.one",
    method: "GET",
    path: "/dev/mail/:id",
    opens: "visitor",
    may: "sign-in",
    devOnly: true,
    params: z.object({ id: z.string().regex(/^mail_[0-9a-z]{26}$/) }),
    handle: async (rq, cx) => {
      assertHere(rq);
      const mail = await readDevMail(cx, rq.params.id);
      return page(
        <PlainPage
          ui={rq.ui}
          face="staff"
          wide
          title={mail.subject}
          lead={
            <>
              To <bdi>{mail.to}</bdi>, {t.instant(mail.at, rq.ui.institution.timeZone)}
            </>
          }
          under={<a href="/dev/mail">All mail</a>}
        >
          <pre class="mail-text" dir="auto">
            <Linked text={mail.text} />
          </pre>
          <details class="more">
            <summary>As HTML</summary>
            <iframe class="mail-html" title="The mail as HTML" sandbox="" srcdoc={framed(mail.html, rq.ui.nonce)} />
          </details>
        </PlainPage>,
      );
    },
  }),
];
