// docker logs -t, kubectl logs --timestamps, and CRI's files, which name the stream and say whether the line is whole.

import type { Wrapping } from './wrapping';

const prefix = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d) (?:(stdout|stderr) ([FP])(?: |$))?/;

export const timestamps: Wrapping = {
  id: 'timestamps',
  title: "the container's timestamps",
  peel(line) {
    const found = prefix.exec(line);
    if (!found) return undefined;
    const [whole, stream = '', tag] = found;
    return { rest: line.slice(whole.length), source: stream, ...(tag === 'P' && { partial: true }) };
  },
};
