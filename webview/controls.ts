// The controls of @vscode/webview-ui-toolkit. Nobody else imports it.

import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  type Button,
  type Dropdown,
} from '@vscode/webview-ui-toolkit';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());
}

export interface ButtonControl {
  readonly element: HTMLElement;
  setText(text: string): void;
  setDisabled(disabled: boolean): void;
}

export function button(
  text: string,
  appearance: 'primary' | 'secondary',
  onClick: () => void,
  end?: HTMLElement,
): ButtonControl {
  // The tag's type is known only to the toolkit.
  const element = document.createElement('vscode-button') as Button;
  element.appearance = appearance;
  const words = document.createTextNode(text);
  element.append(words);
  if (end) {
    end.slot = 'end';
    element.append(end);
  }
  element.addEventListener('click', () => {
    if (!element.disabled) onClick();
  });
  return {
    element,
    setText(next) {
      if (words.data !== next) words.data = next;
    },
    setDisabled(disabled) {
      element.disabled = disabled;
    },
  };
}

export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly title?: string;
}

export interface DropdownControl {
  readonly element: HTMLElement;
  value(): string;
  set(choices: readonly Choice[], value: string | undefined): void;
}

export function dropdown(label: string, onChange: (value: string) => void): DropdownControl {
  // As above.
  const element = document.createElement('vscode-dropdown') as Dropdown;
  element.setAttribute('aria-label', label);
  element.addEventListener('change', () => onChange(element.value));
  let shown = '';
  return {
    element,
    value: () => element.value,
    set(choices, value) {
      const key = JSON.stringify(choices);
      if (key !== shown) {
        shown = key;
        element.replaceChildren(...choices.map((choice) => option(choice, choice.value === value)));
      }
      if (value !== undefined && element.value !== value) element.value = value;
    },
  };
}

function option({ value, text, title }: Choice, selected: boolean): HTMLElement {
  const made = document.createElement('vscode-option');
  made.setAttribute('value', value);
  if (title !== undefined) made.title = title;
  if (selected) made.setAttribute('selected', '');
  made.textContent = text;
  return made;
}

export function progressRing(label: string): HTMLElement {
  const made = document.createElement('vscode-progress-ring');
  made.setAttribute('aria-label', label);
  return made;
}
