import { expect } from 'chai';
import { configFrom } from '../../src/config/config-from.ts';
import { ownPlace } from '../../src/config/own-place.ts';
import { openDecisionLog } from '../../src/wiring/open-decision-log.ts';
import { failureOf, until } from '../support/expecting.ts';

describe('a decision log that cannot be opened', () => {
  const settings = { PERKBOOK_DECISION_LOG: 'mongodb' };
  const messageFor = async (more: Record<string, string>) => {
    const config = ownPlace(configFrom({ ...settings, ...more }));
    return (await failureOf(openDecisionLog(config, () => {}))).message;
  };

  it('says that there is no database', async () => {
    expect(await messageFor({})).to.match(/MONGODB_URI does not say which/);
  });

  it('says that the database of a mapping is only read', async () => {
    const message = await messageFor({ MONGODB_URI: 'mongodb://127.0.0.1:1', PERKBOOK_MAPPING: 'mapping.yaml' });
    expect(message).to.match(/with a mapping .* is only read: set it to `file` or `stdout`/);
  });
});

describe('a decision log in a database that is away', () => {
  it('is opened at once: what is to be made in it is made later, and that is said', async () => {
    const settings = { PERKBOOK_DECISION_LOG: 'mongodb', MONGODB_URI: 'mongodb://127.0.0.1:1/none' };
    const said: string[] = [];
    const before = performance.now();
    const opened = await openDecisionLog(configFrom(settings), ({ message }) => said.push(String(message)));
    expect(performance.now() - before).to.be.below(2000);
    await until(() => said.length >= 2);
    expect(said.sort()[0]).to.match(/^the decision log cannot be put in order: .+; it is tried again/);
    await opened.close();
  });
});
