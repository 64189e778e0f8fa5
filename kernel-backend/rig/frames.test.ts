import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader } from './frames.ts';

describe('frames', () => {
  const message = fc.record({ text: fc.string(), bytes: fc.uint8Array({ maxLength: 300 }) });

  it('arrive whole, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (messages, cut) => {
        const stream = Buffer.concat(messages.map(({ text, bytes }) => encodeFrame({ text }, bytes)));
        const reader = new FrameReader();
        const got = [];
        for (let at = 0; at < stream.length; at += cut)
          got.push(...reader.push(stream.subarray(at, at + cut)));
        expect(got.map(({ head, bytes }) => ({ text: head['text'], bytes }))).toEqual(messages);
      }),
    );
  });

  it('are found again behind half a frame of a former peer', () => {
    const half = encodeFrame({ id: 1 }, new Uint8Array(100)).subarray(40);
    const reader = new FrameReader();
    const got = reader.push(Buffer.concat([half, Buffer.from('TR'), encodeFrame({ id: 2 })]));
    expect(got.map(({ head }) => head)).toEqual([{ id: 2 }]);
  });

  it('with an impossible length are passed over', () => {
    const bad = Buffer.from([...Buffer.from('TRG1'), 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0]);
    expect(new FrameReader().push(Buffer.concat([bad, encodeFrame({ id: 3 })]))).toHaveLength(1);
  });
});
