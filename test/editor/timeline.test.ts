// The timeline, fed by scenarios on the practice broker.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type Theme, type Workbench, type World } from './workbench';

describe('the timeline', () => {
  let world: World;
  let vscode: Workbench;
  beforeAll(async () => {
    world = await startWorld({
      keybindings: [{ key: 'ctrl+alt+r', command: 'rabbitmqDebugger.runScenario', args: 'no-data' }],
    });
    vscode = await world.open({ width: 1600, height: 900 });
  });
  afterAll(() => world?.stop());
  beforeEach(async () => {
    await vscode.dismissNotifications();
  });

  const verdict = () => vscode.timeline.locator('.verdict h2').innerText();
  const methods = () => vscode.timeline.locator('.row .what').allInnerTexts();

  it('offers a run before there is anything to show', async () => {
    await vscode.run('RabbitMQ: Show Timeline');
    await vscode.timeline.getByText('Run a scenario to see a connection').waitFor();
    await vscode.screenshot('timeline-start');
  });

  it('shows a healthy connection from its first step to its last', async () => {
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    expect(await vscode.outcome()).toMatch(/As expected: .*the broker's log says the same/);
    const seen = await methods();
    const expected = [
      'connection.start',
      'connection.start-ok',
      'connection.tune',
      'connection.tune-ok',
      'connection.open',
      'connection.open-ok',
      'channel.open',
      'basic.publish',
      'basic.deliver',
      'basic.ack',
      'heartbeat',
      'connection.close',
      'connection.close-ok',
    ];
    expect(seen.filter((method) => expected.includes(method))).toEqual(expected);
    await vscode.screenshot('healthy-narrow-dark');
  });

  it('opens the log at the line that the verdict points to', async () => {
    await vscode.timeline
      .locator('.verdict')
      .getByText(/^log line \d+$/)
      .click();
    await vscode.page.getByRole('tab', { name: 'rabbit@practice.log' }).waitFor();
    const line = await vscode.page
      .locator('.editor-instance .view-line')
      .filter({ hasText: 'closing' })
      .first()
      .innerText();
    expect(line).toMatch(/closing\sAMQP\sconnection/);
    await vscode.page.locator('.monaco-editor .current-line').first().waitFor();
    await vscode.run('View: Close All Editors');
  });

  it('shows a handshake timeout with its deadline, and who closed and why at the end', async () => {
    await vscode.run('RabbitMQ: Run Scenario: Handshake timeout: not a byte');
    await vscode.timeline.locator('.deadline').waitFor();
    await vscode.page.waitForTimeout(4000);
    await vscode.screenshot('handshake-timeout-running-narrow-dark');
    expect(await vscode.outcome()).toMatch(/As expected: .*the broker's log says the same/);
    expect(await verdict()).toMatch(/^Handshake timeout/);
    expect(await vscode.timeline.locator('.verdict .meta').innerText()).toMatch(/closed by\sbroker.*RST.*certain/s);
    expect(await vscode.timeline.locator('.log .cause').allInnerTexts()).toContain('{handshake_timeout,handshake}');
    expect(await vscode.notifications()).toEqual([]);
  });

  it.each<[Theme, number]>([
    ['dark', 300],
    ['light', 300],
    ['high-contrast-dark', 300],
    ['dark', 900],
    ['light', 900],
    ['high-contrast-dark', 900],
    ['high-contrast-light', 900],
  ])('fits into %s at %i px', async (theme, width) => {
    await vscode.theme(theme);
    await vscode.sideBarWidth(width + 48);
    const overhang = await vscode.timeline
      .locator('body')
      .evaluate((body: { scrollWidth: number; clientWidth: number }) => body.scrollWidth - body.clientWidth);
    expect(overhang).toBeLessThanOrEqual(0);
    await vscode.screenshot(`handshake-timeout-${width}-${theme}`);
  });

  it('can be closed and hidden while events stream, and comes back whole', async () => {
    await vscode.theme('dark');
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    await vscode.timeline.locator('.row').first().waitFor();
    await vscode.run('View: Toggle Primary Side Bar Visibility');
    await vscode.page.waitForTimeout(1000);
    await vscode.run('View: Toggle Primary Side Bar Visibility');
    await vscode.timeline.locator('.row').first().waitFor();
    await vscode.run('View: Show Explorer');
    await vscode.page.waitForTimeout(3000);
    await vscode.run('RabbitMQ: Show Timeline');
    expect(await vscode.outcome()).toMatch(/^As expected/);
    const seqs = await vscode.timeline
      .locator('.row')
      .evaluateAll((rows: { dataset: { seq: string } }[]) => rows.map((row) => Number(row.dataset.seq)));
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    expect(await methods()).toEqual(expect.arrayContaining(['connection.start', 'connection.close-ok']));
  });

  it('cancels a running scenario, from the panel as from the palette', async () => {
    await vscode.run('RabbitMQ: Run Scenario: Handshake timeout: not a byte');
    await vscode.timeline.getByRole('button', { name: 'Cancel' }).click();
    expect(await vscode.outcome()).toMatch(/cancelled/);
    await vscode.run('RabbitMQ: Run Scenario: Handshake timeout: after the header');
    await vscode.timeline.getByRole('button', { name: 'Cancel' }).waitFor();
    await vscode.run('RabbitMQ: Cancel Running Scenario');
    expect(await vscode.outcome()).toMatch(/cancelled/);
    expect(await vscode.offers('RabbitMQ: Cancel Running Scenario')).toBe(false);
    expect(await vscode.notifications()).toEqual([]);
  });

  it('runs one scenario at a time, and lets the user choose which', async () => {
    await vscode.run('RabbitMQ: Run Scenario: Handshake timeout: not a byte');
    await vscode.timeline.getByRole('button', { name: 'Cancel' }).waitFor();
    await vscode.run('RabbitMQ: Run Scenario: No data: a health check');
    const question = vscode.notification('One scenario runs at a time');
    await question.waitFor();
    await vscode.screenshot('two-at-once');
    await question.getByRole('button', { name: 'Let It Run' }).click();
    await vscode.run('RabbitMQ: Run Scenario: No data: a health check');
    await question.getByRole('button', { name: 'Cancel It and Run This' }).click();
    expect(await vscode.outcome()).toMatch(/^As expected/);
    expect(await verdict()).not.toMatch(/^Handshake timeout/);
  });

  it('refuses a program that wants to run a second one', async () => {
    await vscode.run('RabbitMQ: Run Scenario: Handshake timeout: not a byte');
    await vscode.timeline.getByRole('button', { name: 'Cancel' }).waitFor();
    await vscode.page.keyboard.press('Control+Alt+R');
    await vscode.notification('is running, and one scenario runs at a time: cancel it first').waitFor();
    await vscode.run('RabbitMQ: Cancel Running Scenario');
    expect(await vscode.outcome()).toMatch(/cancelled/);
    await vscode.page.keyboard.press('Control+Alt+R');
    expect(await vscode.outcome()).toMatch(/^As expected/);
  });

  it('clears', async () => {
    await vscode.run('RabbitMQ: Clear Timeline');
    await vscode.timeline.getByText('Run a scenario to see a connection').waitFor();
  });
});
