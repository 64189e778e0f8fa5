/**
 * What releases of Tetragon accept, as far as it is known to differ. The rules here are those of Tetragon's main branch; older
 * releases lack parts of the language as well, of which this table has nothing: their custom resource definition tells.
 */
export const tetragonReleases = ['1.4', '1.5', '1.6', '1.7', 'main'] as const;
export type TetragonRelease = (typeof tetragonReleases)[number];

/** `returnArgAction` takes TrackSock and UntrackSock only; before, any text passed, and Post did nothing. */
export const strictReturnActions: TetragonRelease = '1.7';

/** The release is older than that which brought a refusal. */
export function isBeforeRelease(release: TetragonRelease, since: TetragonRelease): boolean {
  return tetragonReleases.indexOf(release) < tetragonReleases.indexOf(since);
}
