// rabbitmq-debug scenarios

import { scenarios } from '../scenarios';
import { readArguments } from './usage';

export async function listScenarios(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(argv, { json: { type: 'boolean' } });
  const width = Math.max(...scenarios.map(({ id }) => id.length));
  for (const { id, title, shows, expects } of scenarios) {
    const line = values.json ? JSON.stringify({ id, title, shows, expects }) : `${id.padEnd(width)}  ${shows}`;
    process.stdout.write(`${line}\n`);
  }
  return 0;
}
