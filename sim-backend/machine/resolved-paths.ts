/** Where paths led, as long as no link changes: the same few are looked up again and again. */
import type { ByteString } from '../../core/values/value.ts';

const most = 16_384;

export class ResolvedPaths {
  /** By directory, then by path; one for each way to treat a link at the end. */
  private readonly known = [
    new Map<ByteString, Map<ByteString, ByteString>>(),
    new Map<ByteString, Map<ByteString, ByteString>>(),
  ];
  private count = 0;
  private version = 0;

  /** @param version of the links: where it changed, all is forgotten */
  get(version: number, directory: ByteString, path: ByteString, followLast: boolean): ByteString | undefined {
    if (version !== this.version) this.forget();
    this.version = version;
    return this.known[Number(followLast)]?.get(directory)?.get(path);
  }

  set(directory: ByteString, path: ByteString, followLast: boolean, resolved: ByteString): void {
    if (this.count >= most) this.forget();
    this.count += 1;
    const directories = this.known[Number(followLast)];
    const paths = directories?.get(directory);
    if (paths) paths.set(path, resolved);
    else directories?.set(directory, new Map([[path, resolved]]));
  }

  private forget(): void {
    if (this.count === 0) return;
    for (const directories of this.known) directories.clear();
    this.count = 0;
  }
}
