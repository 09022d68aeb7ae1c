// Lines become records, whoever else writes in between.
import { describe, expect, test } from 'vitest';
import { createRecordReader, mostCharacters, mostLines } from './records';

function read(text: string) {
  const reader = createRecordReader();
  return [...text.split('\n').flatMap((line) => reader.push(line)), ...reader.flush()];
}
const shape = (text: string) => read(text).map((record) => [record.line, record.lines, record.pid, record.text]);

const at = (time: string, pid: string, text: string, level = 'error') =>
  `2022-01-01 12:00:${time}+00:00 [${level}] <0.${pid}.0> ${text}`;

describe('3.9 and newer', () => {
  test('lines of equal prefix are one record', () => {
    expect(
      shape([at('10.000001', '1', 'a:'), at('10.000001', '1', ' {b,'), at('10.000001', '1', '  c}')].join('\n')),
    ).toEqual([[1, 3, '<0.1.0>', 'a:\n {b,\n  c}']]);
  });

  test('records that interleave come apart, in the order of their first lines', () => {
    const lines = [
      at('10.000001', '1', 'a:'),
      at('10.000002', '2', 'x:'),
      at('10.000001', '1', 'b'),
      at('10.000002', '2', 'y'),
      at('10.000001', '1', 'info', 'info'),
    ];
    expect(shape(lines.join('\n'))).toEqual([
      [1, 3, '<0.1.0>', 'a:\nb'],
      [2, 3, '<0.2.0>', 'x:\ny'],
      [5, 1, '<0.1.0>', 'info'],
    ]);
  });

  test('with times in seconds, a message that begins anew is a record of its own', () => {
    const lines = [
      'accepting AMQP connection x',
      'closing AMQP connection x:',
      'connection_closed_with_no_data_received',
    ];
    expect(shape(lines.map((text) => `1641038410 [debug] <0.1.0> ${text}`).join('\n'))).toEqual([
      [1, 1, '<0.1.0>', lines[0]],
      [2, 2, '<0.1.0>', `${lines[1]}\n${lines[2]}`],
    ]);
  });

  test('a name with a line feed cannot begin a record of its own', () => {
    const forged = 'closing AMQP connection <0.9.0> (1.1.1.1:1 -> 2.2.2.2:2):';
    expect(shape([at('10.000001', '1', 'closing a - x'), at('10.000001', '1', forged)].join('\n'))).toEqual([
      [1, 2, '<0.1.0>', `closing a - x\n${forged}`],
    ]);
  });

  test('a record does not wait for more than a few lines', () => {
    const reader = createRecordReader();
    const lines = Array.from({ length: 40 }, (_, index) => at(`11.0000${10 + index}`, '2', 'x'));
    const early = [at('10.000001', '1', 'first'), ...lines].flatMap((line) => reader.push(line));
    expect(early[0]?.text).toBe('first');
    expect(early.length + reader.flush().length).toBe(41);
  });
});

describe('3.8 and older', () => {
  test('bare lines go on, and blank ones at the end do not count', () => {
    expect(
      shape('2019-01-01 12:00:00.000 [error] <0.1.0> a:\n{b,\n\n c}\n\n2019-01-01 12:00:00.000 [info] <0.1.0> d\n'),
    ).toEqual([
      [1, 4, '<0.1.0>', 'a:\n{b,\n\n c}'],
      [6, 1, '<0.1.0>', 'd'],
    ]);
  });

  test('a report begins with its heading', () => {
    expect(
      shape('=INFO REPORT==== 26-Jul-2016::05:57:17 ===\na\n\n=ERROR REPORT==== 26-Jul-2016::05:57:18 ===\nb:\nc\n'),
    ).toEqual([
      [1, 2, '', 'a'],
      [4, 3, '', 'b:\nc'],
    ]);
  });
});

test('a beginning that was rotated away is skipped', () => {
  expect(shape('{handshake_timeout,handshake}\n\n2019-01-01 12:00:00.000 [info] <0.1.0> a')).toEqual([
    [3, 1, '<0.1.0>', 'a'],
  ]);
});

test('dialects may change in mid-file', () => {
  const lines = [
    '=INFO REPORT==== 26-Jul-2016::05:57:17 ===',
    'a',
    '2019-01-01 12:00:00.000 [info] <0.1.0> b',
    'c',
    at('10.000001', '1', 'd'),
  ];
  expect(read(lines.join('\n')).map(({ format, text }) => [format, text])).toEqual([
    ['report', 'a'],
    ['lager', 'b\nc'],
    ['otp', 'd'],
  ]);
});

test('colours are no text', () => {
  expect(read(`\u001B[38;5;160m${at('10.000001', '1', 'a')}\u001B[0m`)[0]).toMatchObject({ level: 'error', text: 'a' });
});

test('what follows a flush keeps its line numbers', () => {
  const reader = createRecordReader();
  reader.push(at('10.000001', '1', 'a'));
  expect(reader.flush().map(({ line }) => line)).toEqual([1]);
  reader.push(at('10.000002', '1', 'b'));
  expect(reader.flush().map(({ line }) => line)).toEqual([2]);
});

test('an endless record is cut', () => {
  const lines = read(`2019-01-01 12:00:00.000 [error] <0.1.0> a\n${'x\n\n'.repeat(mostLines * 2)}`);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.text.split('\n').length).toBeLessThanOrEqual(mostLines);
  const wide = read(`2019-01-01 12:00:00.000 [error] <0.1.0> a\n${`${'x'.repeat(1000)}\n`.repeat(100)}`);
  expect(wide[0]?.text.length).toBeLessThanOrEqual(mostCharacters + mostLines);
});
