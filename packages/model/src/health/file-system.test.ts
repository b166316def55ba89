import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freeShare, holdsFiles, oncePerDevice, usedShare } from './file-system.ts';

test('what is reserved for root is neither used nor free', () => {
  expect(freeShare({ sizeBytes: 100, freeBytes: 60, availableBytes: 10 })).toBe(0.2);
  expect(usedShare({ sizeBytes: 100, freeBytes: 60, availableBytes: 40 })).toBe(0.5);
  expect(usedShare({ sizeBytes: 100, freeBytes: NaN, availableBytes: 40 })).toBe(0.6);
  expect(usedShare({ sizeBytes: 100, freeBytes: 5, availableBytes: 0 })).toBe(1);
  expect(usedShare({ sizeBytes: 0, freeBytes: 0, availableBytes: 0 })).toBeNaN();
});

test.skipIf(process.platform !== 'linux')('it is what df says of the same file system', () => {
  const { bsize, blocks, bfree, bavail } = statfsSync('/');
  const derived =
    100 *
    usedShare({
      sizeBytes: blocks * bsize,
      freeBytes: bfree * bsize,
      availableBytes: bavail * bsize,
    });
  const text = execFileSync('df', ['--output=pcent', '/'], { encoding: 'utf8' });
  const told = Number(/(\d+)%/.exec(text)?.[1]);
  // Others write meanwhile, and df rounds up.
  expect(Math.abs(derived - told)).toBeLessThanOrEqual(1.5);
});

test('one device stands once, at its shortest path; what is no device stands by itself', () => {
  const mounts = [
    { device: '/dev/sda1', mountpoint: '/etc/hosts' },
    { device: '/dev/sda1', mountpoint: '/' },
    { device: 'none', mountpoint: '/b' },
    { device: 'none', mountpoint: '/a' },
    { device: 'nas:/export', mountpoint: '/y' },
    { device: 'nas:/export', mountpoint: '/x' },
  ];
  expect(oncePerDevice(mounts).map(({ mountpoint }) => mountpoint)).toEqual([
    '/',
    '/b',
    '/a',
    '/x',
  ]);
});

test('memory, images and layers hold nobody’s files', () => {
  expect(['ext4', 'xfs', 'nfs4', 'fuse.mergerfs'].every(holdsFiles)).toBe(true);
  expect(['tmpfs', 'squashfs', 'overlay', 'fuse.lxcfs'].some(holdsFiles)).toBe(false);
});
