// A bare node:http server with the same closures that answers the same bytes: what Express costs a batch.
import { createServer } from 'node:http';
import { answerer } from './answers.mjs';
import { listen, readJson, sendText } from './plain-http.mjs';

const { answer } = await answerer();

listen(
  createServer(async (request, response) => {
    if (request.method !== 'POST') return sendText(response, '{}');
    const body = await readJson(request);
    const { questions } = body;
    sendText(response, JSON.stringify({ decisions: questions.map((asked) => answer(asked, body.detail)) }));
  }),
);
