const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML that shows it and nothing else, also inside the quotes of an attribute. */
export function htmlText(text: string): string {
  return text
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(/\p{Cc}+/gu, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A text with placeholders: `{limit}` is shown as something that is filled in. */
export function htmlTemplate(text: string): string {
  return htmlText(text).replace(/\{(\w+)\}/g, '<var>$1</var>');
}
