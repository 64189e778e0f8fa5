/** Workflow commands of GitHub Actions: annotations at a place of a file. */
import type { Span } from '../../core/source/diagnostic.ts';
import { plain } from '../shown.ts';

export function annotation(
  level: 'error' | 'warning' | 'notice',
  message: string,
  title: string,
  span?: Pick<Span, 'file' | 'start'>,
): string {
  const properties = [
    ...(span === undefined
      ? []
      : [`file=${property(span.file)}`, `line=${span.start.line}`, `col=${span.start.column}`]),
    `title=${property(title)}`,
  ].join(',');
  return `::${level} ${properties}::${escape(message)}\n`;
}

const escape = (text: string): string =>
  plain(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escape(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
