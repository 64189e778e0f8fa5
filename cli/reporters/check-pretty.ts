/** Findings of `check` for people. */
import { printDiagnostics } from '../print-diagnostics.ts';
import { makeStyle } from '../style.ts';
import { countSeverities, countedKinds } from './check-findings.ts';
import type { CheckReport } from './check-findings.ts';

export const checkPretty: CheckReport = ({ files, passedOver, diagnostics, texts, color }) => {
  const style = makeStyle(color);
  const { errors, warnings } = countSeverities(diagnostics);
  const tally = `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${errors} errors, ${warnings} warnings`;
  const repairable = diagnostics.filter(({ fix }) => fix !== undefined).length;
  const hint = repairable === 0 ? '' : `; --fix can repair ${repairable}`;
  const others = passedOver.length === 0 ? '' : `; passed over: ${countedKinds(passedOver)}`;
  const paint = errors > 0 ? style.red : warnings > 0 ? style.yellow : style.green;
  return `${printDiagnostics(diagnostics, texts, color)}${paint(tally)}${hint}${others}\n`;
};
