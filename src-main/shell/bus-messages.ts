// The messages of D-Bus as bytes. Wire format: the D-Bus specification, 'Type System' and 'Message Protocol'.

export type BusValue =
  | string
  | number
  | bigint
  | boolean
  /** For `ay`: a picture as an array of numbers would be slow. */
  | Uint8Array
  | BusValue[]
  | { signature: string; value: BusValue };

/** A signal is for everybody who listens; a call has one destination. */
export interface Signal {
  path: string;
  interface: string;
  member: string;
  signature?: string;
  body?: BusValue[];
}

export interface Call extends Signal {
  destination: string;
  /** False: only to a service that runs already. */
  activate?: false;
}

export const messageType = { call: 1, return: 2, error: 3, signal: 4 };

/** A flag of a message (specification, 'Message Format'). */
const noAutoStart = 0x2;

/** Far more than any answer that is asked for here; a longer one means that the stream is not D-Bus. */
const longestMessage = 1 << 20;

export class BusError extends Error {
  readonly code: string;
  constructor(code: string, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.code = code;
  }
}

export interface Message {
  type: number;
  replyTo: number | null;
  errorName: string;
  path: string;
  interface: string;
  member: string;
  body: BusValue[];
}

/** Codes of the header fields (specification, 'Header Fields'). */
const field = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  signature: 8,
};

export function encodeCall(serial: number, call: Call): Buffer {
  const destination: BusValue = [field.destination, { signature: 's', value: call.destination }];
  return encode(messageType.call, serial, call, [destination], call.activate === false ? noAutoStart : 0);
}

export function encodeSignal(serial: number, signal: Signal): Buffer {
  return encode(messageType.signal, serial, signal, []);
}

function encode(type: number, serial: number, message: Signal, more: BusValue[], flags = 0): Buffer {
  const body = new Writer();
  const signature = message.signature ?? '';
  body.values(signature, message.body ?? []);
  const bodyBytes = body.bytes();

  const header = new Writer();
  for (const byte of ['l'.charCodeAt(0), type, flags, 1]) header.value('y', byte);
  header.value('u', bodyBytes.length);
  header.value('u', serial);
  const fields: BusValue[] = [
    [field.path, { signature: 'o', value: message.path }],
    [field.interface, { signature: 's', value: message.interface }],
    [field.member, { signature: 's', value: message.member }],
    ...more,
  ];
  if (signature !== '') fields.push([field.signature, { signature: 'g', value: signature }]);
  header.value('a(yv)', fields);
  header.align(8);
  return Buffer.concat([header.bytes(), bodyBytes]);
}

/** Of the first message in `bytes`; null when not even its fixed header is there yet. */
export function messageLength(bytes: Buffer): number | null {
  if (bytes.length < 16) return null;
  const little = bytes[0] === 'l'.charCodeAt(0);
  const read = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const length = align(16 + read(12), 8) + read(4);
  if (length > longestMessage) throw new BusError('malformed', 'too long');
  return length;
}

export function decodeMessage(bytes: Buffer): Message {
  const reader = new Reader(bytes);
  const type = bytes[1] ?? 0;
  reader.position = 12;
  const fields = new Map<number, BusValue>();
  for (const entry of reader.value('a(yv)') as BusValue[][]) {
    const [code, variant] = entry as [number, { signature: string; value: BusValue }];
    fields.set(code, variant.value);
  }
  reader.align(8);
  const text = (code: number) => {
    const value = fields.get(code);
    return typeof value === 'string' ? value : '';
  };
  const replyTo = fields.get(field.replySerial);
  return {
    type,
    replyTo: typeof replyTo === 'number' ? replyTo : null,
    errorName: text(field.errorName) || (type === messageType.error ? 'error' : ''),
    path: text(field.path),
    interface: text(field.interface),
    member: text(field.member),
    body: reader.values(text(field.signature)),
  };
}

/** The complete types of a signature: `sa{sv}u` -> `s`, `a{sv}`, `u`. */
function completeTypes(signature: string): string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length;) {
    const end = typeEnd(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

function typeEnd(signature: string, start: number): number {
  let at = start;
  while (signature[at] === 'a') at++;
  const open = signature[at];
  if (open !== '(' && open !== '{') return at + 1;
  let depth = 0;
  for (; at < signature.length; at++) {
    if (signature[at] === '(' || signature[at] === '{') depth++;
    else if ((signature[at] === ')' || signature[at] === '}') && --depth === 0) return at + 1;
  }
  throw new BusError('malformed', `signature ${signature}`);
}

function alignment(type: string): number {
  if ('ygv'.includes(type.charAt(0))) return 1;
  if ('nq'.includes(type.charAt(0))) return 2;
  return 'xtd({'.includes(type.charAt(0)) ? 8 : 4;
}

function align(position: number, to: number): number {
  return Math.ceil(position / to) * to;
}

/** Little-endian; alignment counts from the start of what one Writer writes. */
class Writer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  align(to: number): void {
    this.#push(Buffer.alloc(align(this.#length, to) - this.#length));
  }

  values(signature: string, values: readonly BusValue[]): void {
    completeTypes(signature).forEach((type, i) => this.value(type, values[i] ?? 0));
  }

  value(type: string, value: BusValue): void {
    this.align(alignment(type));
    const number = (size: number, write: (buffer: Buffer) => void) => {
      const buffer = Buffer.alloc(size);
      write(buffer);
      this.#push(buffer);
    };
    switch (type.charAt(0)) {
      case 'y':
        return number(1, (b) => b.writeUInt8(Number(value)));
      case 'b':
      case 'u':
        return number(4, (b) => b.writeUInt32LE(Number(value)));
      case 'i':
        return number(4, (b) => b.writeInt32LE(Number(value)));
      case 'x':
        return number(8, (b) => b.writeBigInt64LE(BigInt(value as bigint | number)));
      case 's':
      case 'o': {
        // A daemon ends the connection of whoever sends it a string with a null character in it.
        const text = Buffer.from(String(value).replaceAll('\0', '\ufffd'));
        number(4, (b) => b.writeUInt32LE(text.length));
        return this.#push(Buffer.concat([text, Buffer.alloc(1)]));
      }
      case 'g': {
        const text = Buffer.from(String(value));
        return this.#push(Buffer.concat([Buffer.from([text.length]), text, Buffer.alloc(1)]));
      }
      case 'v': {
        const variant = value as { signature: string; value: BusValue };
        this.value('g', variant.signature);
        return this.value(variant.signature, variant.value);
      }
      case '(':
      case '{':
        return this.values(type.slice(1, -1), value as BusValue[]);
      case 'a': {
        const size = Buffer.alloc(4);
        this.#push(size);
        this.align(alignment(type.slice(1)));
        const start = this.#length;
        if (value instanceof Uint8Array) this.#push(Buffer.from(value));
        else for (const item of value as BusValue[]) this.value(type.slice(1), item);
        size.writeUInt32LE(this.#length - start);
        return;
      }
      default:
        throw new BusError('malformed', `cannot write ${type}`);
    }
  }
}

class Reader {
  readonly #bytes: Buffer;
  readonly #little: boolean;
  position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#little = bytes[0] === 'l'.charCodeAt(0);
  }

  align(to: number): void {
    this.position = align(this.position, to);
  }

  values(signature: string): BusValue[] {
    return completeTypes(signature).map((type) => this.value(type));
  }

  #advance(size: number): number {
    const at = this.position;
    if (size < 0 || at + size > this.#bytes.length) throw new BusError('malformed', 'too short');
    this.position += size;
    return at;
  }

  value(type: string): BusValue {
    this.align(alignment(type));
    const bytes = this.#bytes;
    const little = this.#little;
    const u32 = () => {
      const at = this.#advance(4);
      return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    };
    const text = (size: number) => {
      const at = this.#advance(size + 1);
      return bytes.toString('utf8', at, at + size);
    };
    switch (type.charAt(0)) {
      case 'y':
        return bytes.readUInt8(this.#advance(1));
      case 'b':
        return u32() !== 0;
      case 'n':
      case 'q':
        return little ? bytes.readUInt16LE(this.#advance(2)) : bytes.readUInt16BE(this.#advance(2));
      case 'u':
      case 'h':
        return u32();
      case 'i':
        return u32() | 0;
      case 'x':
      case 't':
      case 'd': {
        const at = this.#advance(8);
        if (type === 'd') return little ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at);
        return little ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at);
      }
      case 's':
      case 'o':
        return text(u32());
      case 'g':
        return text(bytes.readUInt8(this.#advance(1)));
      case 'v': {
        const signature = this.value('g') as string;
        return { signature, value: this.value(signature) };
      }
      case '(':
      case '{':
        return this.values(type.slice(1, -1));
      case 'a': {
        const size = u32();
        this.align(alignment(type.slice(1)));
        const end = this.position + size;
        if (end > bytes.length) throw new BusError('malformed', 'too short');
        const items: BusValue[] = [];
        while (this.position < end) items.push(this.value(type.slice(1)));
        return items;
      }
      default:
        throw new BusError('malformed', `cannot read ${type}`);
    }
  }
}
