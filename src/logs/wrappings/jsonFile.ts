// docker's json-file: an object a line, which writes < as an escape and cuts what is longer than 16 KiB.

import type { Wrapping } from './wrapping';

export const jsonFile: Wrapping = {
  id: 'json-file',
  title: "docker's json-file",
  peel(line) {
    if (!line.startsWith('{"log":"')) return undefined;
    try {
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed !== 'object' || parsed === null || !('log' in parsed) || typeof parsed.log !== 'string') {
        return undefined;
      }
      const { log } = parsed;
      const source = 'stream' in parsed && typeof parsed.stream === 'string' ? parsed.stream : '';
      return log.endsWith('\n') ? { rest: log.replace(/\r?\n$/, ''), source } : { rest: log, source, partial: true };
    } catch {
      return undefined;
    }
  },
};
