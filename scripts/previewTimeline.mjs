// The timeline without an editor: sample traces under VS Code's themes, in any browser, at any width.
//
//   node scripts/previewTimeline.mjs                          serves pages on 127.0.0.1
//   node scripts/previewTimeline.mjs --shots DIR [FILTER]     takes screenshots with Chromium and ends
import { createServer } from 'node:http';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const themes = {
  dark: {
    kind: 'vscode-dark',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    errorForeground: '#f85149',
    focusBorder: '#0078d4',
    'sideBar-background': '#181818',
    'editor-background': '#1f1f1f',
    'editorWidget-background': '#202020',
    'panel-border': '#2b2b2b',
    'widget-border': '#313131',
    'textCodeBlock-background': '#2b2b2b',
    'textLink-foreground': '#4daafc',
    'textLink-activeForeground': '#4daafc',
    'list-hoverBackground': '#2a2d2e',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'editor-selectionBackground': '#264f78',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    'button-border': '#ffffff12',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#3c3c3c',
    'dropdown-background': '#313131',
    'dropdown-foreground': '#cccccc',
    'dropdown-border': '#3c3c3c',
    'dropdown-listBackground': '#1f1f1f',
    'badge-background': '#616161',
    'badge-foreground': '#f8f8f8',
    'progressBar-background': '#0078d4',
    'charts-red': '#f14c4c',
    'charts-blue': '#3794ff',
    'charts-yellow': '#cca700',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
  },
  light: {
    kind: 'vscode-light',
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    errorForeground: '#f85149',
    focusBorder: '#005fb8',
    'sideBar-background': '#f8f8f8',
    'editor-background': '#ffffff',
    'editorWidget-background': '#f8f8f8',
    'panel-border': '#e5e5e5',
    'widget-border': '#e5e5e5',
    'textCodeBlock-background': '#f8f8f8',
    'textLink-foreground': '#005fb8',
    'textLink-activeForeground': '#005fb8',
    'list-hoverBackground': '#f2f2f2',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'editor-selectionBackground': '#add6ff',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    'button-border': '#0000001a',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    'dropdown-background': '#ffffff',
    'dropdown-foreground': '#3b3b3b',
    'dropdown-border': '#cecece',
    'dropdown-listBackground': '#ffffff',
    'badge-background': '#cccccc',
    'badge-foreground': '#3b3b3b',
    'progressBar-background': '#005fb8',
    'charts-red': '#e51400',
    'charts-blue': '#1a85ff',
    'charts-yellow': '#bf8803',
    'charts-green': '#388a34',
    'charts-purple': '#652d90',
  },
  contrast: {
    kind: 'vscode-high-contrast',
    foreground: '#ffffff',
    descriptionForeground: '#ffffffb3',
    errorForeground: '#f48771',
    focusBorder: '#f38518',
    contrastBorder: '#6fc3df',
    contrastActiveBorder: '#f38518',
    'sideBar-background': '#000000',
    'editor-background': '#000000',
    'editorWidget-background': '#0c141f',
    'panel-border': '#6fc3df',
    'widget-border': '#6fc3df',
    'textCodeBlock-background': '#000000',
    'textLink-foreground': '#21a6ff',
    'textLink-activeForeground': '#21a6ff',
    'list-hoverBackground': '#ffffff1a',
    'list-activeSelectionForeground': '#ffffff',
    'editor-selectionBackground': '#ffffff',
    'editor-selectionForeground': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-secondaryForeground': '#ffffff',
    'dropdown-background': '#000000',
    'dropdown-foreground': '#ffffff',
    'dropdown-border': '#6fc3df',
    'dropdown-listBackground': '#000000',
    'badge-background': '#000000',
    'badge-foreground': '#ffffff',
    'progressBar-background': '#6fc3df',
    'charts-red': '#f48771',
    'charts-blue': '#59a4f9',
    'charts-yellow': '#ffd370',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
  },
};

/** What the page's own script plays. `until` is how much of the trace has happened, in milliseconds. */
const scenes = {
  empty: {},
  restricted: { panel: { trusted: false } },
  error: {
    panel: {
      error: 'Nothing listens on 127.0.0.1:5672 (ECONNREFUSED). Start the broker, or select another one.',
    },
  },
  healthy: { trace: 'healthy', outcome: 'As expected: Closed politely by the client.' },
  healthyRow: { trace: 'healthy', open: 9, outcome: 'As expected: Closed politely by the client.' },
  handshakeLive: { trace: 'handshakeTimeout', until: 6200, running: true },
  handshakeTimeout: {
    trace: 'handshakeTimeout',
    outcome: "As expected: Handshake timeout (the broker's log says the same).",
  },
  missedLive: { trace: 'missedHeartbeats', until: 4600, running: true },
  missedHeartbeats: { trace: 'missedHeartbeats', outcome: 'As expected: Missed heartbeats from the client.' },
  wrongPassword: { trace: 'wrongPassword', open: 10 },
  hostile: { trace: 'hostile', outcome: 'Not as expected: Wrong password was to come, but: the connection ended.' },
  play: { trace: 'missedHeartbeats', until: 0, running: true },
};

const player = `
const query = new URLSearchParams(location.search);
const scene = SCENES[query.get('scene')] ?? {};
const theme = THEMES[query.get('theme')] ?? THEMES.dark;
document.body.className = theme.kind;
for (const [name, value] of Object.entries(theme)) document.documentElement.style.setProperty('--vscode-' + name, value);
const fonts = { 'font-family': 'system-ui, "DejaVu Sans", sans-serif', 'font-size': '13px', 'font-weight': 'normal', 'editor-font-family': '"DejaVu Sans Mono", monospace' };
for (const [name, value] of Object.entries(fonts)) document.documentElement.style.setProperty('--vscode-' + name, value);
const { sampleTraces, panelState, startAt } = samples;
const trace = sampleTraces[scene.trace]?.();
const shift = scene.until === undefined ? 0 : Date.now() * 1000 - startAt - scene.until * 1000;
const events = (trace?.events ?? []).map((event) => ({ ...event, at: event.at + shift }));
const past = scene.until === undefined ? events : events.filter(({ at }) => at <= Date.now() * 1000);
const state = {
  ...panelState,
  ...scene.panel,
  ...(scene.running && { running: { id: trace.meta.scenario, title: trace.meta.title } }),
  ...(scene.outcome && { outcome: { ok: !scene.outcome.startsWith('Not'), text: scene.outcome } }),
};
const verdictsAt = (all) => (trace?.verdict && all.some(({ type }) => type === 'closed') ? { c1: trace.verdict } : {});
const post = (data) => window.dispatchEvent(new MessageEvent('message', { data }));
window.posted = [];
window.acquireVsCodeApi = () => ({
  getState: () => (scene.open ? { open: scene.open, startedAt: events[0].at } : undefined),
  setState() {},
  postMessage(message) {
    window.posted.push(message);
    if (message.type !== 'ready') return;
    post({ type: 'reset', state, ...(trace && { meta: trace.meta }), events: past, verdicts: verdictsAt(past), sentAt: Date.now() * 1000 });
    if (query.get('scene') !== 'play') return;
    for (const event of events.slice(past.length)) {
      setTimeout(() => post({ type: 'append', events: [event], verdicts: verdictsAt([event]) }), event.at / 1000 - Date.now());
    }
    setTimeout(() => post({ type: 'state', state: { ...state, running: undefined } }), events.at(-1).at / 1000 - Date.now() + 50);
  },
});
`;

async function bundle(options) {
  const { outputFiles } = await build({ bundle: true, write: false, target: 'chrome120', format: 'iife', ...options });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path.endsWith('.css') ? 'css' : 'js', text]));
}

async function serve() {
  const webview = await bundle({ entryPoints: ['webview/main.ts'], outdir: 'out' });
  const samples = await bundle({ entryPoints: ['webview/sampleTraces.ts'], globalName: 'samples' });
  const play = player.replace('SCENES', JSON.stringify(scenes)).replaceAll('THEMES', JSON.stringify(themes));
  const policy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'";
  const scripts = ['samples', 'play', 'webview'].map((name) => `<script src="/${name}.js"></script>`).join('');
  const page = `<!doctype html><meta charset="utf-8"><title>Timeline</title><meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="stylesheet" href="/webview.css"><body><div id="timeline"></div>${scripts}</body>`;
  const links = Object.keys(scenes).flatMap((scene) =>
    Object.keys(themes).map((theme) => `<li><a href="/page?scene=${scene}&theme=${theme}">${scene}, ${theme}</a>`),
  );
  const files = {
    '/': ['text/html', `<!doctype html><title>Timeline</title><ul>${links.join('')}</ul>`],
    '/page': ['text/html', page],
    '/webview.js': ['text/javascript', webview.js],
    '/webview.css': ['text/css', webview.css],
    '/samples.js': ['text/javascript', samples.js],
    '/play.js': ['text/javascript', play],
  };
  const server = createServer((request, response) => {
    const [type, text] = files[new URL(request.url, 'http://localhost').pathname] ?? ['text/plain', ''];
    response.setHeader('content-type', `${type}; charset=utf-8`);
    response.end(text);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

async function takeShots(origin, folder, filter) {
  const { chromium } = await import('playwright-core');
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`No Chromium at ${executablePath}: set CHROMIUM to its path.`);
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  page.on('console', (message) => console.error(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`));
  for (const scene of Object.keys(scenes)) {
    for (const theme of Object.keys(themes)) {
      for (const [width, height] of [
        [300, 760],
        [500, 760],
        [900, 760],
        [1200, 800],
      ]) {
        const name = `${scene}-${theme}-${width}`;
        if (scene === 'play' || (filter && !new RegExp(filter).test(name))) continue;
        await page.setViewportSize({ width, height });
        await page.goto(`${origin}/page?scene=${scene}&theme=${theme}`, { waitUntil: 'load' });
        await page.waitForTimeout(150);
        await page.screenshot({ path: join(folder, `${name}.png`) });
      }
    }
  }
  await browser.close();
}

const [, , flag, folder, filter] = process.argv;
const { server, origin } = await serve();
if (flag === '--shots' && folder) {
  await takeShots(origin, folder, filter);
  server.close();
} else console.log(`${origin}/`);
