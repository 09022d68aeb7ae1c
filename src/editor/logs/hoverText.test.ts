// The hover over a finding, also over a hostile one.

import { describe, expect, it } from 'vitest';
import { findInText } from '../../logs/findings';
import { reasons } from '../../reasons';
import { escapeMarkdown, hoverText } from './hoverText';

const line = (level: string, text: string): string => `2022-01-01 12:00:10.003412+00:00 [${level}] <0.1234.0> ${text}`;

function hoverOf(...lines: string[]): string {
  const finding = findInText(lines.join('\n'), reasons)[0];
  const reason = reasons.find(({ id }) => id === finding?.reason);
  if (!finding || !reason) throw new Error('nothing was found');
  return hoverText(finding, reason);
}

describe('the hover', () => {
  const text = hoverOf(
    line('error', 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):'),
    line('error', '{handshake_timeout,handshake}'),
  );

  it('names the reason, who closed, how sure that is, and the connection', () => {
    expect(text).toMatch(/^\*\*Handshake timeout/);
    expect(text).toContain('*closed by the broker · certain · problem*');
    expect(text).toContain(escapeMarkdown('10.0.0.12:53422 -> 10.0.0.5:5672'));
  });

  it('says what to check in order, what to change, and since when it is logged', () => {
    expect(text).toMatch(/\*\*Check first\*\*\n\n1\. .+\n2\. /);
    expect(text).toMatch(/\*\*What to change\*\*\n\n- /);
    expect(text).toMatch(/\*Logged:\* .+3\\\.5/);
  });

  it('links to the scenario', () => {
    expect(text).toContain('](command:rabbitmqDebugger.run.handshake-timeout)');
  });

  it('shows hostile text of the log as text', () => {
    const hostile = escapeMarkdown('[run](command:evil) <img src=x> `code` **b** https://e.vil &lt; $(zap)\n# h');
    const bare = hostile.replace(/\\[!-/:-@[-`{-~]/g, '');
    expect(bare).not.toMatch(/[^\w\s]/);
    expect(hostile).not.toContain('\n');
  });
});

describe('every reason', () => {
  it.each(reasons.filter(({ log }) => log).map((reason) => [reason.id, reason] as const))(
    '%s has a hover in which no text of ours makes Markdown of its own',
    (_, reason) => {
      const finding = {
        line: 1,
        lines: 1,
        level: 'error',
        pid: '',
        connection: '',
        reason: reason.id,
        title: reason.title,
        severity: reason.severity,
        closedBy: reason.closedBy,
        sure: 'likely',
        values: {},
        text: '',
      } as const;
      const links = hoverText(finding, reason).match(/\]\(/g) ?? [];
      expect(links).toHaveLength(reason.scenario ? 1 : 0);
    },
  );
});
