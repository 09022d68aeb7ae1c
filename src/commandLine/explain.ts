// rabbitmq-debug explain: logs in, one finding a line out.

import { createReadStream } from 'node:fs';
import { iso } from '../core/time';
import { UserError } from '../core/userError';
import { createFindingReader } from '../logs/findings';
import type { Finding } from '../logs/record';
import { failureOf } from '../net/dial';
import { reasonById, reasons } from '../reasons';
import { readArguments, usage } from './usage';

export async function explain(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = readArguments(argv, { json: { type: 'boolean' } });
  if (positionals.length === 0) throw new UserError('usage', `Name a log file, or - for standard input.\n\n${usage}`);
  const show = values.json ? asJson : asText;
  let code = 0;
  for (const file of positionals) {
    const problem = await explainFile(file, signal, (finding) => process.stdout.write(show(file, finding)));
    if (!problem) continue;
    process.stderr.write(`${problem}\n`);
    code = 1;
  }
  return code;
}

/** What is wrong with the file, as a sentence for the user; undefined when it was read to its end. */
async function explainFile(
  file: string,
  signal: AbortSignal,
  tell: (finding: Finding) => void,
): Promise<string | undefined> {
  const reader = createFindingReader(reasons);
  let count = 0;
  const tellAll = (findings: readonly Finding[]): void => {
    count += findings.length;
    for (const finding of findings) tell(finding);
  };
  try {
    // A stream that was opened without an encoding yields Buffers.
    const stream = (file === '-' ? process.stdin : createReadStream(file)) as AsyncIterable<Buffer>;
    for await (const chunk of stream) {
      if (signal.aborted) throw new UserError('cancelled', 'Interrupted.');
      tellAll(reader.push(chunk));
      if (reader.binary) return `${file} is a binary file, not a log. Unpack it first if it is compressed.`;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    return `${file} cannot be read (${failureOf(error).code}). Check the path and its permissions.`;
  }
  tellAll(reader.flush());
  if (count === 0) process.stderr.write(`${file}: no closing reason that RabbitMQ writes was found.\n`);
  return undefined;
}

function asJson(file: string, finding: Finding): string {
  return `${JSON.stringify({ file, ...finding })}\n`;
}

function asText(file: string, finding: Finding): string {
  const reason = reasonById(finding.reason);
  const at = finding.at === undefined ? '' : `${iso(finding.at)} `;
  const check = reason?.check[0] ? `\n  check first: ${reason.check[0]}` : '';
  const likely = finding.sure === 'likely' ? ' (likely)' : '';
  return (
    `${file}:${finding.line}: ${finding.severity}: ${finding.title}${likely}\n` +
    `  ${at}${finding.connection}\n  ${reason?.why ?? ''}${check}\n`
  );
}
