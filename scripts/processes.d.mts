import type { ChildProcess, SpawnOptions } from 'node:child_process';

export type Running = ChildProcess & { exited: Promise<number> };

export function start(command: string, args: readonly string[], options?: SpawnOptions): Running;
export function stop(child: Running): Promise<void>;
export function stopAll(): Promise<void>;
export function stopAllOnSignals(): void;
export function onLines(stream: NodeJS.ReadableStream | null, listener: (line: string) => void): void;
export function findProgram(...names: string[]): string | null;
