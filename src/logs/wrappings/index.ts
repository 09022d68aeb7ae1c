// The transports, one row each, and how a line is taken out of them.

import { withoutColours } from '../colours';
import { compose } from './compose';
import { jsonFile } from './jsonFile';
import { kubectl } from './kubectl';
import { syslog } from './syslog';
import { timestamps } from './timestamps';
import type { Peeled } from './wrapping';

export const wrappings = [timestamps, compose, kubectl, jsonFile, syslog] as const;

/** docker compose logs -t in a journal: nothing is wrapped more often. */
const mostLayers = 3;

/** Whether a wrapping may begin so: most bare lines cost no more than this. */
const begins = /^(?:\d|<\d|\[pod|\{"log|[A-Z][a-z]{2} [ \d]\d |[A-Za-z][\w.-]{0,80} {1,60}\|)/;

/** What the next layer holds, or undefined where there is none. `outer` is what was peeled off before. */
function peelOnce(line: string, outer: Peeled | undefined): Peeled | undefined {
  for (const wrapping of wrappings) {
    const peeled = wrapping.peel(line);
    if (!peeled) continue;
    const log = peeled.log ?? outer?.log;
    const isPartial = peeled.partial ?? outer?.partial;
    return {
      rest: withoutColours(peeled.rest),
      source: outer ? `${outer.source} ${peeled.source}` : peeled.source,
      ...(isPartial && { partial: true }),
      ...(log && { log }),
    };
  }
  return undefined;
}

/** The line's layers from the outermost to the innermost. Empty where it is not wrapped. */
export function layersOf(line: string): Peeled[] {
  const layers: Peeled[] = [];
  let rest = line;
  while (layers.length < mostLayers && begins.test(rest)) {
    const peeled = peelOnce(rest, layers.at(-1));
    if (!peeled) break;
    layers.push(peeled);
    ({ rest } = peeled);
  }
  return layers;
}
