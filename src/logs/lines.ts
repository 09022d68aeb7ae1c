// Bytes → lines, streaming: UTF-8 with or without a byte order mark, invalid bytes tolerated, LF and CR LF.

/** Longer lines are cut here. What follows, up to the line feed, costs one look and no memory. */
export const longestLine = 64 * 1024;

/** Text holds no NUL byte; the first this many bytes tell. */
const tellingBytes = 8 * 1024;

export interface LineReader {
  /** The lines that the bytes complete, without their ends. Keeps no reference to `chunk`. */
  push(chunk: Uint8Array): string[];
  /** The last line, where no line feed ended it. */
  flush(): string[];
  /** The input is no text. Nothing is read from then on. */
  readonly binary: boolean;
}

export function createLineReader(): LineReader {
  const decoder = new TextDecoder('utf-8');
  let seen = 0;
  let binary = false;
  /** The line that has no end yet, up to `longestLine`. */
  let open = '';
  let begun = false;

  const grow = (piece: string): void => {
    begun = true;
    if (open.length < longestLine) open += piece.slice(0, longestLine - open.length);
  };
  const close = (): string => {
    const line = open.endsWith('\r') ? open.slice(0, -1) : open;
    open = '';
    begun = false;
    return line;
  };
  const split = (text: string): string[] => {
    const lines: string[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      grow(text.slice(from, end));
      lines.push(close());
      from = end + 1;
    }
    if (from < text.length) grow(text.slice(from));
    return lines;
  };

  return {
    get binary() {
      return binary;
    },
    push(chunk) {
      if (!binary && seen < tellingBytes) binary = chunk.subarray(0, tellingBytes - seen).includes(0);
      seen += chunk.byteLength;
      return binary ? [] : split(decoder.decode(chunk, { stream: true }));
    },
    flush() {
      if (binary) return [];
      const lines = split(decoder.decode());
      if (begun) lines.push(close());
      return lines;
    },
  };
}
