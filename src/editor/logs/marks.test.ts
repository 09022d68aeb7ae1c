// Which lines are marked, and where a title stands.

import { describe, expect, it } from 'vitest';
import type { Severity } from '../../core/reason';
import type { Finding } from '../../logs/record';
import { findingAt, marked, markedLines, summary } from './marks';

const finding = (line: number, lines = 2, severity: Severity = 'problem'): Finding => ({
  line,
  lines,
  level: 'error',
  pid: '<0.1.0>',
  connection: '',
  reason: 'handshake.timeout',
  title: 'Handshake timeout',
  severity,
  closedBy: 'broker',
  sure: 'certain',
  values: {},
  text: '',
});

describe('what is marked', () => {
  it('is everything, of up to 1000 findings', () => {
    const findings = Array.from({ length: 1000 }, (_, index) => finding(index * 10 + 1));
    expect(marked(findings, [])).toBe(findings);
  });

  it('is what is on the screen and around it, of more', () => {
    const findings = Array.from({ length: 1001 }, (_, index) => finding(index * 10 + 1));
    const lines = marked(findings, [{ from: 5000, to: 5040 }]).map(({ line }) => line);
    expect(lines[0]).toBe(4701);
    expect(lines.at(-1)).toBe(5331);
  });

  it('is the beginning of a long record', () => {
    expect(markedLines(finding(10, 2))).toEqual({ from: 10, to: 11 });
    expect(markedLines(finding(10, 120))).toEqual({ from: 10, to: 13 });
  });
});

describe('the finding at a line', () => {
  const findings = [finding(5, 2), finding(9, 30), finding(12, 1)];
  it.each([
    [4, undefined],
    [5, 5],
    [6, 5],
    [7, undefined],
    [11, 9],
    [12, 12],
    [38, 9],
    [39, undefined],
  ])('line %i belongs to the record of line %s', (line, expected) => {
    expect(findingAt(findings, line)?.line).toBe(expected);
  });
});

describe('the status bar', () => {
  it.each([
    [[finding(1)], 'warning', '1 connection problem'],
    [[finding(1), finding(3), finding(5, 1, 'notice')], 'warning', '2 connection problems'],
    [[finding(1, 1, 'notice'), finding(3, 1, 'harmless')], 'info', '1 connection notice'],
    [[finding(1, 1, 'harmless')], 'pass', 'No connection problems'],
    [[], 'pass', 'No connection problems'],
  ])('counts the gravest kind', (findings, icon, text) => {
    expect(summary(findings)).toEqual({ icon, text });
  });
});
