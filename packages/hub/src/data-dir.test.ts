import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { prepareDataDir } from './data-dir.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'nowcast-data-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('folders are made as deep as they are named, and found again', async () => {
  const dir = join(await folder(), 'a', 'b');
  await prepareDataDir(dir);
  await prepareDataDir(dir);
  expect((await stat(dir)).isDirectory()).toBe(true);
});

test('a file in the way is named', async () => {
  const file = join(await folder(), 'file');
  await writeFile(file, '');
  for (const path of [file, join(file, 'below')])
    await expect(prepareDataDir(path)).rejects.toMatchObject({ code: 'data-dir-unusable' });
});

test.skipIf(process.platform !== 'linux')(
  'a place where nothing can be made is refused',
  async () => {
    await expect(prepareDataDir('/proc/nope/data')).rejects.toMatchObject({
      code: 'data-dir-unusable',
    });
  },
);
