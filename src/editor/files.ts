// Opens files that the timeline points to.

import * as vscode from 'vscode';
import { UserError } from '../core/userError';

/** `line` counts from 1; without it, the file opens at its end, where the newest of a log is. */
export async function openFile(file: string, line?: number): Promise<void> {
  const document = await open(file);
  const shown = Math.min(Math.max(line ?? document.lineCount, 1), document.lineCount) - 1;
  const range = document.lineAt(shown).range;
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
}

async function open(file: string): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  } catch {
    // VS Code says only that it cannot: not there, no permission, binary, or larger than 50 MB.
    throw new UserError(
      'file-unreadable',
      `"${file}" cannot be opened as text. Check the path, its permissions and its size.`,
    );
  }
}
