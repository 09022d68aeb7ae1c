// Restricted Mode: logs are explained, nothing is dialled, and nothing of a workspace's settings is believed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type Workbench, type World } from './workbench';

describe('in Restricted Mode', () => {
  let world: World;
  let vscode: Workbench;
  beforeAll(async () => {
    world = await startWorld({
      trust: false,
      workspaceSettings: {
        'rabbitmqDebugger.brokers': [{ name: 'of the workspace', url: 'amqp://guest@127.0.0.1:5672/' }],
      },
    });
    vscode = await world.open({ width: 1600, height: 900 });
    await vscode.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  });
  afterAll(() => world?.stop());

  it('explains logs', async () => {
    await vscode.openFile('seeds.log');
    await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).toHaveLength(2);
  });

  it('refuses to dial when a log’s hover asks for it, and says why', async () => {
    const line = vscode.page
      .locator('.editor-instance .view-line')
      .filter({ hasText: '{handshake_timeout,handshake}' });
    await line.locator('span span').first().hover();
    await vscode.page.getByText('Run the scenario that reproduces this').click();
    const message = vscode.notification('This workspace is in Restricted Mode');
    await message.waitFor();
    await vscode.screenshot('restricted');
    await message.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await vscode.page.getByRole('tab', { name: /Workspace Trust/ }).waitFor();
  });

  it('offers no run, in the palette or in the panel', async () => {
    expect(await vscode.offers('RabbitMQ: Run Scenario: Healthy lifecycle')).toBe(false);
    expect(await vscode.offers('RabbitMQ: Run Connection Scenario…')).toBe(false);
    await vscode.run('RabbitMQ: Show Timeline');
    await vscode.timeline.getByText('Restricted Mode').first().waitFor();
    expect(await vscode.timeline.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await vscode.screenshot('restricted-timeline');
  });

  it('takes no broker of the workspace’s settings', async () => {
    await vscode.run('RabbitMQ: Select Broker…');
    await vscode.input.getByRole('option', { name: 'Practice broker' }).waitFor();
    expect(await vscode.input.getByRole('option').count()).toBe(2);
    await vscode.page.keyboard.press('Escape');
  });
});
