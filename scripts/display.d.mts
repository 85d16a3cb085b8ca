import type { ChildProcess } from 'node:child_process';

export interface Started {
  /** What a program needs in its environment to use it. */
  env: Record<string, string>;
  child: ChildProcess & { exited: Promise<number> };
}

export class DisplayError extends Error {}
export function hasDisplay(): boolean;
export function startVirtualDisplay(options?: { size?: string }): Promise<Started>;
export function startSessionBus(env?: Record<string, string>): Promise<Started | null>;
export function ensureDesktop(options?: {
  preferVirtual?: boolean;
}): Promise<{ env: Record<string, string>; virtual: boolean }>;
