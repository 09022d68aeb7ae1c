// The pictures of the README: taken of the real VS Code on a real RabbitMQ. `media/screenshots/` holds copies of them.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRabbitmq, type Broker } from '../world/rabbitmq.mjs';
import { startWorld, type Workbench, type World } from './workbench';

let rabbitmq: Broker;
let world: World;
let vscode: Workbench;

beforeAll(async () => {
  rabbitmq = await startRabbitmq({ handshakeTimeoutMs: 2000, conf: ['log.file.level = info'] });
  world = await startWorld({
    settings: {
      'rabbitmqDebugger.brokers': [
        {
          name: 'orders broker',
          url: `amqp://guest@127.0.0.1:${rabbitmq.port}/`,
          log: rabbitmq.log,
          handshakeTimeoutMs: 2000,
        },
      ],
    },
    workspaceSettings: { 'editor.minimap.enabled': false, 'editor.occurrencesHighlight': 'off', 'editor.fontSize': 11 },
  });
  vscode = await world.open({ width: 1700, height: 900 });
});

afterAll(async () => {
  await world?.stop();
  await rabbitmq?.stop();
});

it('shows missed heartbeats in the timeline, beside the log of the broker', async () => {
  await vscode.run('RabbitMQ: Select Broker…');
  await vscode.input.getByRole('option', { name: 'orders broker' }).first().click();
  await vscode.run('RabbitMQ: Run Scenario: Wrong password');
  await vscode.answerPassword('guest');
  expect(await vscode.outcome()).toMatch(/As expected/);
  await vscode.run('RabbitMQ: Run Scenario: Missed heartbeats');
  expect(await vscode.outcome()).toMatch(/As expected: .*the broker's log says the same/);
  await vscode.timeline.locator('.verdict .meta .link').click();
  await expect
    .poll(() => vscode.lineTitles(), { timeout: 15_000 })
    .toContainEqual(expect.stringContaining('Missed heartbeats'));
  await vscode.sideBarWidth(560);
  await vscode.screenshot('readme-timeline');
});

it('explains a line of a log in a hover', async () => {
  await vscode.run('View: Close All Editors');
  await vscode.run('View: Show Explorer');
  await vscode.sideBarWidth(200);
  await vscode.openFile('report-3.6.log');
  await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
  await vscode.page
    .locator('.view-line')
    .filter({ hasText: 'missed heartbeats from client' })
    .first()
    .hover({ position: { x: 60, y: 8 } });
  await vscode.page.locator('.monaco-hover').filter({ hasText: 'Check first' }).first().waitFor();
  await vscode.screenshot('readme-log');
});
