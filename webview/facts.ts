// What is known of the whole connection: shown beside the rows while none of them is open.

import type { Connection } from '../src/core/connection';
import { duration } from '../src/core/time';
import { element, fill } from './dom';

export interface Facts {
  readonly element: HTMLElement;
  update(connection: Connection): void;
}

export function createFacts(): Facts {
  const rows = element('tbody', {});
  let drawn = '';
  return {
    element: element(
      'div',
      { class: 'details facts', role: 'region', 'aria-label': 'Connection' },
      element('h3', {}, 'Connection'),
      element('table', { class: 'fields' }, rows),
      element('p', { class: 'where' }, 'Choose a row to see its fields and bytes.'),
    ),
    update(connection) {
      const facts = factsOf(connection).filter(([, value]) => value !== '');
      const key = JSON.stringify(facts);
      if (key === drawn) return;
      drawn = key;
      fill(
        rows,
        ...facts.map(([name, value]) =>
          element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)),
        ),
      );
    },
  };
}

/** Name and value; a value that is not known is empty. */
export function factsOf(connection: Connection): readonly (readonly [string, string])[] {
  const { offered, agreed } = connection;
  const both = (name: 'heartbeatS' | 'frameMax' | 'channelMax', unit = ''): string => {
    if (!agreed) return offered ? `${offered[name]}${unit} offered` : '';
    const differs = offered && offered[name] !== agreed[name];
    return `${agreed[name]}${unit}${differs ? ` (offered ${offered[name]})` : ''}`;
  };
  return [
    ['client', connection.clientName ?? ''],
    ['from', connection.local ?? ''],
    ['to', connection.remote ?? connection.host ?? ''],
    ['broker', connection.product ?? ''],
    ['login', connection.mechanism ? `${connection.user ?? ''} by ${connection.mechanism}`.trim() : ''],
    ['vhost', connection.vhost ?? ''],
    ['heartbeat', both('heartbeatS', ' s')],
    ['frame-max', both('frameMax')],
    ['channel-max', both('channelMax')],
    ['frames', connection.operations > 0 ? String(connection.operations) : ''],
    ['heartbeats', beats(connection)],
    [
      'lasted',
      connection.closed && connection.connectedAt !== undefined
        ? duration(connection.closed.at - connection.connectedAt)
        : '',
    ],
  ];
}

function beats({ heartbeats, openedAt }: Connection): string {
  return openedAt === undefined ? '' : `${heartbeats.client} from the client, ${heartbeats.broker} from the broker`;
}
