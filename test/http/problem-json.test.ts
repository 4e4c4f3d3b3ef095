import { expect } from 'chai';
import { PROBLEM_CODES, Problem } from '../../src/domain/problem.ts';
import { retryAfterOf, toProblem, toProblemJson } from '../../src/http/outgoing/problem-json.ts';

describe('problems as JSON', () => {
  it('each have a status, a type and a title', () => {
    for (const code of PROBLEM_CODES) {
      const json = toProblemJson(new Problem(code, 'this is wrong'));
      expect(json.status, code).to.be.within(400, 503);
      expect(json.type).to.equal(`urn:perkbook:problem:${code}`);
      expect(json.title).to.match(/^[A-Z][A-Za-z ]+$/);
    }
  });

  it('say when to ask again on 429 and 503, and only there', () => {
    for (const code of PROBLEM_CODES) {
      const problem = new Problem(code, 'this is wrong');
      const { status } = toProblemJson(problem);
      expect(retryAfterOf(problem), code).to.equal(status === 429 || status === 503 ? 1 : undefined);
    }
    expect(retryAfterOf(new Problem('too_many_keys', 'too many', { retryAfter: 3600 }))).to.equal(3600);
  });

  it('hide what nobody expected', () => {
    const problem = toProblem(new TypeError('x is undefined'));
    expect(problem.code).to.equal('internal_error');
    expect(JSON.stringify(toProblemJson(problem))).not.to.contain('undefined');
  });
});
