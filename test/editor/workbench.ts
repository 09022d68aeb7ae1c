// Drives a real VS Code with the packaged extension in it, as a user does: keys, clicks and what is on the screen.

import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { openBrowser } from '../world/chromium.mjs';
import { startVscode } from '../world/vscode.mjs';

/** The browser's: the tests are compiled without its types. */
declare function getComputedStyle(element: unknown, pseudo: string): { readonly content: string };

export const vsix = resolve('rabbitmq-connection-debugger.vsix');
const screenshots = resolve('test-results/screenshots');

export type Theme = 'dark' | 'light' | 'high-contrast-dark' | 'high-contrast-light';

export interface World {
  /** The workspace folder, with the fixture logs in it. */
  readonly folder: string;
  readonly userDataDir: string;
  /** Opens the workspace in a browser of its own. */
  open(options?: { width?: number; height?: number }): Promise<Workbench>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly trust?: boolean;
  /** The settings of the machine that VS Code runs on. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly workspaceSettings?: Readonly<Record<string, unknown>>;
  readonly keybindings?: readonly Readonly<Record<string, unknown>>[];
}

/** Packages the extension and starts a VS Code that has it. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { trust = true, settings = {}, workspaceSettings, keybindings = [] } = options;
  execFileSync(process.execPath, ['scripts/package.mjs'], { stdio: 'ignore' });
  const folder = await mkdtemp(join(tmpdir(), 'workspace-'));
  await cp('test/fixtures/logs', folder, { recursive: true });
  if (workspaceSettings) await writeWorkspaceSettings(folder, workspaceSettings);
  const vscode = await startVscode({ folder, vsix, trust });
  const machine = join(vscode.userDataDir, 'Machine');
  await mkdir(machine, { recursive: true });
  await writeFile(join(machine, 'settings.json'), JSON.stringify(settings));
  await writeFile(join(vscode.userDataDir, 'User', 'keybindings.json'), JSON.stringify(keybindings));
  const browsers: { close(): Promise<void> }[] = [];
  return {
    folder,
    userDataDir: vscode.userDataDir,
    async open({ width = 1280, height = 800 } = {}) {
      const browser = await openBrowser({ width, height });
      browsers.push(browser);
      const page = await browser.openWorkbench(vscode.url);
      // Drawn is not ready: the palette knows our commands when the extensions are registered.
      await page.getByRole('tab', { name: 'RabbitMQ', exact: true }).waitFor();
      return createWorkbench(page, folder);
    },
    async stop() {
      for (const browser of browsers) await browser.close();
      await vscode.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeWorkspaceSettings(folder: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(join(folder, '.vscode'), { recursive: true });
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
}

export type Workbench = ReturnType<typeof createWorkbench>;

function createWorkbench(page: Page, folder: string) {
  const input = page.locator('.quick-input-widget');
  const timeline = timelineOf(page);
  const box = input.locator('input[type="text"], input[type="password"]').first();

  async function quickOpen(text: string): Promise<void> {
    await page.keyboard.press('F1');
    await box.fill(text);
  }

  return {
    page,
    input,
    box,
    /** The page of the timeline, inside of VS Code's two frames. */
    timeline,
    /** From the command palette. `title` is the whole of it. */
    async run(title: string): Promise<void> {
      await quickOpen(`>${title}`);
      await input.getByRole('option', { name: title }).first().waitFor();
      await page.keyboard.press('Enter');
    },
    async offers(title: string): Promise<boolean> {
      await quickOpen(`>${title}`);
      const first = input.getByRole('option').first();
      await first.waitFor();
      const found = (await input.getByRole('option', { name: title }).count()) > 0;
      await page.keyboard.press('Escape');
      return found;
    },
    /** One of the workspace folder's. */
    async openFile(name: string): Promise<void> {
      await quickOpen(name);
      await input.getByRole('option', { name: name }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.editor-instance .view-lines').first().waitFor();
    },
    /** A file that VS Code takes for binary: opened as text all the same. */
    async openBinary(name: string): Promise<void> {
      await quickOpen(name);
      await input.getByRole('option', { name }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Open Anyway' }).click();
      await page
        .getByRole('option', { name: /Text Editor/ })
        .first()
        .click();
      await page.locator('.editor-instance .view-lines').first().waitFor();
    },
    /** Answers the question that is open. */
    async answer(text: string): Promise<void> {
      await box.fill(text);
      await page.keyboard.press('Enter');
    },
    /** When a scenario starts and asks for it. */
    async answerPassword(text: string): Promise<void> {
      await input.getByText('It is kept in the secret storage').waitFor();
      await page.locator('.quick-input-widget input[type="password"]').waitFor();
      await box.fill(text);
      await page.keyboard.press('Enter');
    },
    /** How the run ended that was not asked for yet. */
    async outcome(): Promise<string> {
      const line = timeline.locator('.verdict .outcome:not([data-seen])');
      await line.waitFor({ timeout: 60_000 });
      const text = await line.innerText();
      await line.evaluate((element: { dataset: Record<string, string> }) => {
        element.dataset['seen'] = '';
      });
      // What came with it is drawn with the next frame.
      await page.waitForTimeout(100);
      return text;
    },
    notification: (text: string | RegExp): Locator => page.locator('.notification-toast').filter({ hasText: text }),
    /** What the notifications on the screen say. */
    notifications: (): Promise<string[]> =>
      page.locator('.notification-toast .notification-list-item-message').allInnerTexts(),
    async dismissNotifications(): Promise<void> {
      await quickOpen('>Notifications: Clear All Notifications');
      await page.keyboard.press('Enter');
      await page.locator('.notification-toast').first().waitFor({ state: 'detached' });
    },
    /** Without the system's forced colours, which would draw over the theme's. */
    async theme(theme: Theme): Promise<void> {
      await writeWorkspaceSettings(folder, {
        'window.autoDetectColorScheme': false,
        'workbench.colorTheme': themes[theme].name,
      });
      await page.locator(`.monaco-workbench.${themes[theme].class}`).waitFor();
    },
    async screenshot(name: string): Promise<void> {
      // Notifications slide in, themes and sashes fade.
      await page.waitForTimeout(500);
      await mkdir(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, `${name}.png`) });
    },
    /** Drags the side bar's edge so that the side bar is that wide. */
    async sideBarWidth(width: number): Promise<void> {
      const bar = await page.locator('.part.sidebar').boundingBox();
      if (!bar) throw new Error('there is no side bar');
      const y = bar.y + bar.height / 2;
      await page.mouse.move(bar.x + bar.width, y);
      await page.mouse.down();
      await page.mouse.move(bar.x + width, y, { steps: 8 });
      await page.mouse.up();
      await page.mouse.move(bar.x + width, 0);
    },
    /** The titles at the ends of lines, as they are drawn. */
    async lineTitles(): Promise<string[]> {
      const contents = await page
        .locator('.editor-instance .view-lines [class*="ced-"]')
        .evaluateAll((all: unknown[]) => all.map((one) => getComputedStyle(one, '::after').content));
      return contents.filter((content) => content.startsWith('"')).map((content) => content.slice(1, -1));
    },
  };
}

const themes: Record<Theme, { readonly name: string; readonly class: string }> = {
  dark: { name: 'Default Dark Modern', class: 'vs-dark' },
  light: { name: 'Default Light Modern', class: 'vs' },
  'high-contrast-dark': { name: 'Default High Contrast', class: 'hc-black' },
  'high-contrast-light': { name: 'Default High Contrast Light', class: 'hc-light' },
};

function timelineOf(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}
