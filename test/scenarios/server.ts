import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFrom } from '../../src/config/config-from.ts';
import { type Started, startServer } from '../../src/wiring/start-server.ts';

export interface ScenarioServer {
  readonly address: string;
  close(): Promise<void>;
}

/** A real server with a test clock: on the embedded store in a folder of its own, or on the MongoDB that is named. */
export async function scenarioServer(rules: string, mongodbUri?: string): Promise<ScenarioServer> {
  const data = mkdtempSync(join(tmpdir(), 'perkbook-scenarios-'));
  const started: Started = await startServer({
    ...configFrom({ PORT: '0', PERKBOOK_TEST_CLOCK: '2026-01-01T00:00:00Z' }),
    mongodbUri,
    rules,
    data,
    fixtures: undefined,
  });
  return {
    address: started.address,
    close: async () => {
      await started.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
