// Heartbeats: one side's silence, ended by the other.

import { heartbeatWindow } from '../core/deadline';
import type { Reason } from '../core/reason';
import { duration, limit } from '../core/time';
import { closing, secondLine } from './closing';
import { dropped, silence } from './wire';

export const heartbeat: readonly Reason[] = [
  {
    id: 'heartbeat.missed-from-client',
    title: 'Missed heartbeats: the client fell silent',
    closedBy: 'broker',
    severity: 'problem',
    log: closing(
      'heartbeat',
      String.raw`${secondLine}(?:[Mm]issed heartbeats from client, timeout: (?<timeout>\d{1,6})s|\{heartbeat_timeout,\w{1,20}\})`,
      'certain',
    ),
    wire(connection) {
      const heartbeatS = connection.agreed?.heartbeatS ?? 0;
      if (connection.openedAt === undefined || heartbeatS === 0 || !dropped(connection)) return undefined;
      const { fromMs, toMs } = heartbeatWindow(heartbeatS);
      const silentMs = silence(connection) / 1000;
      if (silentMs < fromMs * 0.97) return undefined;
      // RabbitMQ would have given up by then, so something else may have ended it.
      return silentMs <= toMs * 1.05 + 500 ? 'certain' : 'likely';
    },
    tell(connection) {
      const heartbeatS = connection.agreed?.heartbeatS ?? 0;
      if (heartbeatS === 0 || !connection.closed) return undefined;
      const { fromMs, toMs } = heartbeatWindow(heartbeatS);
      return `The broker closed after ${duration(silence(connection))} without a byte from the client. The heartbeat is ${limit(heartbeatS * 1000)}, so it gives up between ${limit(fromMs)} and ${limit(toMs)} of silence.`;
    },
    why: 'Nothing arrived from the client for two to three heartbeat timeouts, so the broker took it for dead and closed the TCP connection without Connection.Close. Any traffic counts, not only heartbeat frames. The broker only looks once every timeout, and gives up at the second look in a row that finds nothing. Either the client did not send (its thread was blocked, its process paused or gone) or the network lost what it sent.',
    check: [
      "Was the client blocked or paused: long work in a consumer callback on the connection's thread (pika BlockingConnection, amqplib with a busy event loop), long garbage collection, CPU limits, a suspended laptop or VM?",
      "Did the client's host or container die or lose its network at that time? Then many connections of the same address end together.",
      'Did a firewall, NAT gateway or load balancer drop an idle connection silently? Compare its idle timeout with the heartbeat.',
      'Is the timeout very short? Under 5 s false alarms are likely; 5 to 20 s suit most.',
    ],
    fix: [
      'Do long work off the thread that serves the connection, so that the client library can send its heartbeats.',
      'Choose 5 to 20 s. Client: Java ConnectionFactory.setRequestedHeartbeat(10), .NET ConnectionFactory.RequestedHeartbeat = TimeSpan.FromSeconds(10), pika ConnectionParameters(heartbeat=10), amqplib amqp://…?heartbeat=10, Go amqp.Config{Heartbeat: 10 * time.Second}, Spring spring.rabbitmq.requested-heartbeat=10.',
      "Broker: heartbeat in rabbitmq.conf (seconds, default 60). The smaller of both sides' values applies; if either is 0, the greater, so 0 on both sides disables heartbeats.",
      'Turn on automatic recovery in the client: a lost connection is normal on real networks.',
    ],
    seenAt:
      'At level error: since 3.5.4 with this sentence (capital M up to 3.5.8), before that as {heartbeat_timeout,running}. From 4.0 with the duration.',
    scenario: 'missed-heartbeats',
    source:
      'rabbit_heartbeat.erl heartbeater/3 and rabbit_reader.erl 3.5.4–4.3.5, log_connection_exception {heartbeat_timeout, _}',
    samples: [
      {
        level: 'error',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\nmissed heartbeats from client, timeout: 60s',
      },
      {
        level: 'error',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\nMissed heartbeats from client, timeout: 60s',
      },
      {
        level: 'error',
        text: 'closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672):\n{heartbeat_timeout,running}',
      },
      {
        level: 'error',
        text: 'closing AMQP connection <0.703.0> (127.0.0.1:35122 -> 127.0.0.1:37473 - o\'brien -> "x"):\nmissed heartbeats from client, timeout: 1s',
      },
      {
        level: 'error',
        text: "closing AMQP connection <0.1234.0> (10.0.0.12:53422 -> 10.0.0.5:5672 - order-service, duration: '2M, 58s'):\nmissed heartbeats from client, timeout: 60s",
      },
    ],
  },
];
