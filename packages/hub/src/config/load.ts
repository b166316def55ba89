import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CodedError } from '@nowcast/model';
import * as v from 'valibot';
import { parse, YAMLParseError } from 'yaml';
import type { HubOptions } from '../options.ts';
import { configSchema, type HubConfig } from './schema.ts';

/**
 * Reads a configuration file into options. Paths in it are relative to the file.
 * @throws {CodedError} `config-unreadable`, `bad-config` naming the field.
 */
export async function loadConfig(file: string): Promise<Partial<HubOptions>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodedError('config-unreadable', `cannot read the configuration: ${reason}`, {
      cause,
    });
  }
  return toOptions(parseConfig(text, file), dirname(resolve(file)));
}

/**
 * @param name stands in messages for the text's origin.
 * @throws {CodedError} `config-unreadable` when it is not YAML, `bad-config` naming the field.
 */
export function parseConfig(text: string, name: string): HubConfig {
  let input: unknown;
  try {
    input = parse(text) ?? {};
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    const [what] = cause.message.split('\n');
    throw new CodedError('config-unreadable', `${name} is not YAML: ${what?.replace(/:$/, '')}`, {
      cause,
    });
  }
  const parsed = v.safeParse(configSchema, input, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? 'the file';
  throw new CodedError('bad-config', `${name}: ${field}: ${complaint(issue)}`, {
    details: { file: name, field },
  });
}

function complaint({ expected, received, message }: v.BaseIssue<unknown>): string {
  if (expected === 'never') return 'there is no such field; docs/operations.md lists them all';
  return expected === null ? message : `expected ${expected}, found ${received}`;
}

function toOptions(config: HubConfig, baseDir: string): Partial<HubOptions> {
  const { listen, data, tls, ...same } = config;
  return {
    ...same,
    ...(listen?.host === undefined ? {} : { host: listen.host }),
    ...(listen?.port === undefined ? {} : { port: listen.port }),
    ...(data === undefined ? {} : { dataDir: resolve(baseDir, data) }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            certFile: resolve(baseDir, tls.cert_file),
            keyFile: resolve(baseDir, tls.key_file),
          },
        }),
  };
}
