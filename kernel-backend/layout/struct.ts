/** C structures as data: sizes and offsets by natural alignment, little endian, read and written by field name. */

/** How a value of type T lies in memory. */
export interface Field<T> {
  readonly size: number;
  readonly align: number;
  read(view: DataView, at: number): T;
  write(view: DataView, at: number, value: T): void;
}

const scalar = <T>(
  size: number,
  read: (view: DataView, at: number) => T,
  write: (view: DataView, at: number, value: T) => void,
): Field<T> => ({ size, align: size, read, write });

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
export const i32 = scalar<number>(
  4,
  (v, at) => v.getInt32(at, true),
  (v, at, n) => v.setInt32(at, n, true),
);
export const u64 = scalar<bigint>(
  8,
  (v, at) => v.getBigUint64(at, true),
  (v, at, n) => v.setBigUint64(at, n, true),
);
export const i64 = scalar<bigint>(
  8,
  (v, at) => v.getBigInt64(at, true),
  (v, at, n) => v.setBigInt64(at, n, true),
);

/** Bytes as they are; a shorter value leaves zeros behind it. */
export const blob = (size: number): Field<Uint8Array> => ({
  size,
  align: 1,
  read: (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, size),
  write: (view, at, value) => new Uint8Array(view.buffer, view.byteOffset + at, size).set(value),
});

/** Elements one after another; fewer than `count` leave zeros behind them, more are a RangeError. */
export const array = <T>(of: Field<T>, count: number): Field<readonly T[]> => ({
  size: of.size * count,
  align: of.align,
  read: (view, at) => Array.from({ length: count }, (_, i) => of.read(view, at + i * of.size)),
  write(view, at, values) {
    if (values.length > count) throw new RangeError(`${values.length} elements do not fit into ${count}`);
    values.forEach((value, i) => of.write(view, at + i * of.size, value));
  },
});

export interface Struct<V> extends Field<V> {
  /** C name of the structure. */
  readonly name: string;
  readonly offsets: Readonly<Record<string, number>>;
  /** What is not given stays zero. */
  encode(value: Partial<V>): Uint8Array;
}

export function struct<V>(name: string, fields: { readonly [K in keyof V]: Field<V[K]> }): Struct<V> {
  const entries = Object.entries(fields) as unknown as [string, Field<unknown>][];
  const offsets: Record<string, number> = {};
  let end = 0;
  let align = 1;
  for (const [key, field] of entries) {
    end = Math.ceil(end / field.align) * field.align;
    offsets[key] = end;
    end += field.size;
    align = Math.max(align, field.align);
  }
  const size = Math.ceil(end / align) * align;
  const write = (view: DataView, at: number, value: Partial<V>): void => {
    for (const [key, field] of entries) {
      const given = (value as Record<string, unknown>)[key];
      if (given !== undefined) field.write(view, at + (offsets[key] ?? 0), given);
    }
  };
  return {
    name,
    size,
    align,
    offsets,
    write,
    read: (view, at) =>
      Object.fromEntries(
        entries.map(([key, field]) => [key, field.read(view, at + (offsets[key] ?? 0))]),
      ) as V,
    encode(value) {
      const bytes = new Uint8Array(size);
      write(new DataView(bytes.buffer), 0, value);
      return bytes;
    },
  };
}
