import { CodedError } from '@nowcast/model';
import type { Ack } from '@nowcast/protocol';
import { deferred } from '@nowcast/std';
import { FakeClock } from '@nowcast/std/testing';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { AckQueue, type AckReceiver } from './ack-queue.ts';

const log = pino({ level: 'silent' });
const ack = (seq: number): Ack => ({ type: 'ack', source: 's', epoch: 1, seq });

class Receiver implements AckReceiver {
  readonly heard: string[] = [];

  acknowledge(acks: readonly Ack[]): void {
    this.heard.push(acks.map(({ seq }) => seq).join(' '));
  }

  storeUnavailable({ seq }: Ack): void {
    this.heard.push(`unavailable ${seq}`);
  }
}

async function turn(): Promise<void> {
  for (let at = 0; at < 10; at++) await Promise.resolve();
}

test('one wait serves all that came before it, and what comes meanwhile waits for the next', async () => {
  const waits = [deferred(), deferred()];
  const pending = [...waits];
  const queue = new AckQueue(
    () => pending.shift()?.promise ?? Promise.reject(new Error('too many waits')),
    new FakeClock(),
    log,
  );
  const receiver = new Receiver();
  queue.add(receiver, ack(1));
  queue.add(receiver, ack(2));
  queue.add(receiver, ack(3));
  expect(receiver.heard).toEqual([]);
  waits[0]?.resolve();
  await turn();
  expect(receiver.heard).toEqual(['1']);
  waits[1]?.resolve();
  await turn();
  expect(receiver.heard).toEqual(['1', '2 3']);
});

test('while the store cannot write nothing is acknowledged, it is told once, and all resumes', async () => {
  const clock = new FakeClock();
  let broken = true;
  const flushed = async (): Promise<void> => {
    if (broken) throw new CodedError('store-unavailable', 'the disk is full');
  };
  const queue = new AckQueue(flushed, clock, log);
  const receiver = new Receiver();
  queue.add(receiver, ack(1));
  await turn();
  queue.add(receiver, ack(2));
  await clock.advanceAsync(5_000, 1_000);
  expect(receiver.heard).toEqual(['unavailable 1']);
  broken = false;
  await clock.advanceAsync(1_000);
  expect(receiver.heard).toEqual(['unavailable 1', '1 2']);
});
