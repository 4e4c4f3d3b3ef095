import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { configFrom } from '../../src/config/config-from.ts';
import { loadRules } from '../../src/rules/load/folder/load-rules.ts';
import type { RuleBook } from '../../src/rules/rule-set.ts';
import { loadScenarios } from '../../src/scenarios/compile/load.ts';
import { SHOP } from '../rule-sets/publishing.ts';
import { documentsOf, ROOT, textOf } from './files.ts';

const FOLDER = 'deploy/kubernetes';
interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly spec?: unknown;
}

/** Where the types of Kubernetes' own API have each kind. */
const TYPES: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  Pod: 'core/v1',
  Service: 'core/v1',
  ConfigMap: 'core/v1',
  Secret: 'core/v1',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking/v1',
};

interface Mount {
  readonly name: string;
  readonly mountPath: string;
}

interface Item {
  readonly key: string;
  readonly path: string;
}

const PROMISES = `ruleSet: my-membership
members: {anna: {}}
scenarios:
  - name: Everybody
    member: anna
    timeline:
      - {at: 2026-11-25, ask: shop.enter, input: {age: 20}, expect: allow}
`;

/** The files of a ConfigMap as they are laid out in a pod: links to links to files, so that all change in one step. */
function mounted(folder: string, files: readonly (readonly [string, string])[]): string {
  const [real, data] = ['..2026_11_22_12_00_00.1', '..data'];
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, real, path)), { recursive: true });
    writeFileSync(join(folder, real, path), text);
  }
  symlinkSync(real, join(folder, data));
  for (const name of readdirSync(join(folder, real))) symlinkSync(join(data, name), join(folder, name));
  return folder;
}

describe('the Kubernetes manifests', function () {
  this.timeout(60_000);
  const files = readdirSync(join(ROOT, FOLDER)).map((file) => `${FOLDER}/${file}`);
  const manifests = files.flatMap(documentsOf);
  const of = (kind: string) => manifests.find((each) => each.kind === kind);
  const pod = of('Deployment').spec.template;
  const [container] = pod.spec.containers;

  it('are what the types of the Kubernetes API allow: nothing that is unknown, missing or of another type', () => {
    expect(problemsIn(manifests)).to.equal('');
    const typo = structuredClone(of('Deployment'));
    typo.spec.template.spec.containers[0].readinessProb = {};
    expect(problemsIn([typo])).to.include(`'"readinessProb"' does not exist`);
    const text = structuredClone(of('Deployment'));
    text.spec.replicas = '2';
    expect(problemsIn([text])).to.include("'string' is not assignable");
    const without = structuredClone(of('Deployment'));
    without.spec.selector = undefined;
    expect(problemsIn([without])).to.include("'selector' is missing");
  });

  it('find each other by their labels, names and ports', () => {
    const { labels } = pod.metadata;
    const selectors = [
      of('Deployment').spec.selector.matchLabels,
      of('Service').spec.selector,
      of('PodDisruptionBudget').spec.selector.matchLabels,
      of('NetworkPolicy').spec.podSelector.matchLabels,
      pod.spec.topologySpreadConstraints[0].labelSelector.matchLabels,
    ];
    for (const selector of selectors) expect(labels).to.include(selector);
    const [port] = container.ports;
    const named = [
      of('Service').spec.ports[0].targetPort,
      of('NetworkPolicy').spec.ingress[0].ports[0].port,
      ...['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) => container[probe].httpGet.port),
    ];
    for (const name of named) expect(name).to.equal(port.name);
    expect(textOf('Dockerfile')).to.include(`PORT=${port.containerPort}`);
    const mounted = container.volumeMounts.map(({ name }: { name: string }) => name);
    expect(pod.spec.volumes.map(({ name }: { name: string }) => name)).to.have.members(mounted);
    expect(pod.spec.volumes[0].configMap.name).to.equal(of('ConfigMap').metadata.name);
    expect(container.envFrom[0].secretRef.name).to.equal(of('Secret').metadata.name);
  });

  it('give the evaluators only settings that they know', () => {
    const file = container.env.find(({ name }: { name: string }) => name === 'PERKBOOK_CONFIG').value;
    const [mount] = container.volumeMounts;
    const folder = mkdtempSync(join(tmpdir(), 'perkbook-kubernetes-'));
    try {
      const names = Object.entries<string>(of('ConfigMap').data);
      expect(names.map(([name]) => `${mount.mountPath}/${name}`)).to.include(file);
      for (const [name, text] of names) writeFileSync(join(folder, name), text);
      const config = configFrom({
        ...of('Secret').stringData,
        PERKBOOK_CONFIG: file.replace(mount.mountPath, folder),
      });
      expect(config).to.include({ publicUrl: 'https://perks.example', maxLoss: 0.005, staleForMs: 60_000 });
      expect(config.mongodbUri).to.be.a('string');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('mount rules and scenarios, which docs say how to make, over those of the image, and they are found there', async () => {
    const [, folder = ''] = /^WORKDIR (\S+)$/m.exec(textOf('Dockerfile').split('\nFROM ').at(-1) ?? '') ?? [];
    const docs = textOf('docs/deployment.md');
    const place = mkdtempSync(join(tmpdir(), 'perkbook-kubernetes-'));
    try {
      const [rules, scenarios] = ['rules', 'fixtures'].map((name) => {
        const mount = container.volumeMounts.find(({ mountPath }: Mount) => mountPath === `${folder}/${name}`);
        expect(mount, name).to.include({ readOnly: true });
        const { configMap } = pod.spec.volumes.find((each: Mount) => each.name === mount.name);
        expect(docs).to.include(`\nkubectl create configmap ${configMap.name} --from-file=`);
        const keys = { 'v1.yaml': SHOP.replace('ruleSet: shop', 'ruleSet: my-membership'), 'promises.yaml': PROMISES };
        const items: readonly Item[] = configMap.items ?? Object.keys(keys).map((key) => ({ key, path: key }));
        return mounted(
          join(place, name),
          items.map(({ key, path }) => [path, keys[key as keyof typeof keys]] as const),
        );
      });
      const { book, findings } = await loadRules(rules ?? '');
      expect([...(book?.ruleSets.keys() ?? [])], JSON.stringify(findings)).to.deep.equal(['my-membership']);
      const found = loadScenarios([scenarios ?? ''], book as RuleBook);
      expect(new Set(found.cases.map(({ name }) => name))).to.deep.equal(new Set(['Everybody']));
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('let a pod do and write as little as it needs', () => {
    expect(pod.spec.securityContext).to.include({ runAsNonRoot: true, runAsUser: 1000 });
    expect(pod.spec.automountServiceAccountToken).to.equal(false);
    expect(container.securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources.requests).to.have.keys('cpu', 'memory');
    expect(container.resources.limits).to.have.property('memory');
  });

  it('keep one evaluator at least, and give each the time to answer what it has begun', () => {
    const { spec } = of('Deployment');
    expect(spec.replicas).to.be.greaterThan(of('PodDisruptionBudget').spec.minAvailable);
    expect(spec.strategy.rollingUpdate.maxUnavailable).to.equal(0);
    const [, pause] = container.lifecycle.preStop.exec.command;
    // Ten seconds: as long as the server answers what is under way.
    expect(pod.spec.terminationGracePeriodSeconds).to.be.greaterThan(Number(pause) + 10);
  });

  it('do not take evaluators away because the store is out: only the start waits for it', () => {
    expect(container.startupProbe.httpGet.path).to.equal('/readyz');
    for (const probe of ['readinessProbe', 'livenessProbe']) expect(container[probe].httpGet.path).to.equal('/healthz');
  });

  it('let an evaluator reach names, MongoDB and the keys of an issuer, and nothing else', () => {
    const ports = of('NetworkPolicy').spec.egress.flatMap((each: { ports: readonly { port: number }[] }) => each.ports);
    expect([...new Set(ports.map(({ port }: { port: number }) => port))]).to.deep.equal([53, 27017, 443]);
  });

  it('have a first key made by a pod that gets its settings as an evaluator does', () => {
    const [line = ''] = /^kubectl run .*$/m.exec(textOf('docs/deployment.md')) ?? [];
    const [, overrides = ''] = /--overrides='([^']*)'/.exec(line) ?? [];
    const { spec } = JSON.parse(overrides);
    expect(spec.enableServiceLinks).to.equal(false);
    // Merged with what the command makes, by this name.
    expect(line).to.match(/^kubectl run keys .*--override-type=strategic/);
    expect(spec.containers).to.deep.equal([{ name: 'keys', envFrom: container.envFrom }]);
    expect(line).to.not.include('mongodb');
    expect(line).to.include(`--image=${container.image} `);
    expect(problemsIn([{ kind: 'Pod', apiVersion: 'v1', spec }])).to.equal('');
  });

  it('never replace a real secret by the example', () => {
    const applied = files.filter((file) => /\.(ya?ml|json)$/.test(file));
    expect(applied.flatMap(documentsOf).map(({ kind }) => kind)).to.not.include('Secret');
    expect(files.length).to.be.greaterThan(applied.length);
  });
});

/** What the compiler says of the manifests as values of the types of Kubernetes; an empty text where nothing is wrong. */
function problemsIn(manifests: readonly Manifest[]): string {
  // Below this project, so that the types are found.
  const folder = mkdtempSync(join(ROOT, 'dist/kubernetes-'));
  try {
    const lines = manifests.map((manifest, i) => {
      const from = TYPES[manifest.kind];
      if (from === undefined) throw new Error(`no type is known for the kind ${manifest.kind}`);
      expect(manifest.apiVersion).to.equal(
        from
          .replace('core/', '')
          .replace(/^(policy|apps)/, '$1')
          .replace('networking/', 'networking.k8s.io/'),
      );
      return `import type { ${manifest.kind} as T${i} } from 'kubernetes-types/${from}';\nexport const m${i}: T${i} = ${JSON.stringify(manifest)};`;
    });
    writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = [
      '--noEmit',
      '--strict',
      '--ignoreConfig',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      '--types',
      '',
    ];
    const { stdout, stderr } = spawnSync(process.execPath, [compiler, ...options, join(folder, 'manifests.ts')], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
