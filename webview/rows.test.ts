// Events become rows: folded, parted by silences, the log at the end.

import { describe, expect, it } from 'vitest';
import { foldEvent, openConnection, type Connection } from '../src/core/connection';
import type { LifecycleEvent } from '../src/core/event';
import { label } from '../src/core/print';
import { addEvent, emptyRows, type Row, type Rows } from './rows';
import { sampleTraces } from './sampleTraces';

function rowsOf(events: readonly LifecycleEvent[]): Rows {
  const rows = emptyRows();
  let connection: Connection | undefined;
  for (const event of events) {
    addEvent(rows, event, connection);
    connection = connection ? foldEvent(connection, event) : openConnection(event);
  }
  return rows;
}

const told = (row: Row): string =>
  row.kind === 'gap' ? `(${row.text})` : `${label(row.first).what}${row.times > 1 ? ` ×${row.times}` : ''}`;

describe('the rows of a trace', () => {
  it('fold equal methods with their content, and the heartbeats of both sides', () => {
    const rows = rowsOf(sampleTraces.healthy().events).list.map(told);
    expect(rows.slice(13)).toEqual([
      'queue.declare',
      'queue.declare-ok',
      'basic.publish ×3',
      'basic.deliver',
      'basic.ack',
      'One message is published, consumed and acknowledged. Now only heartbeats, every 1 s.',
      'heartbeat ×4',
      'channel.close',
      'channel.close-ok',
      'connection.close',
      'connection.close-ok',
      'RST',
      'closed by the client',
    ]);
  });

  it('keep every event of a folded row, to step through', () => {
    const publish = rowsOf(sampleTraces.healthy().events).list.find((row) => told(row) === 'basic.publish ×3');
    expect(publish?.kind === 'event' && publish.events.map(({ frame }) => frame?.method)).toEqual([
      'basic.publish',
      'content.header',
      'content.body',
      'basic.publish',
      'content.header',
      'content.body',
      'basic.publish',
      'content.header',
      'content.body',
    ]);
  });

  it('name a silence once, however many warnings and notes fall into it', () => {
    const rows = rowsOf(sampleTraces.handshakeTimeout().events).list;
    expect(rows.map(told)).toEqual([
      'resolve',
      'resolved',
      'TCP connect',
      'TCP connected',
      'The client says nothing from here on.',
      '(10.0 s of silence: the broker waits for the 8 bytes of the protocol header)',
      'silent for 5.0 s',
      'RST',
      'closed by the broker',
    ]);
  });

  it('fold the heartbeats of one side and the warnings about the other, though they alternate', () => {
    const rows = rowsOf(sampleTraces.missedHeartbeats().events).list.map(told);
    expect(rows.slice(-4)).toEqual(['heartbeat ×5', 'silent for 2.0 s ×2', 'RST', 'closed by the broker']);
  });

  it("leave the broker's log to its own list", () => {
    const { list, logged } = rowsOf(sampleTraces.healthy().events);
    expect(logged).toHaveLength(2);
    expect(list.some((row) => row.kind === 'event' && row.first.type === 'logged')).toBe(false);
  });

  it.each(Object.entries(sampleTraces))('of %s are as told by what each event changed', (_, sample) => {
    const rows = emptyRows();
    let drawn: Row[] = [];
    let connection: Connection | undefined;
    for (const event of sample().events) {
      const first = addEvent(rows, event, connection);
      connection = connection ? foldEvent(connection, event) : openConnection(event);
      drawn = [...drawn.slice(0, first), ...rows.list.slice(first)];
      expect(drawn).toEqual(rows.list);
      for (const [at, row] of drawn.entries()) expect(row).toBe(rows.list[at]);
    }
  });
});

it('a hundred thousand folded events take no square of the time', () => {
  const template = sampleTraces.healthy().events.find(({ type }) => type === 'operation');
  if (!template) throw new Error('the healthy trace has no operation');
  const rows = emptyRows();
  const connection = openConnection(template);
  const began = performance.now();
  for (let seq = 1; seq <= 100_000; seq++) addEvent(rows, { ...template, seq }, connection);
  expect(rows.list).toHaveLength(1);
  expect(performance.now() - began).toBeLessThan(2000);
});
