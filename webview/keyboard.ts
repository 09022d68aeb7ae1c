// Arrow keys walk the rows and the log cards: one stop for Tab, as in a list of the editor.

export function walkRows(root: HTMLElement, onEscape: () => void): void {
  const stops = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('.row, .log')];

  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      onEscape();
      return;
    }
    const all = stops();
    const here = all.findIndex((stop) => stop === document.activeElement);
    if (here < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = target(event.key, here, all.length);
    if (to === undefined) return;
    event.preventDefault();
    all[to]?.focus();
    all[to]?.scrollIntoView({ block: 'nearest' });
  });

  root.addEventListener('focusin', (event) => {
    const stop = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.row') : null;
    if (!stop) return;
    for (const other of root.querySelectorAll('.row[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    stop.setAttribute('tabindex', '0');
  });
}

/** Where a key leads from the stop `here`, of `count`; undefined for a key that leads nowhere. */
export function target(key: string, here: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, here + 1);
    case 'ArrowUp':
      return Math.max(0, here - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
