import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseEvent } from './parse.ts';
import { printEvent } from './print.ts';
import { hasRecordings, recordedCases } from '../../test/recordings.ts';

describe.skipIf(!hasRecordings)('recorded event logs', () => {
  it('are printed again as they were read, key order included', () => {
    for (const { lines } of recordedCases()) {
      for (const line of lines) {
        const parsed = parseEvent(line);
        if ('error' in parsed) throw new Error(parsed.error);
        expect(printEvent(parsed.event)).toBe(JSON.stringify(JSON.parse(line)));
      }
    }
  });
});

describe('parseEvent', () => {
  it.each([
    ['', /^this is no JSON: /],
    ['{"process_exec":{}', /^this is no JSON: /],
    ['[]', /^an event is a JSON object/],
    ['{"process_dance":{},"time":"x"}', /^this is no event that is known: its keys are process_dance, time/],
    ['{"process_exec":{},"process_exit":{}}', /one kind.*process_exec and process_exit/],
    ['{"process_exec":[]}', /^process_exec is not an object/],
  ])('refuses %j', (line, message) => {
    const parsed = parseEvent(line);
    expect('error' in parsed ? parsed.error : '').toMatch(message);
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        parseEvent(line);
      }),
    );
  });
});
