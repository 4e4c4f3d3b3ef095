import { expect } from 'chai';
import { MongoInvalidArgumentError, MongoNetworkError, MongoServerError } from 'mongodb';
import { bounded } from '../../src/stores/mongo/mongo-connection.ts';
import { failureOf } from '../support/expecting.ts';

describe('what a MongoDB driver throws', () => {
  const thrown = (error: Error) => failureOf(bounded('write to MongoDB', 1000, () => Promise.reject(error)));

  it('is an outage where it is about the connection or the moment', async () => {
    for (const error of [
      new MongoNetworkError('connection 5 closed'),
      new MongoServerError({ message: 'not primary', code: 10_107 }),
      new MongoServerError({ message: 'try again', errorLabels: ['RetryableWriteError'] }),
      Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' }),
    ]) {
      const failure = await thrown(error);
      expect(failure.name, error.message).to.equal('StoreUnreachable');
      expect(failure.cause).to.equal(error);
    }
  });

  it('is none where it is about what was sent', async () => {
    for (const error of [
      new MongoServerError({ message: 'object to insert too large', code: 10_334 }),
      new MongoServerError({ message: 'not authorized', code: 13 }),
      new MongoInvalidArgumentError('document is larger than the maximum size'),
    ]) {
      expect(await thrown(error)).to.equal(error);
    }
  });
});
