// How wide the phases of a connection are drawn, and which one it stopped in.

import { describe, expect, it } from 'vitest';
import { foldConnections, type Connection } from '../src/core/connection';
import { phaseLabels, phaseParts, stoppedPhase, weightOf, type PhasePart } from './phases';
import { sampleTraces, startAt, type SampleTrace } from './sampleTraces';

function connectionOf(sample: SampleTrace, untilMs = Infinity): Connection {
  const connection = foldConnections(sample.events.filter(({ at }) => at <= startAt + untilMs * 1000)).get('c1');
  if (!connection) throw new Error('no events so early');
  return connection;
}

const partsOf = (sample: SampleTrace, untilMs?: number): readonly PhasePart[] =>
  phaseParts(connectionOf(sample, untilMs), startAt + (untilMs ?? 0) * 1000, 10_000);

const told = (parts: readonly PhasePart[]): string =>
  parts.map(({ phase, standing }) => `${phase} ${standing}`).join(', ');

describe('the phases of a connection', () => {
  it.each<[string, SampleTrace, number | undefined, string]>([
    [
      'a good life has gone through all of them',
      sampleTraces.healthy(),
      undefined,
      'resolve done, tcp done, header done, login done, tune done, open done, running done, closing done',
    ],
    [
      'a silent client stops in the header',
      sampleTraces.handshakeTimeout(),
      undefined,
      'resolve done, tcp done, header stopped, login ahead, tune ahead, open ahead, running ahead',
    ],
    [
      'while it waits, it is there',
      sampleTraces.handshakeTimeout(),
      5000,
      'resolve done, tcp done, header now, login ahead, tune ahead, open ahead, running ahead, closing ahead',
    ],
    [
      'a reset out of the blue is no phase of closing',
      sampleTraces.missedHeartbeats(),
      undefined,
      'resolve done, tcp done, header done, login done, tune done, open done, running stopped',
    ],
    [
      'a refused login never reached the rest, and was closed politely',
      sampleTraces.wrongPassword(),
      undefined,
      'resolve done, tcp done, header done, login stopped, tune ahead, open ahead, running ahead, closing after',
    ],
  ])('%s', (_, sample, untilMs, text) => {
    expect(told(partsOf(sample, untilMs))).toBe(text);
  });

  it('names the limit where a phase ate it', () => {
    const header = partsOf(sampleTraces.handshakeTimeout()).find(({ phase }) => phase === 'header');
    expect(header?.label).toBe('header · 10.0 s of 10 s');
  });

  it('stops nowhere while it lives', () => {
    expect(stoppedPhase(connectionOf(sampleTraces.missedHeartbeats(), 4000))).toBeUndefined();
  });

  it('keeps 0.4 ms visible beside 10 s, and 10 s long', () => {
    const share = weightOf(400) / (weightOf(400) + weightOf(10_000_000));
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.15);
    expect(weightOf(20_000_000)).toBeGreaterThan(weightOf(10_000_000));
    expect(weightOf(-1)).toBe(weightOf(0));
  });
});

describe('the labels of the phases', () => {
  const texts = (sample: SampleTrace, width: number): string[] =>
    phaseLabels(partsOf(sample), width, 3).map(({ text }) => text);

  it('say where it stopped at any width', () => {
    for (const width of [60, 150, 276, 500, 1200])
      expect(texts(sampleTraces.handshakeTimeout(), width)).toContain('header · 10.0 s of 10 s');
  });

  it('name all where there is room', () => {
    expect(texts(sampleTraces.healthy(), 1200)).toEqual(
      expect.arrayContaining(['resolve', 'tcp', 'tune', 'running · 2.5 s', 'closing']),
    );
  });

  it('name the longest where there is little', () => {
    expect(texts(sampleTraces.healthy(), 276).filter(Boolean)).toEqual(['running · 2.5 s']);
  });

  it('stay within the bar: at its right edge they are set from the right', () => {
    const parts: PhasePart[] = [
      { phase: 'running', standing: 'done', us: 1, weight: 20, label: 'running · 1 s' },
      { phase: 'closing', standing: 'stopped', us: 1, weight: 1, label: 'closing · 0.5 ms' },
    ];
    expect(phaseLabels(parts, 300, 3)).toEqual([
      { text: '', end: false },
      { text: 'closing · 0.5 ms', end: true },
    ]);
  });

  it('are none where there are no phases', () => {
    expect(phaseLabels([], 300, 3)).toEqual([]);
  });
});
