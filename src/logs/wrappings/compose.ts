// docker compose logs: the container's name, padded, and a bar.

import type { Wrapping } from './wrapping';

const prefix = /^([A-Za-z0-9][\w.-]{0,80}) {1,60}\| ?/;

export const compose: Wrapping = {
  id: 'compose',
  title: 'docker compose',
  peel(line) {
    const found = prefix.exec(line);
    return found ? { rest: line.slice(found[0].length), source: found[1] ?? '' } : undefined;
  },
};
