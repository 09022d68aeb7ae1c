// Times and durations as people read them.

import type { Micros } from './event';

/** 0.4 ms, 12 ms, 1.204 s, 2 min 5 s. */
export function duration(us: number): string {
  const ms = us / 1000;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 9.9995) return `${s.toFixed(3)} s`;
  if (s < 59.95) return `${s.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(s) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(s) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 5 s, 2.5 s, 800 ms: a limit somebody configured, without digits that mean nothing. */
export function limit(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}

/** 12:00:31.204 in UTC. */
export function clock(at: Micros): string {
  return new Date(at / 1000).toISOString().slice(11, 23);
}

export function iso(at: Micros): string {
  return new Date(at / 1000).toISOString();
}
