// Puts the two files of Swagger UI that the page of the description needs beside the compiled code, with their licence. So the package
// does not depend on `swagger-ui-dist`, whose own dependency reports every installation to somebody else.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const from = join(root, 'node_modules', 'swagger-ui-dist');
const to = join(root, 'dist', 'swagger-ui');

mkdirSync(to, { recursive: true });
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE']) {
  copyFileSync(join(from, file), join(to, file));
}
