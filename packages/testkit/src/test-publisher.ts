import type { Ack, PublishGroup, SeriesDefinition } from '@nowcast/protocol';
import type { SessionClient } from './session-client.ts';

/** Publishes through a session; every batch is acknowledged before the call returns. */
export class TestPublisher {
  readonly #session: SessionClient;
  readonly #source: string;
  #seq = 0;

  constructor(session: SessionClient, source: string = 'test') {
    this.#session = session;
    this.#source = source;
  }

  /** Defines series under refs 0, 1, 2 … and publishes one value of each. */
  async define(
    labels: readonly Readonly<Record<string, string>>[],
    first: PublishGroup,
  ): Promise<Ack> {
    return this.publish(
      [first],
      labels.map((one, ref) => ({ ref, labels: one })),
    );
  }

  async publish(
    groups: readonly PublishGroup[],
    series: readonly SeriesDefinition[] = [],
  ): Promise<Ack> {
    const seq = ++this.#seq;
    this.#session.send({ type: 'publish', source: this.#source, epoch: 1, seq, series, groups });
    for (;;) {
      const ack = await this.#session.take('ack');
      if (ack.seq >= seq) return ack;
    }
  }
}
