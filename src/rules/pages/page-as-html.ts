import { htmlTemplate, htmlText } from './html-text.ts';
import type { Cells } from './matrix-cells.ts';
import type { Page, PagePerk, PageRule, PageStatement } from './page.ts';
import { PAGE_STYLE } from './page-style.ts';

/** The page as one HTML file: no script, nothing loaded from elsewhere. */
export function pageAsHtml(page: Page): string {
  const title = htmlText(page.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="from">Version ${page.version}, from ${htmlText(page.from)}.</p>
${[
  ...(page.table === null ? [] : [`<h2 id="tiers">What every tier gets</h2>`, tableOf(page.table)]),
  ...(page.notes.length === 0 ? [] : [list(page.notes.map(htmlText))]),
  ...(page.perks.length === 0 ? [] : ['<h2>Perk by perk</h2>', ...page.perks.map(perkSection)]),
  ...(page.rules.length === 0
    ? []
    : [
        page.perks.length === 0 ? '<h2>Who may do what</h2>' : '<h2>What else holds</h2>',
        ...page.rules.map(ruleSection),
      ]),
  ...(page.statements.length === 0 ? [] : ['<h2>What was promised</h2>', statementList(page.statements)]),
].join('\n')}
</main>
</body>
</html>
`;
}

/** Wide tables scroll by themselves, and can be reached and scrolled with the keyboard. */
function tableOf(cells: Cells): string {
  const [head = [], ...rows] = cells;
  const row = ([first = '', ...others]: readonly string[]) =>
    `<tr><th scope="row">${htmlText(first)}</th>${others.map((cell) => `<td>${htmlText(cell)}</td>`).join('')}</tr>`;
  return `<div class="scroll" role="region" aria-labelledby="tiers" tabindex="0">
<table>
<thead><tr>${head.map((cell) => `<th scope="col">${htmlText(cell)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(row).join('\n')}
</tbody>
</table>
</div>`;
}

function perkSection({ id, title, afterEnd, says, statements }: PagePerk): string {
  const said = says.map(({ when, text }) => `<span class="when">${htmlText(when)}:</span> “${htmlTemplate(text)}”`);
  return section(`perk-${id}`, title, [
    ...(statements.length === 0 ? [] : [statementList(statements)]),
    `<p>After the end: ${htmlText(afterEnd)}</p>`,
    ...(said.length === 0 ? [] : ['<p>What is said:</p>', list(said)]),
  ]);
}

function ruleSection({ action, title, says, statements }: PageRule): string {
  return section(`action-${action}`, title, [
    ...(statements.length === 0 ? [] : [statementList(statements)]),
    ...(says.length === 0 ? [] : ['<p>What is said:</p>', list(says.map((text) => `“${htmlTemplate(text)}”`))]),
  ]);
}

function section(id: string, title: string, content: readonly string[]): string {
  return `<section aria-labelledby="${htmlText(id)}">
<h3 id="${htmlText(id)}">${htmlText(title)}</h3>
${content.join('\n')}
</section>`;
}

function statementList(statements: readonly PageStatement[]): string {
  return list(statements.map(({ id, text }) => `<strong>${htmlText(id)}</strong> ${htmlText(text)}`));
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.map((each) => `<li>${each}</li>`).join('\n')}\n</ul>`;
}
