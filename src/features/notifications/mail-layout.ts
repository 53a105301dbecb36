import { readableOnWhite } from "#kernel/colour.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent, MailPart } from "./mail-kinds.ts";

/** What a mail says in the end: one line, plain text, and HTML that needs nothing from the network. */
export type WrittenMail = { readonly subject: string; readonly text: string; readonly html: string };

/** Gives a mail's content its shape: the institution's name and colour above, who writes and to whom below. */
export function layOut(content: MailContent, t: T, institution: Institution, to: string): WrittenMail {
  const foot = [t("mail.footer", { institution: institution.name, email: to }), ...questions(t, institution)];
  return {
    // Isolates are for pages; a subject is shown by programs that may print them as boxes.
    subject: content.subject.replace(/[\u2066-\u2069]/g, ""),
    text: `${content.parts.map(asText).join("\n\n")}\n\n-- \n${foot.join("\n")}\n`,
    html: asHtml(content, t, institution, foot),
  };
}

function questions(t: T, { contactEmail: email, contactPhone: phone }: Institution): string[] {
  if (email === "") return [];
  return [phone === "" ? t("mail.questions", { email }) : t("mail.questionsPhone", { email, phone })];
}

function asText(part: MailPart): string {
  if ("paragraph" in part) return part.paragraph;
  if ("small" in part) return part.small;
  if ("button" in part) return `${part.button}:\n${part.link}`;
  if ("code" in part) return part.code;
  return part.facts.map(([label, value]) => `${label}: ${value}`).join("\n");
}

const font = "-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Arabic',Arial,sans-serif";

function asHtml(content: MailContent, t: T, institution: Institution, foot: readonly string[]): string {
  const brand = readableOnWhite(institution.brandColour);
  const end = t.dir === "rtl" ? "right" : "left";
  const body = content.parts.map((part) => htmlPart(part, t, brand)).join("\n");
  return `<!doctype html>
<html lang="${t.locale}" dir="${t.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>${escapeHtml(content.subject)}</title></head>
<body style="margin:0;padding:0;background:#f7f8f9">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f7f8f9"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" dir="${t.dir}" style="max-width:520px;background:#ffffff;border:1px solid #e3e6e8;border-radius:10px;text-align:${end};font:16px/1.55 ${font};color:#16191c">
<tr><td style="padding:24px 32px;border-bottom:3px solid ${brand};font-weight:600;font-size:18px">${escapeHtml(institution.name)}</td></tr>
<tr><td style="padding:24px 32px 16px">
${body}
</td></tr>
<tr><td style="padding:16px 32px 24px;border-top:1px solid #e3e6e8;font-size:13px;color:#5a636b">${foot.map(escapeHtml).join("<br>")}</td></tr>
</table></td></tr></table></body></html>
`;
}

function htmlPart(part: MailPart, t: T, brand: string): string {
  if ("paragraph" in part) return `<p style="margin:0 0 16px">${escapeHtml(part.paragraph)}</p>`;
  if ("small" in part) return `<p style="margin:16px 0;font-size:14px;color:#5a636b">${escapeHtml(part.small)}</p>`;
  if ("button" in part) {
    const link = escapeHtml(part.link);
    return `<p style="margin:24px 0"><a href="${link}" style="display:inline-block;padding:12px 24px;border-radius:6px;background:${brand};color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(part.button)}</a></p>
<p style="margin:0 0 16px;font-size:13px;color:#5a636b">${escapeHtml(t("mail.buttonHint"))}<br><a href="${link}" dir="ltr" style="color:${brand};word-break:break-all">${link}</a></p>`;
  }
  if ("code" in part) {
    return `<p dir="ltr" style="margin:0 0 16px;font:600 28px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px">${escapeHtml(part.code)}</p>`;
  }
  const rows = part.facts.map(
    ([label, value]) =>
      `<tr><td style="padding:6px 0;color:#5a636b;vertical-align:top">${escapeHtml(label)}</td><td style="padding:6px 0 6px 16px"><bdi>${escapeHtml(value)}</bdi></td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px;font-size:15px">${rows.join("")}</table>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => entities[found] ?? found);
}
