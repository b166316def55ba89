import type { ErrorEntry } from '@nowcast/model';

export type HubErrorCode =
  | 'port-in-use'
  | 'address-unavailable'
  | 'bad-config'
  | 'config-unreadable'
  | 'tls-unreadable'
  | 'data-dir-unusable'
  | 'too-old'
  | 'too-far-ahead'
  | 'host-refused'
  | 'page-missing';

const stop = (meaning: string, action: string): ErrorEntry => ({
  meaning,
  action,
  retryable: false,
});

export const hubErrors: Readonly<Record<HubErrorCode, ErrorEntry>> = {
  'port-in-use': stop(
    'Another program listens on the port.',
    'Stop the other program, or choose another port with --port.',
  ),
  'address-unavailable': stop(
    'The address to listen on does not belong to this machine, or the port needs more rights.',
    'Choose an address of this machine with --host, and a port above 1023.',
  ),
  'bad-config': stop(
    'The configuration has a field that is unknown or has the wrong form.',
    'Correct the field that the message names; docs/operations.md lists them all.',
  ),
  'config-unreadable': stop(
    'The configuration file cannot be read, or is not YAML.',
    'Check the path given with --config, its permissions, and the line that the message names.',
  ),
  'tls-unreadable': stop(
    'The certificate or its key cannot be read or do not belong together.',
    'Check both files: PEM, the whole chain in the certificate, the key without a passphrase.',
  ),
  'data-dir-unusable': stop(
    'The data folder cannot be created or written.',
    'Choose another folder with --data, or mend its permissions.',
  ),
  'too-old': stop(
    'Samples older than the store keeps were dropped.',
    'Check the publisher’s clock, or raise the retention.',
  ),
  'too-far-ahead': stop(
    'Samples with a time far ahead of the hub’s clock were dropped.',
    'Set the clocks of the publisher and of the hub.',
  ),
  'host-refused': stop(
    'The request names a host this hub does not answer to, which is what a DNS rebinding attack looks like.',
    'Use the address the hub prints, or add the name to `hosts` in the configuration.',
  ),
  'page-missing': stop(
    'The hub was started without the built page.',
    'Run `npm run build`, or use the API and the WebSocket endpoint alone.',
  ),
};
