import { crc32 } from 'node:zlib';
import { CodedError } from '@nowcast/model';
import { BitReader } from '../codec/bit-reader.ts';
import { BitWriter } from '../codec/bit-writer.ts';

/** Where things stand in a block file; FORMAT.md draws it. All numbers little-endian. */
export const FORMAT_VERSION = 1;
export const HEADER_SIZE = 16;
export const FOOTER_SIZE = 176;
export const CHECKSUM_SIZE = 4;

const HEAD_MAGIC = 'NOWCBLK\n';
const TAIL_MAGIC = 'NOWCEND\n';

/** Samples of a chunk: two hours at one a second. */
export const CHUNK_MAX = 7_200;
/** Dense series are cut into chunks at these boundaries, so that series sampled together share their times. */
export const CHUNK_WINDOW_MS = 7_200_000;

export interface Section {
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
}

export interface BlockFooter {
  readonly minMs: number;
  readonly maxMs: number;
  readonly samples: number;
  readonly series: number;
  /** 0 for samples as they were sent, otherwise the window of a rollup. */
  readonly resolutionMs: number;
  readonly symbols: Section;
  readonly labels: Section;
  readonly chunks: Section;
  readonly times: Section;
}

export function checksum(bytes: Uint8Array): number {
  return crc32(bytes);
}

export function encodeHeader(): Uint8Array {
  const writer = new BitWriter();
  writer.copy(ascii(HEAD_MAGIC));
  writer.word(FORMAT_VERSION);
  writer.word(0);
  return writer.view().slice();
}

export function encodeFooter(footer: BlockFooter): Uint8Array {
  const writer = new BitWriter();
  for (const field of [footer.minMs, footer.maxMs, footer.samples, footer.series])
    writer.float(field);
  writer.float(footer.resolutionMs);
  for (const section of [footer.symbols, footer.labels, footer.chunks, footer.times]) {
    writer.float(section.offset);
    writer.float(section.length);
    writer.float(section.checksum);
  }
  // Room for what later versions may need without another layout.
  while (writer.size < FOOTER_SIZE - 12) writer.byte(0);
  writer.word(checksum(writer.view()));
  writer.copy(ascii(TAIL_MAGIC));
  return writer.view().slice();
}

/** @throws {CodedError} `store-unreadable` when the bytes are no footer, `store-too-new` for a later version */
export function decodeFooter(file: string, header: Uint8Array, bytes: Uint8Array): BlockFooter {
  const damaged = (what: string): CodedError =>
    new CodedError('store-unreadable', `${file} is damaged: ${what}`, { details: { file } });
  if (text(header.subarray(0, 8)) !== HEAD_MAGIC) throw damaged('it does not begin as a block');
  const version = new BitReader(header, 8).word();
  if (version > FORMAT_VERSION)
    throw new CodedError(
      'store-too-new',
      `${file} has format version ${version}; this program reads up to ${FORMAT_VERSION}`,
    );
  if (bytes.length < FOOTER_SIZE || text(bytes.subarray(FOOTER_SIZE - 8)) !== TAIL_MAGIC)
    throw damaged('its end is missing');
  const expected = new BitReader(bytes, FOOTER_SIZE - 12).word();
  if (checksum(bytes.subarray(0, FOOTER_SIZE - 12)) !== expected)
    throw damaged('the checksum of its footer is wrong');
  const reader = new BitReader(bytes);
  const section = (): Section => ({
    offset: reader.float(),
    length: reader.float(),
    checksum: reader.float(),
  });
  return {
    minMs: reader.float(),
    maxMs: reader.float(),
    samples: reader.float(),
    series: reader.float(),
    resolutionMs: reader.float(),
    symbols: section(),
    labels: section(),
    chunks: section(),
    times: section(),
  };
}

function ascii(characters: string): Uint8Array {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
