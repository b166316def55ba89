import { expect, it } from 'vitest';
import { Screen } from './screen.ts';

/** Escape sequences spelled out. */
function fakeTerminal(rows: number): {
  written: string[];
  stream: ConstructorParameters<typeof Screen>[0];
} {
  const written: string[] = [];
  const write = (text: string): void => void written.push(text.replaceAll('\u001B[', '^'));
  return { written, stream: { rows, columns: 40, write } };
}

it('draws in place and gives the cursor back', () => {
  const { written, stream } = fakeTerminal(24);
  const screen = new Screen(stream);
  screen.draw(['a', 'b']);
  screen.draw(['c']);
  screen.draw(['d']);
  screen.close();
  screen.close();
  expect(written).toEqual(['^?25l\ra^K\nb^K\n^0J', '^2Fc^K\n^0J', '^1Fd^K\n^0J', '^?25h']);
});

it('never draws more lines than the terminal has', () => {
  const { written, stream } = fakeTerminal(4);
  new Screen(stream).draw(['1', '2', '3', '4', '5']);
  expect(written[0]?.split('\n')).toHaveLength(4);
});
