/**
 * The name of the zone in force, such as `CET` or `CST`, from the machine's zone file (TZif, RFC 8536).
 * Node's own `Intl` knows it too, but loading it costs the agent ten megabytes, and it calls many zones by
 * their offset instead.
 */
const MAGIC = 0x545a6966;
const HEADER_BYTES = 44;
const TYPE_BYTES = 6;

/** The abbreviation of the newest kind of time with this offset; undefined when the file has none. */
export function zoneAbbreviation(file: Buffer, offsetSeconds: number): string | undefined {
  if (file.length < HEADER_BYTES || file.readUInt32BE(0) !== MAGIC) return undefined;
  const [utcMarks, wallMarks, leaps, times, types, characters] = [20, 24, 28, 32, 36, 40].map(
    (at) => file.readUInt32BE(at),
  ) as [number, number, number, number, number, number];
  const kindsAt = HEADER_BYTES + times * 4;
  const typesAt = kindsAt + times;
  const namesAt = typesAt + types * TYPE_BYTES;
  const end = namesAt + characters + leaps * 8 + wallMarks + utcMarks;
  if (file.length < end) return undefined;
  const nameOf = (type: number): string | undefined => {
    const at = typesAt + type * TYPE_BYTES;
    if (type >= types || file.readInt32BE(at) !== offsetSeconds) return undefined;
    const start = namesAt + file.readUInt8(at + 5);
    return file.toString('latin1', start, file.indexOf(0, start));
  };
  for (let index = times - 1; index >= 0; index--) {
    const name = nameOf(file.readUInt8(kindsAt + index));
    if (name !== undefined) return name;
  }
  for (let type = 0; type < types; type++) {
    const name = nameOf(type);
    if (name !== undefined) return name;
  }
  return undefined;
}
