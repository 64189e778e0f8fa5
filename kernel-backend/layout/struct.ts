/** C structures as data, little endian, read and written by field name. Where each field lies is the compiler's doing. */

/** How a value lies in memory: read as T; written from what may be less. */
export interface Field<T, Written = T> {
  readonly size: number;
  read(view: DataView, at: number): T;
  write(view: DataView, at: number, value: Written): void;
}

const scalar = <T>(
  size: number,
  read: (view: DataView, at: number) => T,
  write: (view: DataView, at: number, value: T) => void,
): Field<T> => ({ size, read, write });

export const u8 = scalar<number>(
  1,
  (v, at) => v.getUint8(at),
  (v, at, n) => v.setUint8(at, n),
);
export const u16 = scalar<number>(
  2,
  (v, at) => v.getUint16(at, true),
  (v, at, n) => v.setUint16(at, n, true),
);
export const u32 = scalar<number>(
  4,
  (v, at) => v.getUint32(at, true),
  (v, at, n) => v.setUint32(at, n, true),
);
export const s32 = scalar<number>(
  4,
  (v, at) => v.getInt32(at, true),
  (v, at, n) => v.setInt32(at, n, true),
);
export const u64 = scalar<bigint>(
  8,
  (v, at) => v.getBigUint64(at, true),
  (v, at, n) => v.setBigUint64(at, n, true),
);
export const s64 = scalar<bigint>(
  8,
  (v, at) => v.getBigInt64(at, true),
  (v, at, n) => v.setBigInt64(at, n, true),
);

/** Bytes as they are; a shorter value leaves zeros behind it. */
export const blob = (size: number): Field<Uint8Array> => ({
  size,
  read: (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, size),
  write: (view, at, value) => {
    if (value.length > size) throw new RangeError(`${value.length} bytes do not fit into ${size}`);
    new Uint8Array(view.buffer, view.byteOffset + at, size).set(value);
  },
});

/** Elements one after another; fewer than `count` leave zeros behind them, more are a RangeError. */
export const array = <T, W>(of: Field<T, W>, count: number): Field<readonly T[], readonly W[]> => ({
  size: of.size * count,
  read: (view, at) => Array.from({ length: count }, (_, i) => of.read(view, at + i * of.size)),
  write(view, at, values) {
    if (values.length > count) throw new RangeError(`${values.length} elements do not fit into ${count}`);
    values.forEach((value, i) => of.write(view, at + i * of.size, value));
  },
});

/** A field and its offset in the structure. Members of a union share theirs. */
export interface Placed<T, W = T> {
  readonly offset: number;
  readonly field: Field<T, W>;
}

export const at = <T, W>(offset: number, field: Field<T, W>): Placed<T, W> => ({ offset, field });

/** What `read` and `decode` give. */
export type Read<S> = S extends { read(view: DataView, at: number): infer T } ? T : never;
/** What `write` and `encode` take. */
export type Written<S> = S extends { write(view: DataView, at: number, value: infer W): void } ? W : never;

type Values<F> = { readonly [K in keyof F]: F[K] extends { readonly field: infer S } ? Read<S> : never };
/** What is not given stays zero; of a union one member may be given. */
type Given<F> = { readonly [K in keyof F]?: F[K] extends { readonly field: infer S } ? Written<S> : never };

export interface Struct<F> extends Field<Values<F>, Given<F>> {
  /** C name of the structure. */
  readonly name: string;
  readonly fields: F;
  encode(value: Given<F>): Uint8Array;
  decode(bytes: Uint8Array): Values<F>;
}

/** The fields in the order of their offsets. */
export function struct<F extends Readonly<Record<string, { readonly offset: number }>>>(
  name: string,
  size: number,
  fields: F,
): Struct<F> {
  const entries = Object.entries(fields) as unknown as [string, Placed<unknown, unknown>][];
  const write = (view: DataView, start: number, value: Given<F>): void => {
    let end = 0;
    for (const [key, { offset, field }] of entries) {
      const given = (value as Readonly<Record<string, unknown>>)[key];
      if (given === undefined) continue;
      if (offset < end) throw new RangeError(`${name}: two members of a union are given, one is ${key}`);
      end = offset + field.size;
      field.write(view, start + offset, given);
    }
  };
  const read = (view: DataView, start: number): Values<F> =>
    Object.fromEntries(
      entries.map(([key, { offset, field }]) => [key, field.read(view, start + offset)]),
    ) as Values<F>;
  return {
    name,
    size,
    fields,
    write,
    read,
    encode(value) {
      const bytes = new Uint8Array(size);
      write(new DataView(bytes.buffer), 0, value);
      return bytes;
    },
    decode: (bytes) => read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0),
  };
}
