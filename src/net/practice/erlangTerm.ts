// Erlang terms as its `~p` prints them: RabbitMQ's log states many reasons so.

export type Term =
  /** An Erlang string. */
  string | number | { readonly atom: string } | { readonly binary: Uint8Array } | { readonly tuple: readonly Term[] };

export const atom = (name: string): Term => ({ atom: name });
export const binary = (bytes: Uint8Array): Term => ({ binary: bytes });
export const tuple = (...terms: readonly Term[]): Term => ({ tuple: terms });

const lineWidth = 80;

/** On one line where it fits in 80 columns, else filled as io_lib_pretty does: aligned behind a tuple's first atom. */
export function print(term: Term): string {
  return printAt(term, 0, 0);
}

/** `column` is where the term starts, `tail` how many closing braces follow it. */
function printAt(term: Term, column: number, tail: number): string {
  const flat = printFlat(term);
  if (typeof term !== 'object' || !('tuple' in term) || column + flat.length + tail <= lineWidth) return flat;
  const [first, ...rest] = term.tuple;
  if (first === undefined) return flat;
  let text = `{${printFlat(first)}`;
  const isTagged = typeof first === 'object' && 'atom' in first;
  const indent = column + (isTagged ? text.length + 1 : 1);
  let at = column + text.length;
  rest.forEach((element, index) => {
    const closing = index === rest.length - 1 ? tail + 1 : 1;
    const breaks = at + 1 > indent && at + 1 + printFlat(element).length + closing > lineWidth;
    const start = breaks ? indent : at + 1;
    const printed = printAt(element, start, closing);
    text += breaks ? `,\n${' '.repeat(indent)}${printed}` : `,${printed}`;
    const lastBreak = printed.lastIndexOf('\n');
    at = lastBreak < 0 ? start + printed.length : printed.length - lastBreak - 1;
  });
  return `${text}}`;
}

export function printFlat(term: Term): string {
  if (typeof term === 'number') return String(term);
  if (typeof term === 'string') return quoted(term, '"');
  if ('atom' in term) return /^[a-z][A-Za-z0-9_@]*$/.test(term.atom) ? term.atom : quoted(term.atom, "'");
  if ('binary' in term) return printBinary(term.binary);
  return `{${term.tuple.map(printFlat).join(',')}}`;
}

const escapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
};

function quoted(text: string, quote: '"' | "'"): string {
  let written = '';
  for (const character of text) {
    if (character === quote || character === '\\') written += `\\${character}`;
    else written += escapes[character] ?? character;
  }
  return `${quote}${written}${quote}`;
}

/** A binary of printable Latin-1 is written as text, any other as numbers. */
function printBinary(bytes: Uint8Array): string {
  if (bytes.length === 0) return '<<>>';
  const text = String.fromCharCode(...bytes);
  const isPrintable = [...bytes].every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte >= 0xa0 || String.fromCharCode(byte) in escapes,
  );
  return `<<${isPrintable ? quoted(text, '"') : bytes.join(',')}>>`;
}
