// A frame's bytes: offset, hexadecimal, text; those of one field can be lit.

import { ascii } from '../src/core/bytes';
import type { Field } from '../src/core/event';
import { element } from './dom';

export interface HexView {
  readonly element: HTMLElement;
  /** Lights the bytes of a field, or none. */
  light(field?: Field): void;
}

export function hexView(hex: string, perLine: 8 | 16): HexView {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const cells: HTMLElement[][] = [];
  const view = element('div', { class: 'hex', role: 'img', 'aria-label': `${bytes.length} bytes in hexadecimal` });
  for (let from = 0; from < bytes.length; from += perLine) {
    const part = bytes.subarray(from, from + perLine);
    const pairs = element('span', { class: 'pairs' });
    const letters = element('span', { class: 'letters' });
    part.forEach((byte, at) => {
      const pair = element('b', {}, byte.toString(16).padStart(2, '0'));
      const letter = element('b', {}, ascii(part.subarray(at, at + 1)));
      cells.push([pair, letter]);
      pairs.append(pair);
      letters.append(letter);
    });
    view.append(element('span', { class: 'offset' }, from.toString(16).padStart(4, '0')), pairs, letters);
  }
  view.dataset['perLine'] = String(perLine);
  return {
    element: view,
    light(field) {
      cells.forEach((pair, at) => {
        const lit = field !== undefined && at >= field.offset && at < field.offset + field.length;
        for (const cell of pair) cell.classList.toggle('lit', lit);
      });
    },
  };
}
