// Protocol headers: 'AMQP' and four bytes, whose meaning changed from version to version.

export interface Version {
  /** '0-9-1', '1.0 (SASL)' */
  readonly name: string;
  readonly id: number;
  readonly major: number;
  readonly minor: number;
  readonly revision: number;
}

const names: Readonly<Record<string, string>> = {
  '0 0 9 1': '0-9-1',
  '1 1 0 9': '0-9',
  // Its specification has the second form, some clients send the first.
  '1 1 8 0': '0-8',
  '1 1 9 1': '0-8',
  '1 1 0 10': '0-10',
  '0 1 0 0': '1.0',
  '2 1 0 0': '1.0 (TLS)',
  '3 1 0 0': '1.0 (SASL)',
};

const amqp = [0x41, 0x4d, 0x51, 0x50];

/** Whether the bytes are a header, or may become one. */
export const startsLikeAmqp = (bytes: Uint8Array): boolean =>
  amqp.every((letter, index) => index >= bytes.length || bytes[index] === letter);

/** Undefined where the first eight bytes are no protocol header. */
export function versionOf(bytes: Uint8Array): Version | undefined {
  if (bytes.length < 8 || !startsLikeAmqp(bytes)) return undefined;
  const [id = 0, major = 0, minor = 0, revision = 0] = bytes.subarray(4, 8);
  return {
    name: names[`${id} ${major} ${minor} ${revision}`] ?? `${id}-${major}-${minor}-${revision}`,
    id,
    major,
    minor,
    revision,
  };
}

/** RabbitMQ answers a header of 0-9 as it does 0-9-1 (rabbit_reader.erl, version_negotiation/2), and so can we. */
export const isCompatible = ({ name }: Version): boolean => name === '0-9-1' || name === '0-9';
