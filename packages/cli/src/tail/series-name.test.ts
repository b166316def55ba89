import { LabelSet } from '@nowcast/model';
import { expect, it } from 'vitest';
import { distinguish } from './series-name.ts';

const set = (record: Record<string, string>) => LabelSet.from(record);

it('names series by what tells them apart', () => {
  const cpus = ['0', '1'].map((cpu) => set({ __name__: 'cpu', job: 'node', cpu }));
  expect(distinguish(cpus)).toEqual({
    common: 'cpu{job="node"}',
    names: ['{cpu="0"}', '{cpu="1"}'],
  });
  expect(distinguish([set({ __name__: 'a' }), set({ __name__: 'b' })])).toEqual({
    common: '',
    names: ['a', 'b'],
  });
});

it('gives a single series its whole name', () => {
  expect(distinguish([set({ __name__: 'a', x: '1' })])).toEqual({
    common: '',
    names: ['a{x="1"}'],
  });
  expect(distinguish([])).toEqual({ common: '', names: [] });
});
