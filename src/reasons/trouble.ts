// The lines of rabbit_reader.erl that state an exception: what it was, in which state and on which channel it came.
//
//   Error on AMQP connection <0.1.0> (ENDS…, vhost: 'V', user: 'U', state: running), channel 1:
//    operation basic.publish caused a connection exception channel_error: "expected 'channel.open'"
//   Error on AMQP connection <0.1.0> (ENDS…, user: 'U', state: opening):
//   vhost missing not found
//   closing AMQP connection <0.1.0> (ENDS…):
//   {handshake_error,starting,0,{amqp_error,command_invalid,"…",'connection.start_ok'}}
//   Closing AMQP connection <0.1.0> (ENDS…, vhost: 'V', user: 'U'): Node was put into maintenance mode

import { lasted, type Connection } from '../core/connection';
import type { LogMatch, Sureness } from '../core/reason';
import { duration } from '../core/time';
import { errorOn, namedWithUser } from './closing';

type Values = Readonly<Record<string, string>>;

interface Trouble {
  /** What stands between the addresses and the statement. */
  readonly before: string;
  readonly state: string;
  /** The explanation, without quotes and Erlang's line breaks. */
  readonly said: string;
  /** 'channel_error', or '' where the line leaves it out. */
  readonly code: string;
  readonly channel?: string;
  readonly operation?: string;
}

const place = /, state: (?<state>[a-z_]{1,20})\)(?:, channel (?<channel>\d{1,5}))?:(?:\n|, )? {0,4}/;
const caused = /^operation (?<operation>[\w.']{1,60}) caused a connection exception (?<code>[a-z_]{1,30}): /;
const shake = /\{handshake_error,(?<state>[a-z_]{1,20}),(?:\d{1,5},)?\s{0,60}/;
const amqpError = /^(?:\{exit,)?\{amqp_error,(?<code>[a-z_]{1,30}),\s{0,90}"/;
const forced = /, user: '[^']{0,300}'\): /;

function troubleOf(details: string): Trouble | undefined {
  const found = place.exec(details);
  const shaken = shake.exec(details);
  const at = found ?? shaken;
  if (at) {
    const inner = found && shaken ? shaken : at;
    const text = details.slice(inner.index + inner[0].length);
    const before = details.slice(0, found ? found.index : details.lastIndexOf(')', at.index));
    const { state = '', channel } = at.groups ?? {};
    return { before, state, ...stated(text), ...(channel !== undefined && { channel }) };
  }
  const end = forced.exec(details);
  if (!end) return undefined;
  const cut = end.index + end[0].length;
  return {
    before: details.slice(0, cut - 3),
    state: 'running',
    code: 'connection_forced',
    said: details.slice(cut),
  };
}

function stated(text: string): Pick<Trouble, 'said' | 'code' | 'operation'> {
  const operation = caused.exec(text);
  if (operation) {
    const { operation: name = '', code = '' } = operation.groups ?? {};
    return { said: unquoted(text.slice(operation[0].length)), code, operation: name };
  }
  const error = amqpError.exec(text);
  if (!error) return { said: text, code: '' };
  const from = error[0].length - 1;
  return { said: unquoted(text.slice(from, text.lastIndexOf('"') + 1)), code: error.groups?.['code'] ?? '' };
}

/** An Erlang string as its text: a long one is broken into several, one on each line. */
function unquoted(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  return text
    .slice(1, -1)
    .replace(/"\n {0,90}"/g, '')
    .replace(/\\(["\\])/g, '$1');
}

interface Stated {
  readonly literal: LogMatch['literal'];
  /** Tried on the explanation. Anchored; its named groups become values. */
  readonly said?: RegExp;
  readonly codes?: readonly string[];
  readonly states?: readonly string[];
  readonly sure?: Sureness;
}

/** A record that states this exception, in any of the forms above. */
export function trouble({ literal, said, codes, states, sure = 'certain' }: Stated): LogMatch {
  return errorOn(literal, sure, ({ details = '', ...values }): Values | undefined => {
    const found = troubleOf(details);
    if (!found || (states && !states.includes(found.state))) return undefined;
    // The refusals of "starting" and "opening" leave their code out.
    if (codes && !codes.includes(found.code) && !(states && found.code === '')) return undefined;
    const matched = said?.exec(found.said);
    if (said && !matched) return undefined;
    const groups = Object.entries(matched?.groups ?? {}).filter(([, value]) => value !== undefined);
    return {
      ...withUser(found.before, values),
      ...(found.channel !== undefined && found.channel !== '0' && { channel: found.channel }),
      ...(found.operation !== undefined && found.operation !== 'none' && { operation: found.operation }),
      ...Object.fromEntries(groups),
    };
  });
}

/** A line may name the user without the vhost, and 'none' is no vhost. */
function withUser(before: string, values: Values): Values {
  const details = before.endsWith(')') ? before.slice(0, -1) : before;
  const { vhost, ...read } = namedWithUser({ ...values, details });
  return { ...read, ...(vhost !== undefined && vhost !== 'none' && { vhost }) };
}

/** Recognises the broker's Connection.Close by its reply code, and by its text where one is given. */
export const closedWith =
  (code: number, text?: RegExp) =>
  ({ closing }: Connection): Sureness | undefined =>
    closing?.by === 'broker' && closing.code === code && (!text || text.test(closing.text)) ? 'certain' : undefined;

/** What the broker said when it closed. */
export const tellReply = (connection: Connection): string | undefined =>
  connection.closing?.by === 'broker'
    ? `The broker closed after ${duration(lasted(connection))} with ${connection.closing.code} ${connection.closing.text}.`
    : undefined;
