// A bare node:http server that parses the body and sends the same JSON back: what HTTP and JSON cost by themselves.
import { createServer } from 'node:http';
import { listen, readJson, sendText } from './plain-http.mjs';

listen(
  createServer(async (request, response) => {
    sendText(response, JSON.stringify(await readJson(request)));
  }),
);
