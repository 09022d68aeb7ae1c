// kubectl logs --prefix: pod and container in brackets.

import type { Wrapping } from './wrapping';

const prefix = /^\[(pod\/[\w.-]{1,253}\/[\w.-]{1,63})\] ?/;

export const kubectl: Wrapping = {
  id: 'kubectl',
  title: 'kubectl logs --prefix',
  peel(line) {
    const found = prefix.exec(line);
    return found ? { rest: line.slice(found[0].length), source: found[1] ?? '' } : undefined;
  },
};
