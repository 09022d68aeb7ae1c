// The card on top: why it ended, in one sentence; or, while it lives, where it stands.

import type { Connection } from '../src/core/connection';
import { howClosed, whereStopped, type Verdict } from '../src/core/diagnose';
import type { FromPanel, OutcomeSummary } from '../src/core/messages';
import { seconds } from '../src/core/print';
import { element, fill, link, setText, type Child } from './dom';
import type { DeadlineView } from './deadlines';

export interface VerdictCard {
  readonly element: HTMLElement;
  update(shown: VerdictInput): void;
}

export interface VerdictInput {
  readonly connection: Connection | undefined;
  readonly verdict: Verdict | undefined;
  readonly outcome: OutcomeSummary | undefined;
  readonly running: boolean;
  readonly deadline: DeadlineView | undefined;
}

export function createVerdict(post: (message: FromPanel) => void): VerdictCard {
  const card = element('section', { class: 'verdict', 'aria-label': 'Verdict' });
  const title = element('h2', {});
  const sentence = element('p', { class: 'sentence' });
  let drawn: string | undefined;

  return {
    element: card,
    update({ connection, verdict, outcome, running, deadline }) {
      const told = verdict ? verdictWords(verdict) : liveWords(connection, running, deadline);
      setText(title, told.title);
      setText(sentence, told.sentence);
      // The figures run on; the rest is drawn anew only where it changed, so that what is unfolded stays so.
      const warns = isOver(connection) || deadline?.standing === 'due';
      const severity = verdict?.severity ?? (warns ? 'notice' : 'live');
      const key = JSON.stringify([verdict, severity, outcome, running, connection?.id]);
      if (key === drawn) return;
      drawn = key;
      card.dataset['reason'] = verdict?.reason ?? '';
      card.dataset['severity'] = severity;
      fill(
        card,
        title,
        sentence,
        verdict ? meta(verdict, post) : undefined,
        verdict ? logging(verdict) : undefined,
        verdict && hints(verdict),
        outcome && !running ? outcomeLine(outcome) : undefined,
      );
    },
  };
}

function verdictWords(verdict: Verdict): { title: string; sentence: string } {
  return { title: verdict.title, sentence: verdict.sentence };
}

function meta(verdict: Verdict, post: (message: FromPanel) => void): HTMLElement {
  const log = verdict.log;
  const parts: Child[] = [
    `closed by ${verdict.closedBy}`,
    verdict.how,
    verdict.sure,
    log
      ? link(
          `log line ${log.line}`,
          () => post({ type: 'reveal', file: log.file, line: log.line }),
          `Open ${log.file} at line ${log.line}`,
        )
      : '',
  ];
  const spans = parts.filter((part) => part !== '').flatMap((part) => [element('span', {}, part), ' ']);
  return element('p', { class: 'meta' }, ...spans);
}

/** Where no log line is joined: whether there is one, and where to look for it. */
function logging({ log, seenAt }: Verdict): HTMLElement | undefined {
  return log ? undefined : element('p', { class: 'meta logging' }, `Broker's log: ${seenAt}`);
}

function hints({ check, fix }: Verdict): HTMLElement | undefined {
  const lists = [list('Check first', 'check', check), list('What to change', 'fix', fix)];
  return lists.some(Boolean) ? element('div', { class: 'hints' }, ...lists) : undefined;
}

function list(title: string, name: string, items: readonly string[]): HTMLElement | undefined {
  if (items.length === 0) return undefined;
  const many = items.length > 1;
  const entries = items.map((item) => element('li', {}, item));
  return element(
    'details',
    { class: name },
    element('summary', {}, title, many && element('span', { class: 'count' }, String(items.length))),
    element('ol', {}, ...entries),
  );
}

function outcomeLine({ ok, text }: OutcomeSummary): HTMLElement {
  return element('p', { class: 'outcome', 'data-ok': String(ok) }, text);
}

const isOver = (connection: Connection | undefined): boolean =>
  connection?.closed !== undefined || connection?.failed !== undefined;

/** Where a connection stands for which nobody has a verdict, or not yet. */
export function liveWords(
  connection: Connection | undefined,
  running: boolean,
  deadline: DeadlineView | undefined,
): { title: string; sentence: string } {
  if (!connection) return { title: 'Starting…', sentence: 'Nothing has been dialled yet.' };
  if (connection.failed)
    return { title: 'Not connected', sentence: `${connection.failed.text} (${connection.failed.code})` };
  if (connection.closed) {
    const how = howClosed(connection);
    const title = `Closed by ${connection.closed.by}${how && ` · ${how}`}`;
    const looking = running ? 'Looking for the reason in the broker’s log…' : 'The reason is not known.';
    return { title, sentence: `It ended ${whereStopped(connection)}. ${looking}` };
  }
  return { title: phaseTitle(connection), sentence: liveSentence(connection, deadline) };
}

function phaseTitle(connection: Connection): string {
  switch (connection.spans.at(-1)?.phase) {
    case undefined:
    case 'resolve':
    case 'tcp':
      return 'Connecting…';
    case 'tls':
      return 'Agreeing on TLS…';
    case 'header':
      return 'Connected, no protocol yet';
    case 'login':
      return 'Logging in…';
    case 'tune':
    case 'open':
      return 'Opening…';
    case 'running':
      return connection.blocked ? 'Open, but blocked' : 'Open';
    case 'closing':
      return 'Closing…';
  }
}

function liveSentence(connection: Connection, deadline: DeadlineView | undefined): string {
  if (deadline && deadline.standing !== 'calm') {
    return deadline.standing === 'due'
      ? `Waiting for the client: the broker gives up at any moment, in ${seconds(deadline.leftMs)} at the latest.`
      : `Waiting for the client: the broker gives up in ${seconds(deadline.leftMs)}${deadline.windowFrom < 1 ? ' at the latest' : ''}.`;
  }
  if (connection.openedAt === undefined) {
    return connection.local === undefined
      ? `Dialling ${connection.host ?? 'the broker'}.`
      : `${connection.local} → ${connection.remote ?? ''}`;
  }
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const beats = connection.agreed?.heartbeatS ? `heartbeat ${connection.agreed.heartbeatS} s` : 'no heartbeats';
  return `${count(connection.channels, 'channel')}, ${count(connection.operations, 'frame')}, ${beats}.`;
}
