import type { ErrorEntry } from '@nowcast/model';

export type StoreErrorCode =
  | 'series-limit'
  | 'series-expired'
  | 'store-unavailable'
  | 'store-closed'
  | 'store-locked'
  | 'store-too-new'
  | 'store-unreadable';

export const storeErrors: Readonly<Record<StoreErrorCode, ErrorEntry>> = {
  'series-limit': {
    meaning: 'The store holds as many series as it may; this new one was refused.',
    action:
      'Remove the label that takes a new value all the time, or raise the limit of series. Existing series keep working.',
    retryable: true,
  },
  'series-expired': {
    meaning: 'A series had no sample for so long that its handle was given up.',
    action: 'Ask for the handle again with the labels of the series, then append.',
    retryable: true,
  },
  'store-unavailable': {
    meaning: 'The store cannot write at the moment: the disk is full, read-only or failing.',
    action:
      'Free space or mend the disk. Live data keeps flowing; writing resumes by itself and acknowledgements with it.',
    retryable: true,
  },
  'store-closed': {
    meaning: 'The store has been closed.',
    action: 'Open it again.',
    retryable: false,
  },
  'store-locked': {
    meaning: 'Another process uses the data directory.',
    action: 'Stop the other process or choose another data directory.',
    retryable: true,
  },
  'store-too-new': {
    meaning: 'The data directory was written by a newer version.',
    action: 'Run that version or a later one; this one leaves the directory as it is.',
    retryable: false,
  },
  'store-unreadable': {
    meaning: 'The data directory cannot be used as a store.',
    action: 'Check the path, its permissions, and that it is empty or was written by this program.',
    retryable: false,
  },
};
