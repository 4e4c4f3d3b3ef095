import { Problem } from '../../domain/problem.ts';
import type { ApiDoor } from '../../generated/answers/operation/door.ts';
import type { Deps } from '../deps.ts';
import { CSS_TYPE, HTML_TYPE, JAVASCRIPT_TYPE } from '../incoming/media-type.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import type { Route } from '../route.ts';

/** What is served, described: for programs, and as a page. `routes`: all of them, these among them. */
export function descriptionRoutes({ publicUrl, listensOn }: Deps, routes: () => readonly Route[]): readonly Route[] {
  let described: Promise<Reply> | undefined;
  return [
    {
      method: 'GET',
      path: '/',
      scope: null,
      answer: () => {
        const base = publicUrl ?? listensOn?.() ?? '';
        return json(200, { docs: `${base}/docs`, openapi: `${base}/openapi.json` } satisfies ApiDoor);
      },
    },
    {
      method: 'GET',
      path: '/openapi.json',
      scope: null,
      answer: () => {
        described ??= import('../openapi/openapi.ts').then(({ openApiOf }) =>
          json(200, openApiOf(routes(), publicUrl)),
        );
        return described;
      },
    },
    {
      method: 'GET',
      path: '/docs',
      scope: null,
      produces: [HTML_TYPE],
      answer: async () => (await import('../openapi/page/docs-file.ts')).docsPage(),
    },
    {
      method: 'GET',
      path: '/docs/:file',
      scope: null,
      produces: [JAVASCRIPT_TYPE, CSS_TYPE],
      answer: ({ params: { file = '' } }) => pageFile(file),
    },
  ];
}

async function pageFile(name: string): Promise<Reply> {
  const { docsFile } = await import('../openapi/page/docs-file.ts');
  const reply = await docsFile(name);
  if (reply !== undefined) return reply;
  throw new Problem('unknown_path', `there is nothing at \`/docs/${name.slice(0, 256)}\``);
}
