/** What earlier steps on the same machine left behind. */
import type { GivenFile } from '../../core/backend/request.ts';
import { ChangedPaths } from './changed-paths.ts';

/** A file that is known to be there; without a content that is not known. */
export type LeftFile = Omit<GivenFile, 'content'> & Partial<Pick<GivenFile, 'content'>>;

export class Earlier {
  /** What they left otherwise than recorded. */
  readonly changed = new ChangedPaths();
  /** Files of the scenario, and others that it has written; undefined: no step has run. */
  files: readonly LeftFile[] | undefined;

  copy(): Earlier {
    const copy = new Earlier();
    copy.files = this.files;
    copy.changed.takeOver(this.changed, (cause) => cause);
    return copy;
  }
}
