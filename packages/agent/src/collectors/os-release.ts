import { noData, type CollectorModule } from '../collector.ts';
import { gauge } from '../series-group.ts';
import { constantCollector, type Fact } from './constant-info.ts';

const INFO = gauge('node_os_info', 'The operating system by its own words; always 1.');
const VERSION = gauge('node_os_version', 'Major and minor version of the operating system.');
const LABELS = [
  'build_id',
  'id',
  'id_like',
  'image_id',
  'image_version',
  'name',
  'pretty_name',
  'variant',
  'variant_id',
  'version',
  'version_codename',
  'version_id',
] as const;

/** The operating system's name and version, from `os-release`. */
export const osRelease: CollectorModule = {
  name: 'os',
  create(host, series) {
    return constantCollector(series, () => {
      const text = host.rootText('/etc/os-release') ?? host.rootText('/usr/lib/os-release');
      if (text === undefined) throw noData('/etc/os-release');
      const fields = parseOsRelease(text);
      const facts: Fact[] = [
        {
          spec: INFO,
          labels: Object.fromEntries(
            LABELS.map((label) => [label, fields.get(label.toUpperCase()) ?? '']),
          ),
        },
      ];
      const version = /^\d+(\.\d+)?/.exec(fields.get('VERSION_ID') ?? '');
      if (version)
        facts.push({
          spec: VERSION,
          labels: {
            id: fields.get('ID') ?? '',
            id_like: fields.get('ID_LIKE') ?? '',
            name: fields.get('NAME') ?? '',
          },
          value: Number(version[0]),
        });
      return facts;
    });
  },
};

/** Reads lines of `KEY=value`, the value bare or quoted as a shell has it. */
export function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const parts = /^\s*([A-Z0-9_]+)=(.*)$/.exec(line);
    if (!parts) continue;
    const raw = (parts[2] as string).trim();
    const quoted = /^(["'])(.*)\1$/.exec(raw);
    const value = quoted ? (quoted[2] as string) : raw;
    fields.set(parts[1] as string, value.replaceAll(/\\(["'$`\\])/g, '$1'));
  }
  return fields;
}
