import nock from 'nock';

/** While the tests of a suite run, nothing but nock answers; afterwards the network is as it was. */
export function answeredByNockAlone(): void {
  before(() => {
    nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => nock.cleanAll());
  after(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}
