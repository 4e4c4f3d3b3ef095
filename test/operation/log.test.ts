import { expect } from 'chai';
import type { LogLevel } from '../../src/config/config.ts';
import { logger } from '../../src/log/logger.ts';
import { run, SIX_LORAS } from '../http/running.ts';

type Line = Readonly<Record<string, unknown>>;

/** What is written to stderr meanwhile. */
async function written(work: () => void | Promise<void>): Promise<string> {
  const { write } = process.stderr;
  let text = '';
  process.stderr.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    await work();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

describe('the log', () => {
  const entry = (least: LogLevel, line: Line) => written(() => logger(least)(line));

  it('is a line of JSON with its level, its time and its message first to find', async () => {
    const text = await entry('info', { level: 'warn', message: 'two\nlines', requestId: 'req-1', code: 'x' });
    expect(text.trimEnd()).to.not.contain('\n');
    const [line] = linesOf(text);
    expect(line).to.include({ level: 'warn', message: 'two\nlines', requestId: 'req-1', code: 'x' });
    expect(Object.keys(line ?? {}).sort()).to.deep.equal(['code', 'level', 'message', 'requestId', 'time']);
    expect(Math.abs(Date.parse(String(line?.time)) - Date.now())).to.be.lessThan(5_000);
  });

  it('has nothing below the level that is asked for, and takes what has no level as information', async () => {
    const said = async (least: LogLevel) =>
      linesOf(
        await written(() => {
          const log = logger(least);
          for (const level of ['debug', 'info', 'warn', 'error', undefined]) log({ level, message: 'x' });
        }),
      ).map(({ level }) => level);
    expect(await said('debug')).to.deep.equal(['debug', 'info', 'warn', 'error', 'info']);
    expect(await said('warn')).to.deep.equal(['warn', 'error']);
  });

  it('has no password with a `/` or an `@` in it either', async () => {
    const text = await entry('info', {
      message: 'no mongodb://app:pa/ssw0rd@db/perkbook, no mongodb://app:pa@ssw0rd@db, but http://h:80/x and a@b',
    });
    expect(text).to.not.contain('ssw0rd').and.not.contain('pa/');
    expect(text).to.contain('mongodb://app:…@db/perkbook').and.contain('http://h:80/x and a@b');
  });

  it('has no secret, wherever somebody has put it', async () => {
    const key = `pk_4f9a1kq0zt_${'S'.repeat(49)}`;
    const text = await entry('info', {
      message: `cannot reach mongodb://app:hunter2@db/perkbook with Bearer ${key}`,
      stack: `Error: Basic c2VjcmV0OnNlY3JldA== of ${key}`,
      authorization: `Bearer ${key}`,
      headers: { authorization: 'Bearer tokenlike', cookie: 'session=tokenlike', accept: '*/*' },
    });
    expect(text).to.not.match(/hunter2|SSS|c2VjcmV0|tokenlike/);
    expect(text).to.match(/mongodb:\/\/app:…@db\/perkbook/);
    expect(linesOf(text)[0]?.headers).to.include({ accept: '*/*' });
  });

  it('has a line for each answer at the level `debug`, with the id that the caller got, and no user', async () => {
    const text = await written(async () => {
      const server = await run({ logLevel: 'debug' }, logger('debug'));
      await server.post('/v1/decisions', SIX_LORAS, { 'X-Request-Id': 'req-7', Authorization: 'Bearer tokenlike' });
      await server.get('/v1/members/sam');
      await server.close();
    });
    const answers = linesOf(text).filter(({ message }) => message === 'answered');
    const [decided, looked] = answers.filter(({ route }) => String(route).startsWith('/v1/'));
    expect(decided).to.include({
      level: 'debug',
      requestId: 'req-7',
      method: 'POST',
      route: '/v1/decisions',
      status: 200,
    });
    expect(decided?.ms).to.be.within(0, 5_000);
    expect(decided, 'nobody collects traces').to.not.have.any.keys('traceId', 'spanId');
    expect(looked).to.include({ route: '/v1/members/:id', status: 404 });
    expect(text).to.not.match(/\bsam\b|tokenlike/);
  });

  it('has none of them otherwise', async () => {
    const text = await written(async () => {
      const server = await run({}, logger('info'));
      await server.post('/v1/decisions', SIX_LORAS);
      await server.close();
    });
    expect(text).to.not.contain('answered');
  });
});
