import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { Engine } from 'json-rules-engine';
import { FINDING_CODES } from '../../../src/rules/load/finding.ts';
import { loadRules } from '../../../src/rules/load/folder/load-rules.ts';
import { DECORATORS, OPERATORS } from '../../../src/rules/load/shape/operators.ts';
import { EDITOR_KEYWORDS } from '../../../src/rules/load/yaml/schema.ts';
import { CONDITION_CASES } from './condition-cases.ts';
import { FOLDER_CODES } from './folder-codes.ts';
import { NAME_CASES } from './name-cases.ts';
import { SHAPE_CASES } from './shape-cases.ts';
import { TIER_CASES } from './tier-cases.ts';
import { YAML_CASES } from './yaml-cases.ts';

type Schema = Readonly<Record<string, unknown>>;
const SCHEMA = JSON.parse(readFileSync('schemas/rule-file.schema.json', 'utf8')) as Schema;

describe('the rules of the project', () => {
  it('load without a finding', async () => {
    const { book, findings } = await loadRules('rules');
    expect(findings).to.deep.equal([]);
    expect([...(book?.ruleSets.keys() ?? [])]).to.include.members(['documents', 'pixai-membership']);
  });

  it('name their schema in the first line', async () => {
    const { files } = await loadRules('rules');
    for (const { text } of files) {
      expect(text?.split('\n')[0]).to.equal('# yaml-language-server: $schema=../../schemas/rule-file.schema.json');
    }
  });

  it('are immutable', async () => {
    const { book } = await loadRules('rules');
    const version = book?.ruleSets.get('documents')?.versions[0];
    expect(() => Object.assign(version ?? {}, { title: 'changed' })).to.throw(TypeError);
    const { actions } = (version?.json ?? {}) as { readonly actions?: object };
    expect(() => Object.assign(actions ?? {}, { more: {} })).to.throw(TypeError);
  });
});

describe('the schema of rule files', () => {
  it('is sound, by the strictest reading', () => {
    const ajv = new Ajv({ strict: true, discriminator: true, formats: { 'date-time': true } });
    ajv.addVocabulary([...EDITOR_KEYWORDS]);
    expect(() => ajv.compile(SCHEMA)).to.not.throw();
  });

  it('describes every property, and closes every object', () => {
    const definitions = SCHEMA.definitions as Readonly<Record<string, Schema>>;
    let properties = 0;
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const schema = node as Schema;
      for (const [name, property] of Object.entries((schema.properties ?? {}) as Readonly<Record<string, Schema>>)) {
        const target =
          typeof property.$ref === 'string' ? definitions[property.$ref.split('/').at(-1) ?? ''] : property;
        expect(target?.description, `${path}/${name}`).to.be.a('string');
        properties++;
      }
      if (schema.type === 'object' && !('discriminator' in schema) && !('oneOf' in schema)) {
        expect(schema, path).to.have.property('additionalProperties');
        if (schema.properties !== undefined) expect(schema.additionalProperties, path).to.equal(false);
        else expect(schema, path).to.have.property('maxProperties');
      }
      for (const [key, value] of Object.entries(schema)) visit(value, `${path}/${key}`);
    };
    visit(SCHEMA, '');
    expect(properties).to.be.above(100);
  });
});

describe('the operators of conditions', () => {
  it('are those of json-rules-engine', () => {
    const { operators } = new Engine() as unknown as {
      operators: { readonly operators: Map<string, unknown>; readonly decorators: Map<string, unknown> };
    };
    expect([...operators.operators.keys()].sort()).to.deep.equal([...OPERATORS].sort());
    expect([...operators.decorators.keys()].sort()).to.deep.equal([...DECORATORS].sort());
  });
});

describe('the codes of findings', () => {
  it('have a case each', () => {
    const cases = [YAML_CASES, SHAPE_CASES, TIER_CASES, NAME_CASES, CONDITION_CASES].flatMap((each) =>
      Object.values(each),
    );
    const tested = new Set<string>([...cases.flatMap((each) => each.finds), ...FOLDER_CODES]);
    expect(Object.keys(FINDING_CODES).filter((code) => !tested.has(code))).to.deep.equal([]);
  });

  it('are said in the documentation', () => {
    const page = readFileSync('docs/rule-files.md', 'utf8');
    expect(Object.keys(FINDING_CODES).filter((code) => !page.includes(`\`${code}\``))).to.deep.equal([]);
  });
});
