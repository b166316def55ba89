import { describe, expect, test } from 'vitest';
import { streamOf } from '../simulation/stream-of.ts';
import { timeShares } from './chart-model.ts';
import { fileSystems } from './filesystems.ts';
import { memoryFacts, memoryShare, memoryUse } from './memory.ts';
import { labelOf, lastOfLine, lastRate } from './present.ts';
import { processSummary } from './processes.ts';
import { fans, temperatureCourse, temperatures } from './sensors.ts';
import { diskDevices, NETWORK, networkDevices, trafficTotal } from './traffic.ts';

describe('memory', () => {
  const stream = streamOf(
    [{ __name__: 'node_memory_MemTotal_bytes' }, 0, 1_000],
    [{ __name__: 'node_memory_MemAvailable_bytes' }, 0, 400],
    [{ __name__: 'node_memory_MemFree_bytes' }, 0, 100],
    [{ __name__: 'node_memory_SwapTotal_bytes' }, 0, 50],
    [{ __name__: 'node_memory_SwapFree_bytes' }, 0, 30],
  );

  test('used, cache and free add up to the total', () => {
    const use = memoryUse(stream, 0);
    expect(lastOfLine(use, 'used')).toBe(600);
    expect(lastOfLine(use, 'cache')).toBe(300);
    expect(memoryShare(use, 1_000)[0]).toBeCloseTo(0.6);
  });

  test('swap in use is what is not free', () => {
    expect(memoryFacts(stream).swapUsedBytes).toBe(20);
    expect(memoryFacts(streamOf()).swapUsedBytes).toBeNaN();
  });
});

describe('traffic', () => {
  const device = (name: string, device: string, from: number, to: number) =>
    [{ __name__: `node_network_${name}_total`, device }, 0, from, 1_000, to] as const;

  test('the total leaves out what only passes bytes on; sending hangs below zero', () => {
    const stream = streamOf(
      [...device('receive_bytes', 'eth0', 0, 500)],
      [...device('receive_bytes', 'lo', 0, 9_000)],
      [...device('receive_bytes', 'docker0', 0, 400)],
      [...device('transmit_bytes', 'eth0', 0, 200)],
    );
    const total = trafficTotal(NETWORK)(stream, 0);
    expect(lastOfLine(total, 'up')).toBe(500);
    expect(lastOfLine(total, 'down')).toBe(-200);
  });

  test('a machine that has nothing but loopback shows loopback', () => {
    const stream = streamOf([...device('receive_bytes', 'lo', 0, 70)]);
    expect(lastOfLine(trafficTotal(NETWORK)(stream, 0), 'up')).toBe(70);
  });

  test('interfaces count errors and drops of both ways; silent ones are left out', () => {
    const stream = streamOf(
      [...device('receive_bytes', 'eth0', 10, 500)],
      [...device('transmit_bytes', 'eth0', 10, 500)],
      [...device('receive_errs', 'eth0', 0, 2)],
      [...device('transmit_drop', 'eth0', 0, 1)],
      [...device('receive_bytes', 'eth1', 0, 0)],
      [...device('transmit_bytes', 'eth1', 0, 0)],
    );
    const devices = networkDevices(stream);
    expect(devices.map((one) => one.device)).toEqual(['eth0']);
    expect(devices[0]?.faultsPerSecond).toBe(3);
  });

  test('a disk is never more than all the time busy', () => {
    const stream = streamOf(
      [{ __name__: 'node_disk_read_bytes_total', device: 'sda' }, 0, 1, 1_000, 2],
      [{ __name__: 'node_disk_written_bytes_total', device: 'sda' }, 0, 1, 1_000, 2],
      [{ __name__: 'node_disk_io_time_seconds_total', device: 'sda' }, 0, 1, 1_000, 2.02],
    );
    expect(diskDevices(stream)).toEqual([
      { device: 'sda', readPerSecond: 1, writePerSecond: 1, busy: 1 },
    ]);
  });
});

describe('file systems', () => {
  const mount = (device: string, mountpoint: string, fstype: string, numbers: number[]) => {
    const labels = { device, mountpoint, fstype };
    const [size = 0, free = 0, avail = 0] = numbers;
    return [
      [{ __name__: 'node_filesystem_size_bytes', ...labels }, 0, size],
      [{ __name__: 'node_filesystem_free_bytes', ...labels }, 0, free],
      [{ __name__: 'node_filesystem_avail_bytes', ...labels }, 0, avail],
    ] as const;
  };

  test('are counted as df does, once per device, without those in memory', () => {
    const list = fileSystems(
      streamOf(
        ...mount('/dev/sda1', '/', 'ext4', [1_000, 400, 300]),
        ...mount('/dev/sda1', '/mnt/bind', 'ext4', [1_000, 400, 300]),
        ...mount('tmpfs', '/run', 'tmpfs', [100, 100, 100]),
        ...mount('/dev/sdb1', '/data', 'xfs', [100, 5, 5]),
      ),
    );
    expect(list.map(({ mountpoint }) => mountpoint)).toEqual(['/data', '/']);
    expect(list[1]?.used).toBeCloseTo(600 / 900);
    expect(list[1]?.inodesUsed).toBeNaN();
  });

  test('a container that has only an overlay shows it', () => {
    const list = fileSystems(streamOf(...mount('overlay', '/', 'overlay', [10, 5, 5])));
    expect(list).toHaveLength(1);
  });
});

describe('sensors', () => {
  const stream = streamOf(
    [{ __name__: 'node_hwmon_chip_names', chip: 'platform_x', chip_name: 'coretemp' }, 0, 1],
    [
      {
        __name__: 'node_hwmon_sensor_label',
        chip: 'platform_x',
        sensor: 'temp1',
        label: 'Package',
      },
      0,
      1,
    ],
    [{ __name__: 'node_hwmon_temp_celsius', chip: 'platform_x', sensor: 'temp1' }, 0, 40],
    [{ __name__: 'node_thermal_zone_temp', zone: '0', type: 'acpitz' }, 0, 60],
    [{ __name__: 'node_hwmon_fan_rpm', chip: 'platform_x', sensor: 'fan1' }, 0, 900],
  );

  test('are named as the kernel names them, the hottest first', () => {
    expect(temperatures(stream).map(({ name }) => name)).toEqual(['acpitz 0', 'coretemp Package']);
    expect(fans(stream)).toMatchObject([{ name: 'coretemp fan1', value: 900 }]);
  });

  test('keep their place in the chart when another becomes hotter', () => {
    const ids = temperatureCourse(stream, 0).lines.map(({ id }) => id);
    stream.sample(2, 1_000, 99);
    expect(temperatureCourse(stream, 0).lines.map(({ id }) => id)).toEqual(ids);
  });
});

test('processes are ranked by what they use, states by how many are in them', () => {
  const process = (pid: string, name: string, cpu: number, memory: number) =>
    [
      [{ __name__: 'nowcast_process_cpu_usage_ratio', pid, name, user: 'root' }, 0, cpu],
      [{ __name__: 'nowcast_process_resident_memory_bytes', pid, name, user: 'root' }, 0, memory],
    ] as const;
  const summary = processSummary(
    streamOf(
      ...process('1', 'init', 0, 10),
      ...process('2', 'db', 0.5, 900),
      ...process('3', 'web', 1.5, 80),
      [{ __name__: 'node_processes_state', state: 'S' }, 0, 90],
      [{ __name__: 'node_processes_state', state: 'Z' }, 0, 0],
    ),
  );
  expect(summary.byCpu.map(({ name }) => name)).toEqual(['web', 'db']);
  expect(summary.byMemory.map(({ name }) => name)).toEqual(['db', 'web', 'init']);
  expect(summary.states).toEqual([{ state: 'S', count: 90 }]);
});

test('a share of time is never more than all of it', () => {
  const stream = streamOf([{ __name__: 'waiting' }, 0, 0, 1_000, 1.03]);
  expect(lastOfLine(timeShares({ cpu: 'waiting' })(stream, 0), 'cpu')).toBe(1);
});

test('present values are unknown, not zero, where a metric is missing', () => {
  const stream = streamOf([{ __name__: 'node_intr_total' }, 0, 5]);
  expect(lastRate(stream, 'node_intr_total')).toBeNaN();
  expect(lastRate(stream, 'missing')).toBeNaN();
  expect(labelOf(stream, 'missing', 'x')).toBe('');
});
