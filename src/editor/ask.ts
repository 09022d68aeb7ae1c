// Questions in several steps, with a way back: each an input box, as VS Code's own.

import * as vscode from 'vscode';

export interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  readonly step?: number;
  readonly steps?: number;
  /** What is wrong with the answer, or undefined. */
  problem?(answer: string): string | undefined;
}

export type Answer =
  { readonly kind: 'answer'; readonly text: string } | { readonly kind: 'back' } | { readonly kind: 'cancelled' };

export function ask(question: Question): Promise<Answer> {
  const box = vscode.window.createInputBox();
  box.title = question.title;
  box.prompt = question.prompt;
  box.placeholder = question.placeholder;
  box.value = question.value ?? '';
  box.password = question.password ?? false;
  box.step = question.step;
  box.totalSteps = question.steps;
  box.ignoreFocusOut = true;
  if (question.step !== undefined && question.step > 1) box.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer>((resolve) => {
    const finish = (answer: Answer): void => {
      // Before hide(): that fires onDidHide, and the first answer counts.
      resolve(answer);
      box.hide();
    };
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(() => {
      box.validationMessage = question.problem?.(box.value);
      if (!box.validationMessage) finish({ kind: 'answer', text: box.value });
    });
    box.onDidTriggerButton(() => finish({ kind: 'back' }));
    box.onDidHide(() => {
      resolve({ kind: 'cancelled' });
      box.dispose();
    });
    box.show();
  });
}

/**
 * Asks one question after the other; "back" asks the one before again, with its answer in the box.
 * The answers, or undefined when the user gave up.
 */
export async function askAll(
  questions: readonly ((answers: readonly string[]) => Question)[],
): Promise<readonly string[] | undefined> {
  const answers: string[] = [];
  for (let index = 0; index < questions.length;) {
    const question = questions[index]?.(answers);
    if (!question) return undefined;
    const before = answers[index];
    const answer = await ask({
      ...question,
      ...(before !== undefined && { value: before }),
      step: index + 1,
      steps: questions.length,
    });
    if (answer.kind === 'cancelled') return undefined;
    if (answer.kind === 'back') {
      index--;
      continue;
    }
    answers[index++] = answer.text;
  }
  return answers;
}
