/**
 * What releases of Tetragon accept. The rules here are those of Tetragon's main branch. Of the releases it is known which keys,
 * words and limits their custom resource definitions have (those of the newest patch of each: v1.4.1, v1.5.0, v1.6.1, v1.7.0), and
 * of the loader's own rules the few in `refusals`; where others differ is not known.
 */
export const tetragonReleases = ['1.4', '1.5', '1.6', '1.7', 'main'] as const;
export type TetragonRelease = (typeof tetragonReleases)[number];

/** The release is older than that which brought something. */
export function isBeforeRelease(release: TetragonRelease, since: TetragonRelease): boolean {
  return tetragonReleases.indexOf(release) < tetragonReleases.indexOf(since);
}

/** Rules of the loader, by the release that was the first to refuse what breaks them. */
export const refusals = {
  /** `returnArgAction` takes TrackSock and UntrackSock only; before, every action passed, and most did nothing. */
  returnArgAction: '1.7',
  /** More than five selectors; before, those beyond were not looked at. */
  selectors: '1.7',
  /** What was of following descriptors. */
  followDescriptors: 'main',
} as const satisfies Readonly<Record<string, TetragonRelease>>;

/** Words and keys that older releases have and main has not. */
const removed: ReadonlySet<string> = new Set(['FollowFD', 'UnfollowFD', 'CopyFD', 'argFd', 'argName']);

/** The release that was the first to refuse a word or key that stood in the language before. */
export const removedIn = (word: string): TetragonRelease | undefined =>
  removed.has(word) ? refusals.followDescriptors : undefined;

/** Keys by the release that brought them: the end of their place in the policy, without numbers. */
const keys: readonly (readonly [TetragonRelease, RegExp])[] = [
  ['1.5', /\.(kprobes\.ignore|tracepoints\.raw|uprobes\.(offsets|refCtrOffsets)|match(Return)?Args\.args)$/],
  [
    '1.6',
    /^spec\.usdts$|\.(btfType|source|addrs|btfPath|kprobes\.data|match(Return)?Actions\.(argIndex|argRegs|argValue)|matchData)$/,
  ],
  [
    '1.7',
    /^spec\.(fentries|hostSelector|selectorsMacros)$|\.(macros|matchParentBinaries|uprobes\.(data|return|returnArg))$/,
  ],
  [
    'main',
    /^spec\.nodeSelector$|\.(btfTypeModule|binaryDigests|uprobes\.ignore|selectors\.label|argNew(Addr|Offset|Symbol)|matchWorkloads)$/,
  ],
];

/** Words that are values of such a key, by the release that brought them. */
const words: readonly (readonly [TetragonRelease, key: string, values: readonly string[]])[] = [
  ['1.5', 'operator', ['CapabilitiesGained']],
  ['1.6', 'operator', ['InRange', 'NotInRange']],
  ['1.6', 'action', ['Set']],
  ['1.6', 'type', ['bpf_prog']],
  ['1.7', 'operator', ['CelExpr', 'FileType', 'NotFileType', 'SubString', 'SubStringIgnCase']],
  ['1.7', 'type', ['const_buf', 'long', 'sint8', 'sint16', 'sint32', 'sint64', 'sockaddr_un', 'ulong']],
];

/** @param place with dots and without numbers: `spec.kprobes.selectors.macros` */
export const keySince = (place: string): TetragonRelease | undefined =>
  keys.find(([, ending]) => ending.test(place))?.[0];

export const wordSince = (key: string, word: string): TetragonRelease | undefined =>
  words.find(([, of, values]) => of === key && values.includes(word))?.[0];

/** A filter on arguments may leave its index out. */
export const optionalIndex: TetragonRelease = '1.6';
