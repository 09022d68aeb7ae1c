// Elements made of parts. Text is only ever text: what peers and logs say is never parsed as HTML.

type AttributeName =
  'class' | 'title' | 'role' | 'tabindex' | 'type' | 'id' | 'scope' | `aria-${string}` | `data-${string}`;

/** No `style` and no `on…`: the page's policy forbids both. */
export type Attributes = Partial<Record<AttributeName, string | undefined>>;
export type Child = Node | string | undefined | false;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  made.append(...present(children));
  return made;
}

export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(...present(children));
}

/** A button that looks like a link. */
export function link(text: string, onClick: () => void, title?: string): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'link', title }, text);
  made.addEventListener('click', onClick);
  return made;
}

export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

const present = (children: readonly Child[]): (Node | string)[] =>
  children.filter((child) => child !== undefined && child !== false);
