// syslog: RFC 3164 as it is sent and as rsyslog and journalctl print it, and RFC 5424.

import type { Wrapping } from './wrapping';

const priority = String.raw`(?:<(\d{1,3})>)?`;
const iso = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)`;
const short = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})?`;
const bsd = new RegExp(String.raw`^${priority}(${short}|${iso}) (\S{1,255}) ([^\s:[\]]{1,64})(\[\d{1,10}\])?: ?`);
/** The structured data may hold anything between quotes; RabbitMQ sends none, others a few elements. */
const rfc5424 = new RegExp(
  String.raw`^<(\d{1,3})>1 (${iso}|-) (\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} (?:-|(?:\[[^\]]{1,2000}\]){1,8})(?: (?:\uFEFF)?|$)`,
);
const severities = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

export const syslog: Wrapping = {
  id: 'syslog',
  title: 'syslog or journalctl',
  peel(line) {
    const found = bsd.exec(line) ?? rfc5424.exec(line);
    if (!found) return undefined;
    const [whole, number, time = '', host = '', program = '', process = ''] = found;
    const level = number === undefined ? '' : (severities[Number(number) % 8] ?? '');
    // rsyslog writes a line feed within a message as #012.
    const rest = line.slice(whole.length).replaceAll('#012', '\n');
    return { rest, source: `${host} ${program}${process}`, log: { program, time, level } };
  },
};
