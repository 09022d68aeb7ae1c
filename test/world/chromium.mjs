// Installs Debian's Chromium and opens VS Code in it, driven by playwright-core.

import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

import { aptInstall } from './apt.mjs';

const PROGRAM = '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Makes the browser ready to start. */
export async function installChromium() {
  if (!existsSync(PROGRAM)) await aptInstall(['chromium']);
}

/** What VS Code takes from the browser: startVscode lets the theme follow it. */
const THEMES = /** @type {const} */ ({
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  light: { colorScheme: 'light', forcedColors: 'none' },
  'high-contrast-dark': { colorScheme: 'dark', forcedColors: 'active' },
  'high-contrast-light': { colorScheme: 'light', forcedColors: 'active' },
});

/** @typedef {keyof typeof THEMES} Theme */

/**
 * @typedef {object} Browser
 * @property {(url: string, options?: {theme?: Theme}) => Promise<import('playwright-core').Page>} openWorkbench
 *   opens VS Code in a fresh profile, in that theme (dark when none is given), and waits until it is drawn
 * @property {() => Promise<void>} close
 */

/**
 * Starts a browser without a window.
 * @param {{width?: number, height?: number}} [options] the size of the pages
 * @returns {Promise<Browser>}
 */
export async function openBrowser({ width = 1280, height = 800 } = {}) {
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ARGS });
  return {
    async openWorkbench(url, { theme = 'dark' } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, ...THEMES[theme] });
      const page = await context.newPage();
      await page.goto(url);
      await page.locator('.monaco-workbench').waitFor();
      return page;
    },
    close: () => browser.close(),
  };
}
