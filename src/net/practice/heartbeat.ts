// Heartbeats in both directions, by RabbitMQ's rule (rabbit_heartbeat.erl): byte counters that are looked at now and then.
//
//   receiver   every `timeoutS` it looks at the bytes received: two looks in a row without a new byte end the connection,
//              so it ends between two and three timeouts after the last byte
//   sender     every half `timeoutS` it looks at the bytes sent: where nothing was, it sends a heartbeat

export interface Watch {
  readonly count: number;
  readonly same: number;
}

/** What a look at a counter finds. `threshold` looks without a change are let pass. */
export function look(before: Watch, count: number, threshold: number): Watch & { readonly due: boolean } {
  if (count !== before.count) return { count, same: 0, due: false };
  if (before.same < threshold) return { count, same: before.same + 1, due: false };
  return { count, same: 0, due: true };
}

export interface HeartbeatOptions {
  readonly timeoutS: number;
  readonly received: () => number;
  readonly sent: () => number;
  readonly send: () => void;
  readonly missed: () => void;
}

/** Returns how to stop. A timeout of 0 starts nothing. */
export function startHeartbeats({ timeoutS, received, sent, send, missed }: HeartbeatOptions): () => void {
  if (timeoutS === 0) return () => {};
  let receiving: Watch = { count: 0, same: 0 };
  let sending: Watch = { count: 0, same: 0 };
  const receiver = setInterval(() => {
    const found = look(receiving, received(), 1);
    receiving = found;
    if (found.due) {
      clearInterval(receiver);
      missed();
    }
  }, timeoutS * 1000);
  const sender = setInterval(() => {
    // The first heartbeat goes out at the first look, whatever was sent before.
    const first = sending.count === 0;
    const found = look(sending, sent(), 0);
    if (first || found.due) send();
    sending = first || found.due ? { count: sent(), same: 0 } : found;
  }, timeoutS * 500);
  return () => {
    clearInterval(receiver);
    clearInterval(sender);
  };
}
