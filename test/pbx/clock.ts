import { randomBytes } from 'node:crypto';

/** Time and chance, passed in so that a test can hold them. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Runs once after so many milliseconds; the result cancels. Never keeps the process alive. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface Random {
  hex(bytes: number): string;
  /** 0 <= value < below */
  below(limit: number): number;
}

export const systemRandom: Random = {
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  below: (limit) => randomBytes(4).readUInt32LE() % limit,
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function randomText(random: Random, length: number): string {
  return Array.from({ length }, () => letters[random.below(letters.length)]).join('');
}

/** Digits only, as the PBX makes its app challenges, never with a leading zero. */
export function randomDigits(random: Random, length: number): string {
  return Array.from({ length }, (_, index) => (index === 0 ? 1 + random.below(9) : random.below(10))).join(
    '',
  );
}
