import { spawnSync } from 'node:child_process';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { record, type Recording } from './recording.ts';
import { type ServerName, SERVERS, startIngestServer } from './server.ts';

const { values } = parseArgs({
  options: {
    targets: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '200' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});

interface Outcome {
  readonly name: ServerName;
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly megabytes: number;
}

// The servers have the other core for themselves.
spawnSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)]);
const recording = await record({ targets: Number(values.targets), rounds: Number(values.rounds) });
const bodies = recording.streams.flat();
const bytes = bodies.reduce((sum, { length }) => sum + length, 0);
print(
  `${recording.samples} samples of ${recording.series} series in ${bodies.length} requests, ` +
    `${(bytes / recording.samples).toFixed(1)} bytes per sample, ${recording.streams.length} connections`,
);

const outcomes: Outcome[] = [];
for (const name of SERVERS)
  if (values.only === undefined || values.only === name) outcomes.push(await measure(name));
printTable();

async function measure(name: ServerName): Promise<Outcome> {
  const flags =
    values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const { url, process } = await startIngestServer(name, flags);
  await using server = process;
  const cpuBefore = server.cpuSeconds();
  const started = performance.now();
  await replay(recording, url);
  const seconds = (performance.now() - started) / 1_000;
  const cpu = server.cpuSeconds() - cpuBefore;
  return {
    name,
    perSecond: recording.samples / seconds,
    perCpuSecond: recording.samples / cpu,
    megabytes: server.residentMegabytes(),
  };
}

/** Sends every body once; each stream has a connection and waits for each answer. */
async function replay({ streams }: Recording, url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: streams.length });
  await Promise.all(
    streams.map(async (bodies) => {
      for (const body of bodies) await post(agent, url, body);
    }),
  );
  agent.destroy();
}

function post(agent: Agent, url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'content-length': body.length,
      'x-prometheus-remote-write-version': '0.1.0',
    };
    const sent = request(`${url}/api/v1/write`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if (Math.floor((response.statusCode ?? 0) / 100) === 2) resolve();
        else reject(new Error(`${response.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function printTable(): void {
  const theirs = outcomes.find(({ name }) => name === 'prometheus')?.perCpuSecond;
  print('');
  print(
    `${''.padEnd(18)}${'k samples/s'.padStart(14)}${'k per CPU s'.padStart(14)}${'resident MB'.padStart(14)}${'× prometheus'.padStart(14)}`,
  );
  for (const { name, perSecond, perCpuSecond, megabytes } of outcomes) {
    const ratio = theirs === undefined ? '' : (perCpuSecond / theirs).toFixed(2);
    print(
      name.padEnd(18) +
        (perSecond / 1_000).toFixed(0).padStart(14) +
        (perCpuSecond / 1_000).toFixed(0).padStart(14) +
        megabytes.toFixed(0).padStart(14) +
        ratio.padStart(14),
    );
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
