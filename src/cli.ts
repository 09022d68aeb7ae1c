// rabbitmq-debug: the same objects without an editor. Exit codes: 0 as expected, 1 not, 2 bad usage, 130 interrupted.

import { UserError } from './core/userError';
import { explain } from './commandLine/explain';
import { run } from './commandLine/run';
import { listScenarios } from './commandLine/listScenarios';
import { usage } from './commandLine/usage';
import { failureOf } from './net/dial';

const verbs: Readonly<Record<string, (argv: string[], signal: AbortSignal) => Promise<number>>> = {
  explain,
  run,
  scenarios: listScenarios,
};

async function main(argv: readonly string[]): Promise<number> {
  const [verb = '--help', ...rest] = argv;
  if (verb === '--help' || verb === '-h' || verb === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const command = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!command) throw new UserError('usage', `There is no command "${verb}".\n\n${usage}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  return command(rest, interrupted.signal);
}

process.stdout.on('error', (error) => {
  // The reader of a pipe has left: `rabbitmq-debug … | head`.
  process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1);
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof UserError;
    process.stderr.write(`${known ? error.message.trimEnd() : `Internal error: ${failureOf(error).text}`}\n`);
    if (!known) process.exitCode = 1;
    else process.exitCode = error.code === 'cancelled' ? 130 : 2;
  },
);
