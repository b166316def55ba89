import { resolve } from 'node:path';
import type { HubOptions } from '@nowcast/hub';
import { Command, Option } from 'commander';
import { formatBanner } from '../banner.ts';
import { builtPageDir, defaultDataDir } from '../data-dir.ts';
import { languageOf, SENTENCES } from '../locale.ts';
import { portValue } from '../option-values.ts';
import { untilSignal } from '../shutdown.ts';
import { styleFor } from '../text-style.ts';
import { createLog, LOG_LEVELS, type LogLevel } from '../up-log.ts';
import { VERSION } from '../version.ts';

interface UpFlags {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly agent: boolean;
  readonly config?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly logLevel?: LogLevel;
}

export function upCommand(): Command {
  return new Command('up')
    .summary('start the hub, and show this machine at once')
    .description(
      'Starts the hub with its page, and an agent that measures this machine once a second. ' +
        'What a flag says goes before what the configuration says.',
    )
    .option('--port <number>', 'port to listen on; 0 takes a free one (default: 8080)', portValue)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option(
      '--data <folder>',
      'folder for everything that is kept (default: in a checkout .nowcast, ' +
        'else $XDG_STATE_HOME/nowcast or ~/.local/state/nowcast)',
    )
    .option('--no-agent', 'do not measure this machine')
    .option('--config <file>', 'configuration in YAML')
    .option('--tls-cert <file>', 'serve HTTPS: certificate chain in PEM')
    .option('--tls-key <file>', 'serve HTTPS: key in PEM')
    .addOption(
      new Option(
        '--log-level <level>',
        'what goes to standard error (default: warn on a terminal, else info)',
      ).choices(LOG_LEVELS),
    )
    .addHelpText(
      'after',
      `
Examples:
  nowcast up                                  http://localhost:8080 with this machine on it
  nowcast up --port 9000 --data /srv/nowcast
  nowcast up --host 0.0.0.0                   for others too; prints a link with an access token
  nowcast up --tls-cert chain.pem --tls-key key.pem`,
    )
    .action((flags: UpFlags, command: Command) => up(flags, command));
}

async function up(flags: UpFlags, command: Command): Promise<void> {
  if ((flags.tlsCert === undefined) !== (flags.tlsKey === undefined))
    command.error('error: --tls-cert and --tls-key go together');
  const { loadConfig, startHub } = await import('@nowcast/hub');
  const config = flags.config === undefined ? {} : await loadConfig(flags.config);
  const options = mergeOptions(flags, config);
  const language = languageOf(process.env);
  const { isTTY } = process.stderr;
  const logger = createLog(
    flags.logLevel ?? (isTTY ? 'warn' : 'info'),
    isTTY ? styleFor(process.stderr, process.env) : undefined,
  );
  const signal = untilSignal();
  const hub = await startHub({ ...options, logger });
  const { url, loginUrl } = hub;
  const { dataDir, agent = true } = options;
  process.stdout.write(
    formatBanner(
      { version: VERSION, url, loginUrl, dataDir, agent },
      language,
      styleFor(process.stdout, process.env),
    ),
  );
  await signal;
  if (process.stdout.isTTY) process.stdout.write(`\n${SENTENCES[language].stopping}\n`);
  await hub.close();
}

/** What stands on the command line goes before the configuration, and that before the defaults. */
function mergeOptions(flags: UpFlags, config: Partial<HubOptions>): HubOptions {
  const webDir = builtPageDir();
  return {
    ...(webDir === undefined ? {} : { webDir }),
    ...config,
    dataDir: flags.data === undefined ? (config.dataDir ?? defaultDataDir()) : resolve(flags.data),
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.agent ? {} : { agent: false }),
    ...(flags.tlsCert !== undefined && flags.tlsKey !== undefined
      ? { tls: { certFile: flags.tlsCert, keyFile: flags.tlsKey } }
      : {}),
  };
}
