import { expect } from 'chai';
import { type Running, run } from '../running.ts';
import { EVALUATION, may, rulesFolder, search, searchAll, user } from './asking.ts';

/** Nothing in it is a membership: roles of users, records with a department, and a deletion that may be undone. */
const RECORDS = `
format: perkbook/1
ruleSet: records
version: 1
title: Records
effective: {from: 2026-01-01T00:00:00Z}
statements:
  R1: A department sees and edits its own records, a manager those of all
  R2: Owners delete their records; anybody in the department may where it can be undone
actions:
  view: {title: View a record, resource: record}
  edit: {title: Edit a record, resource: record}
  delete:
    title: Delete a record
    resource: record
    input: {soft: {title: Whether it can be undone, type: boolean, default: false}}
  audit: {title: Read the log of all records}
rules:
  view: {source: [R1], checks: [{unless: sees, deny: other_department, says: This record belongs to another department.}]}
  edit: {source: [R1], checks: [{unless: sees, deny: other_department, says: This record belongs to another department.}]}
  delete:
    source: [R2]
    checks:
      - {unless: may_delete, deny: not_owner, says: Only its owner may delete a record for good.}
  audit: {source: [R1], checks: [{unless: is_manager, deny: not_manager, says: Only managers read the log.}]}
conditions:
  is_manager:
    any:
      - {fact: user, path: $.attributes.role, operator: equal, value: manager}
      - all:
          - {fact: member, path: $.known, operator: equal, value: false}
          - {fact: subject, path: $.properties.role, operator: equal, value: manager}
  in_department:
    any:
      - {fact: resource, path: $.attributes.department, operator: equal, value: {fact: user, path: $.attributes.department}}
      - all:
          - {fact: member, path: $.known, operator: equal, value: false}
          - {fact: resource, path: $.attributes.department, operator: equal, value: {fact: subject, path: $.properties.department}}
  sees: {any: [{condition: is_manager}, {condition: in_department}]}
  is_owner:
    all:
      - {fact: subject, path: $.type, operator: equal, value: user}
      - {fact: resource, path: $.attributes.owner, operator: equal, value: {fact: subject, path: $.id}}
  is_soft: {fact: input, path: $.soft, operator: equal, value: true}
  may_delete:
    any:
      - {condition: is_owner}
      - {all: [{condition: is_soft}, {condition: in_department}]}
attributes:
  user:
    role: {title: Role, enum: [manager, employee]}
    department: {title: Department, enum: [sales, finance]}
  record:
    department: {title: Department, enum: [sales, finance]}
    owner: {title: Id of the owner, type: string}
resources:
  record:
    '101': {department: sales, owner: alice}
    '102': {department: sales, owner: bob}
    '201': {department: finance, owner: carol}
`;

/** Has an action of the same name for the same type of thing, and one for another. */
const ARCHIVE = `
format: perkbook/1
ruleSet: archive
version: 1
title: Archive
effective: {from: 2026-01-01T00:00:00Z}
statements: {A1: Everybody may view boxes and edit records in the archive}
actions:
  view: {title: View a box, resource: box}
  edit: {title: Edit a record, resource: record}
  audit: {title: Read the log}
  peek: {title: Look into a box, resource: box}
rules:
  view: {source: [A1], checks: [{unless: always, deny: never, says: No.}]}
  edit: {source: [A1], checks: [{unless: always, deny: never, says: No.}]}
  audit: {source: [A1], checks: [{unless: always, deny: never, says: No.}]}
  peek: {source: [A1], checks: [{unless: extension_unseen, deny: seen, says: No.}]}
conditions:
  extension_unseen: {fact: context, path: $.perkbook.ruleSet, operator: equal, value: null}
  always: {fact: subject, path: $.type, operator: notEqual, value: ''}
`;

const record = (id: string) => ({ type: 'record', id });

describe('a rule set without a membership, over AuthZEN', () => {
  let server: Running;
  let folder: ReturnType<typeof rulesFolder>;

  before(async () => {
    folder = rulesFolder({ records: RECORDS, archive: ARCHIVE });
    server = await run({ rules: folder.rules }, () => {});
    expect(server.rules.findings.filter(({ code }) => code !== 'not_locked')).to.deep.equal([]);
    const put = (id: string, attributes: object) => server.send('PUT', `/v1/members/${id}`, { terms: [], attributes });
    await put('alice', { role: 'employee', department: 'sales' });
    await put('bob', { role: 'employee', department: 'sales' });
    await put('carol', { role: 'employee', department: 'finance' });
    await put('dora', { role: 'manager', department: 'finance' });
  });
  after(async () => {
    await server.close();
    folder.remove();
  });

  const decides = async (body: object) => (await server.post(EVALUATION, body)).json;
  const view = (id: string, of: string, properties?: object) =>
    decides(may(user(id, properties as never), 'view', record(of)));

  it('judges by what the store says of the user and the file of the record', async () => {
    expect((await view('alice', '102')).decision).to.equal(true);
    expect((await view('alice', '201')).context.reason.code).to.equal('other_department');
    expect((await view('dora', '101')).decision).to.equal(true);
  });

  it('judges who is not in the store by the request', async () => {
    expect((await view('guest', '201', { department: 'finance' })).decision).to.equal(true);
    expect((await view('guest', '201')).decision).to.equal(false);
    // Of a member in the store, the store counts.
    expect((await view('alice', '201', { department: 'finance', role: 'manager' })).decision).to.equal(false);
  });

  it('takes the flag of the action as an input', async () => {
    const remove = (id: string, properties?: object) =>
      decides({ ...may(user(id), 'delete', record('101')), action: { name: 'delete', properties } });
    expect((await remove('alice')).decision).to.equal(true);
    expect((await remove('bob')).context.reason.code).to.equal('not_owner');
    expect((await remove('bob', { soft: true })).decision).to.equal(true);
    expect((await remove('bob', { soft: false })).decision).to.equal(false);
    expect(
      (
        await server.post(EVALUATION, {
          ...may(user('bob'), 'delete', record('101')),
          action: { name: 'delete', properties: { soft: 'yes' } },
        })
      ).status,
    ).to.equal(400);
  });

  it('searches for subjects, resources and actions', async () => {
    const who = (action: object, of: string) =>
      searchAll(server, 'subject', { subject: { type: 'user' }, action, resource: record(of) });
    const which = (subject: object, name: string) =>
      searchAll(server, 'resource', { subject, action: { name }, resource: { type: 'record' } });
    expect(await who({ name: 'view' }, '101')).to.deep.equal(['alice', 'bob', 'dora']);
    expect(await who({ name: 'delete' }, '101')).to.deep.equal(['alice']);
    expect(await who({ name: 'delete', properties: { soft: true } }, '101')).to.deep.equal(['alice', 'bob']);
    expect(await which(user('alice'), 'view')).to.deep.equal(['101', '102']);
    expect(await which(user('dora'), 'view')).to.deep.equal(['101', '102', '201']);
    expect(await which(user('guest', { department: 'finance' }), 'view')).to.deep.equal(['201']);
    expect(await which(user('guest'), 'view')).to.deep.equal([]);
    const what = (subject: object, of: string) => searchAll(server, 'action', { subject, resource: record(of) });
    expect(await what(user('alice'), '101')).to.deep.equal(['delete', 'view']);
    expect(await what(user('bob'), '101')).to.deep.equal(['view']);
  });

  it('does not see what is said to Perkbook itself', async () => {
    const context = { perkbook: { ruleSet: 'archive' } };
    const { decision } = await decides(may(user('alice'), 'peek', { type: 'box', id: 'b' }, { context }));
    expect(decision).to.equal(true);
  });

  describe('where another rule set has an action of the same name', () => {
    it('goes by the type of the resource', async () => {
      const box = await decides(may(user('alice'), 'view', { type: 'box', id: 'b' }));
      expect(box.context.ruleSet.id).to.equal('archive');
      expect((await view('alice', '101')).context.ruleSet.id).to.equal('records');
    });

    it('asks which one is meant where both do it to resources of this type', async () => {
      const edit = may(user('alice'), 'edit', record('201'));
      const got = await server.post(EVALUATION, edit);
      expect([got.status, got.json.code, got.json.field]).to.deep.equal([
        400,
        'ambiguous_action',
        '/context/perkbook/ruleSet',
      ]);
      const inRuleSet = (ruleSet: string) => decides({ ...edit, context: { perkbook: { ruleSet } } });
      expect((await inRuleSet('records')).decision).to.equal(false);
      expect((await inRuleSet('archive')).decision).to.equal(true);
    });

    it('goes by the rule set that is the resource of an action without one', async () => {
      const audit = (id: string) => may(user('alice'), 'audit', { type: 'ruleSet', id });
      expect((await decides(audit('records'))).decision).to.equal(false);
      expect((await decides(audit('archive'))).decision).to.equal(true);
      expect((await server.post(EVALUATION, may(user('alice'), 'audit', record('101')))).status).to.equal(400);
      const inSearch = may(user('alice'), 'audit', { type: 'ruleSet' });
      expect(await searchAll(server, 'resource', inSearch)).to.deep.equal(['archive']);
      expect(
        await searchAll(server, 'action', { subject: user('dora'), resource: { type: 'ruleSet', id: 'records' } }),
      ).to.deep.equal(['audit']);
    });

    it('finds in an action search only what an evaluation would allow without more', async () => {
      const body = { subject: user('dora'), resource: record('201') };
      expect(await searchAll(server, 'action', body)).to.deep.equal(['view']);
      const inRecords = { ...body, context: { perkbook: { ruleSet: 'records' } } };
      expect(await searchAll(server, 'action', inRecords)).to.deep.equal(['edit', 'view']);
      const ambiguous = may({ type: 'user' }, 'edit', record('201'));
      expect((await search(server, 'subject', ambiguous)).status).to.equal(400);
    });
  });
});
