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

function questions(t: T, institution: Institution): string[] {
  const email = institution.contactEmail;
  // A number that breaks over two lines is read as two.
  const phone = institution.contactPhone.replaceAll(" ", "\u00a0");
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
const muted = "#5a636b";
const line = "1px solid #e3e6e8";

// Mail programs read styles on the element only, and tables more evenly than boxes.
const style = {
  page: "background:#f7f8f9",
  card: `max-width:520px;background:#ffffff;border:${line};border-radius:10px;font:16px/1.55 ${font};color:#16191c`,
  head: "padding:24px 32px;font-weight:600;font-size:18px",
  foot: `padding:16px 32px 24px;border-top:${line};font-size:13px;color:${muted}`,
  button: "display:inline-block;padding:12px 24px;border-radius:6px;color:#ffffff;font-weight:600;text-decoration:none",
  hint: `margin:0 0 16px;font-size:13px;color:${muted}`,
  code: "margin:0 0 16px;font:600 28px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px",
  facts: "margin:0 0 16px;font-size:15px",
  label: `padding:6px 0;color:${muted};vertical-align:top`,
} as const;
const table = `table role="presentation" cellpadding="0" cellspacing="0"`;

function asHtml(content: MailContent, t: T, institution: Institution, foot: readonly string[]): string {
  const brand = readableOnWhite(institution.brandColour);
  const start = t.dir === "rtl" ? "right" : "left";
  const body = content.parts.map((part) => htmlPart(part, t, brand)).join("\n");
  return `<!doctype html>
<html lang="${t.locale}" dir="${t.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>${escapeHtml(content.subject)}</title></head>
<body style="margin:0;padding:0;${style.page}">
<${table} width="100%" style="${style.page}"><tr><td align="center" style="padding:32px 16px">
<${table} width="100%" dir="${t.dir}" style="${style.card};text-align:${start}">
<tr><td style="${style.head};border-bottom:3px solid ${brand}">${escapeHtml(institution.name)}</td></tr>
<tr><td style="padding:24px 32px 16px">
${body}
</td></tr>
<tr><td style="${style.foot}">${foot.map(escapeHtml).join("<br>")}</td></tr>
</table></td></tr></table></body></html>
`;
}

function htmlPart(part: MailPart, t: T, brand: string): string {
  if ("paragraph" in part) return `<p style="margin:0 0 16px">${escapeHtml(part.paragraph)}</p>`;
  if ("small" in part) return `<p style="margin:16px 0;font-size:14px;color:${muted}">${escapeHtml(part.small)}</p>`;
  if ("code" in part) return `<p dir="ltr" style="${style.code};text-align:inherit">${escapeHtml(part.code)}</p>`;
  if ("button" in part) {
    const link = escapeHtml(part.link);
    const again = `<a href="${link}" dir="ltr" style="color:${brand};word-break:break-all">${link}</a>`;
    const button = `<a href="${link}" style="background:${brand};${style.button}">${escapeHtml(part.button)}</a>`;
    return `<p style="margin:24px 0">${button}</p>
<p style="${style.hint}">${escapeHtml(t("mail.buttonHint"))}<br>${again}</p>`;
  }
  const rows = part.facts.map(([label, value]) => {
    const shown = `<bdi>${escapeHtml(value)}</bdi>`;
    return `<tr><td style="${style.label}">${escapeHtml(label)}</td><td style="padding:6px 16px">${shown}</td></tr>`;
  });
  return `<${table} style="${style.facts}">${rows.join("")}</table>`;
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
