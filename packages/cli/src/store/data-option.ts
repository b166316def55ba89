import { resolve } from 'node:path';
import { Option } from 'commander';
import { defaultDataDir } from '../data-dir.ts';

/** Which store a command is about. */
export function dataOption(): Option {
  return new Option(
    '--data <folder>',
    'the data folder of the hub (default: the one `nowcast up` uses)',
  );
}

export function dataFolder(flag: string | undefined): string {
  return flag === undefined ? defaultDataDir() : resolve(flag);
}
