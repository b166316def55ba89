/** What the SDK adds on Node. */
export { FileSpool, type FileSpoolOptions } from './node/file-spool.ts';
