/** Rate limits: `5` (seconds), `30s`, `5m`, `1h`. */
const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };
const longest = 2 ** 32 - 1;

/** The window in milliseconds, cut to what 32 bits hold; undefined if the text is no rate limit. */
export function parseRateLimit(text: string): number | undefined {
  const match = /^(\d+)([smh]?)$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || unit === undefined) return undefined;
  const count = Number(match[1]);
  return count > longest ? undefined : Math.min(count * unit, longest);
}

/** The shortest way to write a window. */
export function formatRateLimit(windowMs: number): string {
  if (windowMs > 0 && windowMs % 3_600_000 === 0) return `${windowMs / 3_600_000}h`;
  if (windowMs > 0 && windowMs % 60_000 === 0) return `${windowMs / 60_000}m`;
  return `${windowMs / 1000}s`;
}
