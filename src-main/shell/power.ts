// Sleep, wake and the network, as the session wants to hear of them.

export interface PowerPorts {
  monitor: { on(event: 'suspend' | 'resume', listener: () => void): unknown };
  /** Chromium's opinion; it may say no on a machine whose only server is itself, so a no alone means nothing. */
  isOnline(): boolean;
  /** Calls back again and again; returns what ends it. */
  every(milliseconds: number, run: () => void): () => void;
  power(event: 'suspend' | 'resume'): void;
}

/** Milliseconds between two looks at the network. */
const networkPoll = 3000;

export function watchPower({ monitor, isOnline, every, power }: PowerPorts): () => void {
  monitor.on('suspend', () => power('suspend'));
  monitor.on('resume', () => power('resume'));
  let online = isOnline();
  return every(networkPoll, () => {
    const before = online;
    online = isOnline();
    if (online && !before) power('resume');
  });
}
