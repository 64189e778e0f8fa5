/** Paths whose state is not, or not surely, what it was in the recorded course. */
import type { ByteString } from '../../core/values/value.ts';
import type { Cause } from '../machine/cause.ts';
import { nearest, parentPath } from '../machine/paths.ts';
import { Unrecorded } from './unrecorded.ts';

/** Of more it is taken that anything may be different. */
const mostPaths = 65_536;

/** A device is what it is, whoever writes to it; memory in files is not. */
const isDevice = (path: ByteString): boolean => /^\/dev\/(?!shm\/|mqueue\/)/.test(path);

export class ChangedPaths {
  private readonly byPath = new Map<ByteString, Cause>();
  /** Directories whose entries differ. */
  private readonly listings = new Map<ByteString, Cause>();
  /** Why the entries of any directory may differ: more do than are kept. */
  private anyListing: Cause | undefined;
  /** What processes may have changed that go their own way. */
  readonly unrecorded = new Unrecorded();

  get any(): boolean {
    return this.byPath.size > 0 || this.unrecorded.cause !== undefined;
  }

  has(path: ByteString): boolean {
    return this.byPath.has(path);
  }

  add(path: ByteString, cause: Cause): void {
    if (this.byPath.has(path) || !path.startsWith('/') || isDevice(path)) return;
    this.byPath.set(this.byPath.size < mostPaths ? path : '/', cause);
  }

  /** The name is there, or is not, otherwise than recorded. */
  addName(path: ByteString, cause: Cause): void {
    this.add(path, cause);
    this.addListing(parentPath(path), cause);
  }

  private addListing(directory: ByteString, cause: Cause): void {
    if (this.listings.has(directory)) return;
    if (this.listings.size < mostPaths) this.listings.set(directory, cause);
    else this.anyListing ??= cause;
  }

  /** Why the path, or a directory that it lies below, is not as recorded. */
  at(path: ByteString): Cause | undefined {
    return nearest(this.byPath, path) ?? this.byPath.get('/') ?? this.unrecorded.at(path);
  }

  /** Why the entries of a directory are not as recorded. */
  entriesOf(directory: ByteString): Cause | undefined {
    return (
      this.listings.get(directory) ??
      this.anyListing ??
      this.at(directory) ??
      this.unrecorded.entriesOf(directory)
    );
  }

  /** Takes over what another one holds; `say` words it for here. */
  takeOver(other: ChangedPaths, say: (cause: Cause) => Cause): void {
    for (const [path, cause] of other.byPath) this.add(path, say(cause));
    for (const [path, cause] of other.listings) this.addListing(path, say(cause));
    if (other.anyListing !== undefined) this.anyListing ??= say(other.anyListing);
    this.unrecorded.takeOver(other.unrecorded, say);
  }
}
