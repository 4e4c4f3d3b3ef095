import { readFile } from 'node:fs/promises';
import { packageFile } from '../../../package/package-file.ts';
import { CSS_TYPE, HTML_TYPE, JAVASCRIPT_TYPE } from '../../incoming/media-type.ts';
import { PAGE_HEADERS } from '../../outgoing/page-headers.ts';
import type { Reply } from '../../outgoing/reply.ts';
import { PAGE_CSS, PAGE_HTML, PAGE_JS } from './docs-page.ts';

interface DocsFile {
  readonly type: string;
  readonly read: () => Promise<string>;
}

/** Closed: what a request names is looked up here and never becomes a path. */
const FILES: ReadonlyMap<string, DocsFile> = new Map([
  ['page.js', { type: JAVASCRIPT_TYPE, read: async () => PAGE_JS }],
  ['page.css', { type: CSS_TYPE, read: async () => PAGE_CSS }],
  ['swagger-ui.css', { type: CSS_TYPE, read: () => ofSwaggerUi('swagger-ui.css') }],
  ['swagger-ui-bundle.js', { type: JAVASCRIPT_TYPE, read: () => ofSwaggerUi('swagger-ui-bundle.js') }],
]);

/** The page itself. */
export function docsPage(): Promise<Reply> {
  return replyWith({ type: HTML_TYPE, read: async () => PAGE_HTML });
}

const replies = new Map<string, Promise<Reply>>();

/** What the page is made of: a file, kept once it was asked for; undefined where there is no such file. */
export function docsFile(name: string): Promise<Reply> | undefined {
  const file = FILES.get(name);
  if (file === undefined) return undefined;
  const known = replies.get(name);
  if (known !== undefined) return known;
  const reply = replyWith(file);
  replies.set(name, reply);
  // What could not be read may be readable later.
  reply.catch(() => replies.delete(name));
  return reply;
}

async function replyWith({ type, read }: DocsFile): Promise<Reply> {
  const body = await read();
  return {
    status: 200,
    type: `${type}; charset=utf-8`,
    body,
    headers: { ...PAGE_HEADERS, 'Cache-Control': 'no-cache' },
  };
}

function ofSwaggerUi(name: string): Promise<string> {
  return readFile(packageFile(`dist/swagger-ui/${name}`), 'utf8');
}
