/** What the text of a release tells: `6.12.117+deb13-cloud-amd64`. */

export interface Release {
  readonly major: number;
  readonly minor: number;
  /** `6.12`. */
  readonly line: string;
  /** Only where the text tells: `debian`, `redhat`. */
  readonly distribution?: string;
  /** As uname -m prints it; only where the text tells. */
  readonly architecture?: string;
  /** Debian's name for what it was configured for: `cloud-amd64`, `amd64`, `rt-amd64`. */
  readonly flavour?: string;
}

const architectures: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  '686': 'i686',
  '686-pae': 'i686',
};

/** Undefined if the text does not begin with a version. */
export function parseRelease(text: string): Release | undefined {
  const version = /^(\d+)\.(\d+)(?=$|[.\-+])/.exec(text);
  if (version === null) return undefined;
  const [line, major, minor] = version;
  // Debian's: 6.12.117+deb13-cloud-amd64, 5.10.0-32-amd64, 6.12.9+bpo-rt-amd64.
  const debian = /-((?:[a-z]+-)?(amd64|arm64|686-pae|686))$/.exec(text);
  const architecture = architectures[debian?.[2] ?? ''] ?? /[.-](x86_64|aarch64)$/.exec(text)?.[1];
  const distribution = debian ? 'debian' : /\.el\d/.test(text) ? 'redhat' : undefined;
  return {
    major: Number(major),
    minor: Number(minor),
    line,
    ...(distribution === undefined ? {} : { distribution }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(debian?.[1] === undefined ? {} : { flavour: debian[1] }),
  };
}

/** The release comes before a version such as `5.11`; undefined if the release tells no version. */
export function isBefore(release: string, version: string): boolean | undefined {
  const [own, other] = [parseRelease(release), parseRelease(version)];
  if (own === undefined || other === undefined) return undefined;
  return own.major < other.major || (own.major === other.major && own.minor < other.minor);
}
