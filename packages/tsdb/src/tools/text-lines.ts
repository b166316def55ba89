/** Text in pieces to lines; one that is longer than allowed comes as undefined and is never held in memory whole. */
const LINE_CHARACTERS_MAX = 64 * 2 ** 20;

export async function* linesOf(
  pieces: AsyncIterable<string>,
  charactersMax: number = LINE_CHARACTERS_MAX,
): AsyncIterableIterator<string | undefined> {
  let pending = '';
  let tooLong = false;
  for await (const piece of pieces) {
    const lines = (pending + piece).split('\n');
    pending = lines.pop() as string;
    for (const line of lines) {
      yield tooLong || line.length > charactersMax ? undefined : line;
      tooLong = false;
    }
    tooLong ||= pending.length > charactersMax;
    if (tooLong) pending = '';
  }
  if (tooLong) yield undefined;
  else if (pending !== '') yield pending;
}
