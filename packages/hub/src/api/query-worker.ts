/** The entry of the query thread: computes one query after the other. */
import { codeOf } from '@nowcast/model';
import { overdue } from '@nowcast/promql';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { answerQuery } from './query-answer.ts';
import { type QueryReply, type QueryRequest, unpackQuery } from './query-messages.ts';

const port = parentPort as MessagePort;

port.on('message', (request: QueryRequest) => port.postMessage(reply(request)));

function reply({ id, query, timeoutMs, cancelled, ...options }: QueryRequest): QueryReply {
  const deadlineMs = performance.now() + timeoutMs;
  try {
    const answer = answerQuery(unpackQuery(query), options, () => {
      if (Atomics.load(cancelled, 0) === 1) throw new Error('query was canceled');
      if (performance.now() > deadlineMs) throw overdue();
    });
    return { id, answer };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: { code: codeOf(error) ?? 'internal', message } };
  }
}
