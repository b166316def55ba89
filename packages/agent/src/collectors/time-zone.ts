/**
 * The name of the zone in force, such as `CET` or `CST`, from the machine's zone file (TZif, RFC 8536).
 * Node's own `Intl` knows it too, but loading it costs the agent ten megabytes, and it calls many zones by
 * their offset instead.
 */
const MAGIC = 0x545a6966;
const HEADER_BYTES = 44;
const TYPE_BYTES = 6;
const VERSION_AT = 4;
const VERSION_2 = 0x32;

/** The abbreviation of the newest kind of time with this offset; undefined when the file has none. */
export function zoneAbbreviation(file: Buffer, offsetSeconds: number): string | undefined {
  const old = readBlock(file, { at: 0, timeBytes: 4, offsetSeconds });
  if (old === undefined || file.readUInt8(VERSION_AT) < VERSION_2) return old?.name;
  // From version 2 on everything follows once more with times of 8 bytes, and what precedes may be empty.
  return readBlock(file, { at: old.end, timeBytes: 8, offsetSeconds })?.name;
}

interface Block {
  readonly at: number;
  readonly timeBytes: number;
  readonly offsetSeconds: number;
}

function readBlock(
  file: Buffer,
  { at, timeBytes, offsetSeconds }: Block,
): { readonly end: number; readonly name: string | undefined } | undefined {
  if (file.length < at + HEADER_BYTES || file.readUInt32BE(at) !== MAGIC) return undefined;
  const [utcMarks, wallMarks, leaps, times, types, characters] = [20, 24, 28, 32, 36, 40].map(
    (field) => file.readUInt32BE(at + field),
  ) as [number, number, number, number, number, number];
  const kindsAt = at + HEADER_BYTES + times * timeBytes;
  const typesAt = kindsAt + times;
  const namesAt = typesAt + types * TYPE_BYTES;
  const end = namesAt + characters + leaps * (timeBytes + 4) + wallMarks + utcMarks;
  if (file.length < end) return undefined;
  const inForce = [...file.subarray(kindsAt, typesAt)].reverse();
  const kinds = [...inForce, ...Array.from({ length: types }, (_, type) => type)];
  const type = kinds.find(
    (one) => one < types && file.readInt32BE(typesAt + one * TYPE_BYTES) === offsetSeconds,
  );
  if (type === undefined) return { end, name: undefined };
  const start = namesAt + file.readUInt8(typesAt + type * TYPE_BYTES + 5);
  return { end, name: file.toString('latin1', start, file.indexOf(0, start)) };
}
