// A finding as Markdown. What comes out of a log is hostile: it is escaped, whatever it is.

import type { Closer, Reason, Severity, Sureness } from '../../core/reason';
import type { Finding } from '../../logs/record';

/** The command that the link runs, where there is a scenario. The only one that the hover may run. */
export const runCommand = (scenario: string): string => `rabbitmqDebugger.run.${scenario}`;

const closer: Record<Closer, string> = {
  broker: 'closed by the broker',
  client: 'closed by the client',
  network: 'closed by the network',
  operator: 'closed by an operator',
};
const severityName: Record<Severity, string> = { problem: 'problem', notice: 'notice', harmless: 'harmless' };
const surenessName: Record<Sureness, string> = { certain: 'certain', likely: 'likely' };

export function hoverText(finding: Finding, reason: Reason): string {
  const { title, why, check, fix, seenAt, source, scenario } = reason;
  const facts = [closer[finding.closedBy], surenessName[finding.sure], severityName[finding.severity]].join(' · ');
  return [
    `**${escapeMarkdown(title)}**`,
    escapeMarkdown(why),
    `*${facts}*${finding.connection && ` — ${escapeMarkdown(cut(finding.connection))}`}`,
    // Before the long lists: below them, it would be out of sight in VS Code's small box.
    ...(scenario ? [`[Run the scenario that reproduces this](command:${runCommand(scenario)})`] : []),
    ...list('Check first', check, (_, index) => `${index + 1}.`),
    ...list('What to change', fix, () => '-'),
    `*Logged:* ${escapeMarkdown(seenAt)}`,
    `*Source:* ${escapeMarkdown(source)}`,
  ].join('\n\n');
}

function list(title: string, items: readonly string[], bullet: (item: string, index: number) => string): string[] {
  if (items.length === 0) return [];
  const lines = items.map((item, index) => `${bullet(item, index)} ${escapeMarkdown(item)}`);
  return [`**${title}**`, lines.join('\n')];
}

/** Text that Markdown shows as it is: CommonMark lets any ASCII punctuation be escaped. Line ends become spaces. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

const shownCharacters = 300;
const cut = (text: string): string => (text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
