// Handshakes that broke off over the mechanism, the form of the login, or the limits of Connection.Tune.

import type { LogMatch, Reason } from '../core/reason';
import { closings, handshakes } from './eras';
import { closedWith, tellReply, trouble } from './trouble';
import { errorOn, named } from './closing';

const base = {
  closedBy: 'broker',
  severity: 'problem',
  tell: tellReply,
  seenAt:
    'All versions at level error, 3 s after the cause; the client gets no Connection.Close, only the end of the connection. Since 4.0 without the channel number and with the duration.',
  source: 'rabbit_reader.erl 3.5.0–4.3.5, handle_exception/3 and auth_mechanism_to_module/2',
} as const;

// 3.7.8 and newer say it in a sentence, before that the whole term stands there. 4.0 hands its formatter one argument too
// many, so its line is the crash of that: the format and its arguments.
const tunePattern =
  /^(?:FORMATTER CRASH: \{"closing|closing|Error on) AMQP connection [^<]{0,140}(?<pid><[\d.]{1,30}>)[^\w[]{1,40}(?<connection>[\w.:[\]-]{1,300} -> [\w.:[\]-]{1,300})(?<details>[^]*)$/;

function tuned(words: string): LogMatch {
  const said = new RegExp(`negotiated ${words}`);
  return {
    literal: `negotiated ${words.slice(0, words.indexOf(' '))}`,
    starts: ['closing AMQP connection ', 'Error on AMQP connection ', 'FORMATTER CRASH: '],
    pattern: tunePattern,
    read({ details = '', ...values }) {
      const found = said.exec(details);
      return found ? { ...values, ...found.groups } : undefined;
    },
    sure: 'certain',
  };
}

const tuneSeenAt =
  'All versions at level error, 3 s after Tune-Ok: since 3.7.8 as "failed to negotiate connection parameters", before as {handshake_error,tuning,…}; 4.0 releases may crash their own formatter instead. The client gets no Connection.Close.';
const tuneSource = 'rabbit_reader.erl 3.5.0–4.3.5, validate_negotiated_integer_value/3';

export const negotiation: readonly Reason[] = [
  {
    ...base,
    id: 'tune.channel-max-refused',
    title: 'The client insists on more channels than allowed',
    log: tuned(
      String.raw`channel_max = (?<asked>\d{1,10})(?: \(no limit\))? is higher than the maximum allowed value \((?<limit>\d{1,10})\)`,
    ),
    why: "In Connection.TuneOk the client asked for more channels than the broker's channel_max, 2047 by default; 0 means no limit. It must answer with the broker's offer or less. The client's configuration, or an old library that ignores the offer, is at fault.",
    check: [
      "Which channel_max does the client ask for: setRequestedChannelMax in Java (0 takes the broker's), RequestedChannelMax in .NET, channel_max in pika, {channelMax: …} in amqplib's URL, amqp.Config{ChannelMax: …} in Go?",
      'Did the broker change from 3.7.4 or older, where the default was no limit?',
    ],
    fix: ['Ask for 2047 or less in the client.', 'Or raise channel_max in rabbitmq.conf (default 2047).'],
    seenAt: tuneSeenAt,
    source: tuneSource,
    samples: [
      ...closings(
        'failed to negotiate connection parameters: negotiated channel_max = 65535 is higher than the maximum allowed value (2047)',
      ),
      ...closings(
        'failed to negotiate connection parameters: negotiated channel_max = 0 (no limit) is higher than the maximum allowed value (2047)',
      ),
      {
        level: 'error',
        text: "Error on AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672, user: 'guest', state: tuning):\nnegotiated channel_max = 65535 is higher than the maximum allowed value (2047)",
      },
      {
        level: 'error',
        text: 'FORMATTER CRASH: {"closing AMQP connection ~tp (~ts):~nfailed to negotiate connection parameters: ~ts",[<0.1234.0>,<<"10.0.0.12:53422 -> 10.0.0.5:5672">>,"3s","negotiated channel_max = 65535 is higher than the maximum allowed value (2047)"]}',
      },
    ],
  },
  {
    ...base,
    id: 'tune.frame-max-refused',
    title: 'The client insists on a frame size that is not allowed',
    log: tuned(
      String.raw`frame_max = (?<asked>\d{1,10})(?: \(no limit\))? is (?:higher than the maximum|lower than the minimum) allowed value \((?<limit>\d{1,10})\)`,
    ),
    why: "In Connection.TuneOk the client asked for frames larger than the broker's frame_max, 131072 by default, or smaller than the least that is allowed: 4096 bytes, and 8192 since 4.1. The client's configuration is at fault; after an update to 4.1 often a frame_max of 4096 that used to work.",
    check: [
      "Which frame_max does the client ask for: setRequestedFrameMax in Java, RequestedFrameMax in .NET, frame_max in pika, frameMax in amqplib's URL, amqp.Config{FrameSize: …} in Go?",
      'amqplib before 0.10.6 asks for 4096: did the broker change to 4.1?',
    ],
    fix: [
      "Leave frame_max out in the client, so that it takes the broker's; or update the library. In amqplib: amqp://…?frameMax=131072.",
      'frame_max in rabbitmq.conf (default 131072) bounds it from above.',
    ],
    seenAt: tuneSeenAt,
    source: tuneSource,
    samples: [
      ...closings(
        'failed to negotiate connection parameters: negotiated frame_max = 100 is lower than the minimum allowed value (4096)',
      ),
      ...closings(
        'failed to negotiate connection parameters: negotiated frame_max = 10000000 is higher than the maximum allowed value (131072)',
      ),
      ...handshakes(
        'tuning',
        "{exit,{amqp_error,not_allowed,\n                                   \"negotiated frame_max = 100 is lower than the minimum allowed value (4096)\",\n                                   'connection.tune'},\n                       'connection.tune_ok',\n                       [{rabbit_reader,handle_method0,2,[]}]}",
      ).slice(0, 1),
    ],
  },
  {
    ...base,
    id: 'auth.mechanism-unknown',
    title: 'A login mechanism that the broker does not know',
    log: trouble({
      literal: 'unknown authentication mechanism ',
      said: /^unknown authentication mechanism '(?<mechanism>[^]{1,100})'$/,
      codes: ['command_invalid'],
    }),
    wire: closedWith(503, /unknown authentication mechanism/),
    why: 'The client chose a SASL mechanism that is not registered on this broker. EXTERNAL is one of a plugin, rabbitmq_auth_mechanism_ssl, that is not enabled by default; GSSAPI and SCRAM do not exist in RabbitMQ.',
    check: [
      'Is EXTERNAL meant? "rabbitmq-plugins list -e" must show rabbitmq_auth_mechanism_ssl.',
      'Which mechanism does the client ask for: SaslConfig in Java, AuthMechanisms in .NET, credentials in pika and amqplib, amqp.Config{SASL: …} in Go?',
    ],
    fix: [
      '"rabbitmq-plugins enable rabbitmq_auth_mechanism_ssl", and auth_mechanisms.1 = EXTERNAL beside PLAIN.',
      'Or let the client log in by PLAIN.',
    ],
    samples: handshakes(
      'starting',
      "{amqp_error,command_invalid,\n                             \"unknown authentication mechanism 'EXTERNAL'\",\n                             'connection.start_ok'}",
    ),
  },
  {
    ...base,
    id: 'auth.mechanism-not-offered',
    title: 'A login mechanism that is not offered here',
    log: trouble({
      literal: 'invalid authentication mechanism ',
      said: /^invalid authentication mechanism '(?<mechanism>[^]{1,100})'$/,
      codes: ['command_invalid'],
    }),
    wire: closedWith(503, /invalid authentication mechanism/),
    why: 'The client chose a SASL mechanism that the broker knows but does not offer on this connection: it is not in auth_mechanisms, or it needs TLS, as EXTERNAL does.',
    check: [
      'What is auth_mechanisms in rabbitmq.conf? The default is PLAIN and AMQPLAIN (since 4.0 also ANONYMOUS).',
      'Is EXTERNAL used on the port without TLS?',
    ],
    fix: [
      'Add it: auth_mechanisms.1 = PLAIN, auth_mechanisms.2 = EXTERNAL; or choose one in the client that is offered.',
    ],
    samples: handshakes(
      'starting',
      "{amqp_error,command_invalid,\n                             \"invalid authentication mechanism 'EXTERNAL'\",\n                             'connection.start_ok'}",
    ),
  },
  {
    ...base,
    id: 'auth.response-malformed',
    title: 'A login in the wrong form (502 SYNTAX_ERROR)',
    log: trouble({
      literal: ['response <<', 'is missing LOGIN or PASSWORD field'],
      // The response may hold a password: it never becomes a value.
      said: /^(?:response <<[^]{0,2000}>> invalid|AMQPLAIN auth info [^]{0,2000} is missing LOGIN or PASSWORD field)$/,
      codes: ['syntax_error'],
    }),
    wire: closedWith(502, /(?:response [^]* invalid|missing LOGIN or PASSWORD)/),
    why: 'The response to the SASL mechanism could not be read: PLAIN needs a zero byte, the user, a zero byte and the password; AMQPLAIN a table with LOGIN and PASSWORD. The client library, or how it is used, is at fault. Mind that the log line holds the bytes of the login.',
    check: [
      'Does the application build the response itself, for EXTERNAL or a token say, and name PLAIN?',
      'Does the client leave user or password undefined?',
    ],
    fix: [
      'Let the library build the response from user and password.',
      'Change the password when logs are shared: this line may show it.',
    ],
    samples: [
      ...handshakes(
        'starting',
        '{amqp_error,syntax_error,"response <<"garbage">> invalid",\n                             \'connection.start_ok\'}',
      ),
      ...handshakes(
        'starting',
        '{amqp_error,syntax_error,\n                             "AMQPLAIN auth info [] is missing LOGIN or PASSWORD field",\n                             \'connection.start_ok\'}',
      ),
    ],
  },
  {
    ...base,
    id: 'handshake.method-unreadable',
    title: 'A method of the handshake could not be decoded',
    log: errorOn('{handshake_error,', 'certain', ({ details = '', ...values }) => {
      const at = details.indexOf('{handshake_error,');
      const found =
        /^\{handshake_error,(?<state>[a-z_]{1,20}),(?:\d{1,5},)?\s{0,60}\{(?:error|exit|throw),[^]{1,300}?,'?(?<method>connection\.[a-z_]{1,20})'?,\s{0,60}\[/.exec(
          details.slice(at),
        );
      const end = details.lastIndexOf(')', at);
      return found ? { ...named({ ...values, details: details.slice(0, end) }), ...found.groups } : undefined;
    }),
    why: "A method of the opening handshake, such as Connection.StartOk, could not be decoded: its tables or strings do not fit their lengths. The line shows the place in the broker's code. The client library is at fault, or something that changes bytes on the way.",
    check: [
      'Is the client library home-made or very old?',
      'Does it put values of an unusual type into its client properties?',
    ],
    fix: ['Update the client library; leave out its own client properties to find which one it is.'],
    source: 'rabbit_reader.erl 3.5.0–4.3.5, handle_method0/3',
    samples: handshakes(
      'starting',
      '{error,function_clause,\'connection.start_ok\',\n                        [{rabbit_binary_parser,parse_table,\n                             [<<255,255,255,255>>],\n                             [{file,"rabbit_binary_parser.erl"},{line,60}]}]}',
    ),
  },
];
