// The list of brokers: settings that are right, wrong and careless; passwords; and a real RabbitMQ at the other end.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRabbitmq, type Broker } from '../world/rabbitmq.mjs';
import { startWorld, type Workbench, type World } from './workbench';

/** Each character that has a meaning in a URL. */
const password = 'p@ss/w:rd%#?';
const handshakeTimeoutMs = 2000;

describe('the brokers', () => {
  let rabbitmq: Broker;
  let world: World;
  let vscode: Workbench;
  beforeAll(async () => {
    rabbitmq = await startRabbitmq({ handshakeTimeoutMs });
    await rabbitmq.ctl('add_user', 'app', password);
    await rabbitmq.ctl('set_permissions', 'app', '.*', '.*', '.*');
    const host = `127.0.0.1:${rabbitmq.port}`;
    world = await startWorld({
      settings: {
        'rabbitmqDebugger.brokers': [
          { name: 'real', url: `amqp://guest@${host}/`, log: rabbitmq.log, handshakeTimeoutMs },
          { name: 'malformed', url: 'http//nowhere' },
          { name: 'careless', url: `amqp://app:${encodeURIComponent(password)}@${host}/` },
          { name: 'nobody', url: 'amqp://guest@127.0.0.1:1/' },
          { name: 'far', url: 'amqp://guest@rabbitmq.invalid:5672/' },
          { name: 'unreadable', url: `amqp://guest@${host}/`, log: join('/nowhere', 'rabbit.log') },
        ],
      },
    });
    vscode = await world.open({ width: 1600, height: 900 });
  });
  afterAll(async () => {
    await world?.stop();
    await rabbitmq?.stop();
  });
  beforeEach(async () => {
    await vscode.dismissNotifications();
  });

  async function select(name: string): Promise<void> {
    await vscode.run('RabbitMQ: Select Broker…');
    await vscode.input.getByRole('option', { name }).first().click();
  }
  const machineSettings = () => readFile(join(world.userDataDir, 'Machine', 'settings.json'), 'utf8');

  it('runs on a real broker with the password of the secret storage, and joins the line of its log', async () => {
    await vscode.run('RabbitMQ: Set Broker Password…');
    await vscode.input.getByRole('option', { name: 'real' }).first().click();
    await vscode.answerPassword('guest');
    await select('real');
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    expect(await vscode.outcome()).toMatch(/As expected: .*the broker's log says the same/);
    await vscode.run('RabbitMQ: Run Scenario: Handshake timeout: not a byte');
    expect(await vscode.outcome()).toMatch(/As expected: .*the broker's log says the same/);
    await expect
      .poll(() => vscode.timeline.locator('.log .cause').allInnerTexts())
      .toContain('{handshake_timeout,handshake}');
    await vscode.screenshot('real-broker');
  });

  it('opens the real broker’s log, explained', async () => {
    await vscode.run('RabbitMQ: Open Broker Log');
    await expect.poll(() => vscode.lineTitles(), { timeout: 15_000 }).not.toEqual([]);
    await vscode.screenshot('real-broker-log');
    await vscode.run('View: Close All Editors');
  });

  it('says what is wrong with a malformed URL, when it is selected and when it is used, and offers the settings', async () => {
    await select('malformed');
    const message = vscode.notification('"malformed" cannot be used: "http//nowhere" is not a URL');
    await message.waitFor();
    await vscode.screenshot('malformed');
    await vscode.dismissNotifications();
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    await message.getByRole('button', { name: 'Open Settings' }).click();
    await vscode.page.getByRole('tab', { name: 'settings.json' }).waitFor();
    await vscode.page.locator('.editor-instance .view-line').filter({ hasText: 'http//nowhere' }).first().waitFor();
    await vscode.run('View: Close All Editors');
  });

  it('does not use a password of the settings, but moves it to the secret storage', async () => {
    await select('careless');
    const message = vscode.notification('"careless" has a password in the settings; move it to the secret storage');
    await message.getByRole('button', { name: 'Move Password' }).click();
    await expect.poll(machineSettings).not.toContain(encodeURIComponent(password));
    expect(await machineSettings()).toContain(`amqp://app@127.0.0.1:${rabbitmq.port}/`);
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    expect(await vscode.outcome()).toMatch(/^As expected/);
  });

  it('adds a broker in steps, with a way back, and keeps the password out of the settings', async () => {
    await vscode.run('RabbitMQ: Add Broker…');
    await vscode.answer('localhost:5672');
    await vscode.input.getByText('Write it like amqp://').waitFor();
    await vscode.answer(`amqp://app:${encodeURIComponent(password)}@127.0.0.1:${rabbitmq.port}/`);
    await vscode.input.getByText('The password of app').waitFor();
    expect(await vscode.box.getAttribute('type')).toBe('password');
    expect(await vscode.box.inputValue()).toBe(password);
    await vscode.page.keyboard.press('Enter');
    await vscode.input.getByText('A name for the broker').waitFor();
    await vscode.screenshot('add-broker');
    await vscode.input.getByRole('button', { name: 'Back' }).click();
    await vscode.input.getByText('The password of app').waitFor();
    await vscode.page.keyboard.press('Enter');
    await vscode.input.getByText('A name for the broker').waitFor();
    await vscode.answer('real');
    await vscode.input.getByText('Another broker has this name').waitFor();
    await vscode.answer('added');
    await vscode.input.getByText('log can be read').waitFor();
    await vscode.answer(rabbitmq.log);
    await expect.poll(machineSettings).toContain('"added"');
    expect(await machineSettings()).not.toContain(encodeURIComponent(password));
    expect(await machineSettings()).not.toContain(password);
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    expect(await vscode.outcome()).toMatch(/As expected: .*the broker's log says the same/);
    expect(await vscode.timeline.locator('.broker').first().innerText()).toContain('added');
  });

  it('removes a broker', async () => {
    await vscode.run('RabbitMQ: Remove Broker…');
    await vscode.input.getByRole('option', { name: 'added' }).first().click();
    await expect.poll(machineSettings).not.toContain('"added"');
    await expect.poll(() => vscode.timeline.locator('.broker').first().innerText()).toContain('Practice broker');
  });

  it('tells in the timeline and in one message that nobody listens', async () => {
    await select('nobody');
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    await vscode.answerPassword('guest');
    expect(await vscode.outcome()).toMatch(/^Not as expected/);
    await expect.poll(() => vscode.notifications()).toHaveLength(1);
    await vscode.screenshot('nobody-listens');
  });

  it('asks before it dials another machine, and dials nothing when the answer is no', async () => {
    await select('far');
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    const dialog = vscode.page.getByRole('dialog').filter({ hasText: 'Dial rabbitmq.invalid:5672?' });
    await dialog.waitFor();
    await vscode.screenshot('dial-far');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await vscode.timeline.getByRole('button', { name: 'Run', exact: true }).waitFor();
    expect(await vscode.timeline.locator('.row', { hasText: 'rabbitmq.invalid' }).count()).toBe(0);
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    await dialog.getByRole('button', { name: 'Always Dial This Broker' }).click();
    await vscode.answerPassword('guest');
    expect(await vscode.outcome()).toMatch(/^Not as expected/);
    await vscode.dismissNotifications();
    await vscode.run('RabbitMQ: Run Scenario: Healthy lifecycle');
    await vscode.notification('Not as expected').waitFor();
    expect(await dialog.count()).toBe(0);
  });

  it('says which log cannot be read', async () => {
    await select('unreadable');
    await vscode.run('RabbitMQ: Run Scenario: No data: a health check');
    await vscode.answerPassword('guest');
    await vscode.notification('"/nowhere/rabbit.log" cannot be read').waitFor();
  });
});
