// Which findings are marked in an editor, and on which lines.

import type { Severity } from '../../core/reason';
import type { Finding } from '../../logs/record';

export const severities: readonly Severity[] = ['problem', 'notice', 'harmless'];

/** Lines count from 1; both ends belong to it. */
export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

/** With more than this, only what is on the screen is marked, and so many lines around it. */
const mostFindings = 1000;
const marginLines = 300;
/** A crash report may be long: the title shall stand where the record begins. */
const mostMarkedLines = 4;

/** `findings` itself where all of them are marked. */
export function marked(findings: readonly Finding[], visible: readonly LineSpan[]): readonly Finding[] {
  if (findings.length <= mostFindings) return findings;
  return findings.filter((finding) => {
    const { from, to } = markedLines(finding);
    return visible.some((span) => to >= span.from - marginLines && from <= span.to + marginLines);
  });
}

export function markedLines({ line, lines }: Finding): LineSpan {
  return { from: line, to: line + Math.min(lines, mostMarkedLines) - 1 };
}

/** The finding whose record holds the line. Records of other processes may stand between a record's lines. */
export function findingAt(findings: readonly Finding[], line: number): Finding | undefined {
  return findings.findLast((finding) => finding.line <= line && line < finding.line + finding.lines);
}

/** What the status bar says: the gravest kind that there is, counted. */
export function summary(findings: readonly Finding[]): { readonly icon: string; readonly text: string } {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const problems = count('problem');
  if (problems > 0) return { icon: 'warning', text: plural(problems, 'connection problem') };
  const notices = count('notice');
  if (notices > 0) return { icon: 'info', text: plural(notices, 'connection notice') };
  return { icon: 'pass', text: 'No connection problems' };
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
