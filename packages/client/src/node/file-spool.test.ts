import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { isStaleMarker, STALE_NAN } from '@nowcast/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesDictionary } from '../series-dictionary.ts';
import type { Spool, SpooledBatch } from '../spool.ts';
import { startClient } from '../testing/client-fixture.ts';
import { FileSpool, type FileSpoolOptions } from './file-spool.ts';

interface Folder extends Disposable {
  readonly dir: string;
  open(options?: Partial<FileSpoolOptions>): { spool: FileSpool; dictionary: SeriesDictionary };
  readonly files: () => string[];
}

function folder(): Folder {
  const dir = mkdtempSync(join(tmpdir(), 'nowcast-spool-'));
  return {
    dir,
    open(options = {}) {
      const spool = new FileSpool({ dir, ...options });
      const dictionary = new SeriesDictionary();
      spool.open(dictionary);
      return { spool, dictionary };
    },
    files: () => readdirSync(dir).filter((name) => name.endsWith('.spool')),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

/** As a kill leaves it: nothing is written any more, the lock stays and names nobody who lives. */
function kill(spool: FileSpool, { dir, files }: Folder): void {
  const before = new Map(files().map((name) => [name, readFileSync(join(dir, name))]));
  spool.close();
  for (const [name, content] of before) writeFileSync(join(dir, name), content);
}

const batch = (seq: number, values: readonly number[] = [seq]): SpooledBatch => ({
  seq,
  timeMs: seq * 1_000,
  refs: values.map((_, at) => at),
  values: Float64Array.from(values),
});

function held(spool: Spool): SpooledBatch[] {
  const batches: SpooledBatch[] = [];
  for (let one = spool.next(0); one; one = spool.next(one.seq)) batches.push(one);
  return batches;
}

function fill(spool: Spool, dictionary: SeriesDictionary, seqs: readonly number[]): void {
  for (const seq of seqs) {
    dictionary.intern({ __name__: 'a' }, {});
    spool.append(batch(seq));
  }
}

describe('a file spool', () => {
  it('gives back after a kill what was not acknowledged, under the same epoch and with its series', () => {
    using test = folder();
    const first = test.open();
    first.dictionary.intern({ __name__: 'a', x: '1' }, { type: 'gauge', unit: 'bytes' });
    first.spool.setEpoch(77);
    for (const seq of [1, 2, 3]) first.spool.append(batch(seq, [NaN, 1, -0, 1e300].slice(0, 1)));
    first.spool.release(1);
    first.spool.append({ ...batch(4), values: Float64Array.of(STALE_NAN) });
    first.spool.append(batch(5, [-0]));
    kill(first.spool, test);
    const { spool, dictionary } = test.open();
    const [second, third, fourth, fifth] = held(spool);
    expect([second, third, fifth]).toEqual([batch(2, [NaN]), batch(3, [NaN]), batch(5, [-0])]);
    expect(isStaleMarker(fourth?.values[0] ?? 0)).toBe(true);
    expect(spool.epoch).toBe(77);
    expect(dictionary.at(0)).toMatchObject({ labels: { __name__: 'a', x: '1' }, unit: 'bytes' });
    expect(spool.lastSeq, 'a seq is never used twice').toBeGreaterThan(1_000);
    spool.close();
  });

  it('begins a new epoch when nothing is left of the old one', () => {
    using test = folder();
    const first = test.open();
    first.spool.setEpoch(77);
    fill(first.spool, first.dictionary, [1, 2]);
    first.spool.release(2);
    first.spool.close();
    const { spool } = test.open();
    expect([spool.epoch, spool.lastSeq, spool.batches]).toEqual([undefined, 0, 0]);
    spool.close();
  });

  it('cuts off a line that was not finished, wherever it was cut', () => {
    using test = folder();
    const first = test.open();
    fill(first.spool, first.dictionary, [1, 2]);
    const file = join(test.dir, test.files()[0] as string);
    const two = statSync(file).size;
    fill(first.spool, first.dictionary, [3]);
    const three = statSync(file).size;
    kill(first.spool, test);
    const content = readFileSync(file);
    for (let size = two; size < three; size++) {
      writeFileSync(file, content);
      truncateSync(file, size);
      const { spool } = test.open();
      expect(held(spool).map(({ seq }) => seq)).toEqual([1, 2]);
      expect(statSync(file).size).toBe(two);
      kill(spool, test);
    }
  });

  it('skips a damaged record, keeps the rest, and says so', () => {
    using test = folder();
    const first = test.open();
    fill(first.spool, first.dictionary, [1, 2, 3]);
    kill(first.spool, test);
    const file = join(test.dir, test.files()[0] as string);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"seq":2', '"seq":9'));
    const problems: string[] = [];
    const { spool } = test.open({ onProblem: (error) => problems.push(error.code) });
    expect(held(spool).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(problems).toEqual(['spool-damaged']);
    spool.close();
  });

  it('passes over a record that went bad while it was open', () => {
    using test = folder();
    const { spool, dictionary } = test.open();
    fill(spool, dictionary, [1, 2]);
    const file = join(test.dir, test.files()[0] as string);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"seq":1', '"seq":7'));
    expect(held(spool).map(({ seq }) => seq)).toEqual([2]);
    spool.close();
  });

  it('stays within its size by giving up the oldest segment, and counts what was in it', () => {
    using test = folder();
    const { spool, dictionary } = test.open({ bytesMax: 8_000 });
    dictionary.intern({ __name__: 'a' }, {});
    let lost = 0;
    for (let seq = 1; seq <= 500; seq++) {
      lost += spool.append(batch(seq)).samples;
      expect(spool.bytes).toBeLessThanOrEqual(8_000);
    }
    const seqs = held(spool).map(({ seq }) => seq);
    expect(seqs.at(-1)).toBe(500);
    expect(seqs.length + lost).toBe(500);
    expect(spool.batches).toBe(seqs.length);
    spool.close();
    const again = test.open();
    expect(held(again.spool).map(({ seq }) => seq)).toEqual(seqs);
    expect(again.dictionary.at(0)?.labels).toEqual({ __name__: 'a' });
    again.spool.close();
  });

  it('deletes segments that were acknowledged', () => {
    using test = folder();
    const { spool, dictionary } = test.open({ bytesMax: 8_000 });
    fill(spool, dictionary, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(test.files().length).toBeGreaterThan(1);
    spool.release(10);
    expect(test.files()).toHaveLength(1);
    expect(held(spool)).toEqual([]);
    spool.close();
  });

  it('keeps batches in memory while the disk refuses', () => {
    using test = folder();
    const problems: string[] = [];
    const { spool, dictionary } = test.open({
      bytesMax: 1_600,
      onProblem: (error) => problems.push(error.code),
    });
    fill(spool, dictionary, [1]);
    // The next segment's name is taken by something that cannot be written.
    const blocked = join(test.dir, '00000002.spool');
    mkdirSync(blocked);
    fill(spool, dictionary, [2, 3, 4]);
    expect(held(spool).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(problems).toEqual(['spool-unavailable']);
    rmSync(blocked, { recursive: true });
    fill(spool, dictionary, [5]);
    spool.release(3);
    expect(held(spool).map(({ seq }) => seq)).toEqual([4, 5]);
    spool.close();
  });

  it('belongs to one process', () => {
    using test = folder();
    const { spool } = test.open();
    expect(() => test.open()).toThrow(/is used by process/);
    spool.close();
    test.open().spool.close();
  });

  it('is not kept by a dead process, nor by another one of its number', async () => {
    using test = folder();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeFileSync(join(test.dir, 'lock'), `${child.pid} 123\n`);
    test.open().spool.close();
    writeFileSync(join(test.dir, 'lock'), `${process.ppid} 1\n`);
    test.open().spool.close();
    writeFileSync(join(test.dir, 'lock'), `${process.pid} \n`);
    test.open().spool.close();
  });

  it('ignores files that are not its own', () => {
    using test = folder();
    appendFileSync(join(test.dir, 'notes.txt'), 'mine');
    const { spool } = test.open();
    expect(held(spool)).toEqual([]);
    spool.close();
    expect(readdirSync(test.dir)).toContain('notes.txt');
  });
});

it('holds exactly what was appended and not released or lost, over kills and restarts', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant('append' as const) },
    { weight: 2, arbitrary: fc.record({ release: fc.double({ min: 0, max: 1, noNaN: true }) }) },
    { weight: 1, arbitrary: fc.constant('kill' as const) },
    { weight: 1, arbitrary: fc.constant('close' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (script) => {
      using test = folder();
      let { spool, dictionary } = test.open({ bytesMax: 3_000 });
      dictionary.intern({ __name__: 'a' }, {});
      let model: number[] = [];
      for (const one of script) {
        if (one === 'append') {
          const seq = spool.lastSeq + 1;
          model.push(seq);
          model.splice(0, spool.append(batch(seq)).batches);
        } else if (one === 'kill' || one === 'close') {
          const before = held(spool).map(({ seq }) => seq);
          if (one === 'kill') kill(spool, test);
          else spool.close();
          ({ spool, dictionary } = test.open({ bytesMax: 3_000 }));
          dictionary.intern({ __name__: 'a' }, {});
          // A kill may bring back what was released after the last append; the hub knows it.
          const after = held(spool).map(({ seq }) => seq);
          expect(after.slice(after.length - before.length)).toEqual(before);
          model = after;
        } else {
          const seq = model[Math.floor(one.release * model.length)] ?? 0;
          spool.release(seq);
          model = model.filter((kept) => kept > seq);
        }
        expect(held(spool).map(({ seq }) => seq)).toEqual(model);
        expect(spool.batches).toBe(model.length);
      }
      spool.close();
    }),
    { numRuns: 60 },
  );
});

it('loses nothing to a real SIGKILL in the middle of writing', async () => {
  using test = folder();
  const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  const program = `
    const { writeSync } = await import('node:fs');
    const { FileSpool } = await import(${module('./file-spool.ts')});
    const { SeriesDictionary } = await import(${module('../series-dictionary.ts')});
    const dictionary = new SeriesDictionary();
    const spool = new FileSpool({ dir: ${JSON.stringify(test.dir)} });
    spool.open(dictionary);
    spool.setEpoch(7);
    dictionary.intern({ __name__: 'a' }, {});
    for (let seq = 1; ; seq++) {
      spool.append({ seq, timeMs: seq, refs: [0], values: [seq] });
      writeSync(1, seq + '\\n');
    }`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.length > 5_000) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const taken = Number(said.trimEnd().split('\n').at(-1));
  expect(taken).toBeGreaterThan(100);
  const { spool } = test.open();
  const seqs = held(spool).map(({ seq }) => seq);
  expect(seqs.slice(0, taken)).toEqual(Array.from({ length: taken }, (_, at) => at + 1));
  expect(spool.epoch).toBe(7);
  spool.close();
});

it('carries a publisher over its own restart', async () => {
  using test = folder();
  const first = startClient();
  first.client
    .publisher({ source: 'me', spool: new FileSpool({ dir: test.dir }) })
    .publish({ newSeries: [{ ref: 5, labels: { __name__: 'a' } }], refs: [5], values: [1] });
  first.client.close();
  using second = startClient();
  const publisher = second.client.publisher({
    source: 'me',
    spool: new FileSpool({ dir: test.dir }),
  });
  publisher.publish({ newSeries: [{ ref: 0, labels: { __name__: 'b' } }], refs: [0], values: [2] });
  const socket = await second.hub.greet();
  expect(socket.sent).toMatchObject([
    { seq: 1, series: [{ ref: 0, labels: { __name__: 'a' } }], groups: [{ values: [1] }] },
    { series: [{ ref: 1, labels: { __name__: 'b' } }], groups: [{ refs: [1], values: [2] }] },
  ]);
});
