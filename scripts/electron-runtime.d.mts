export class RuntimeError extends Error {}
export function executableIn(directory: string): string;
export function findRuntime(): string | null;
export function ensureRuntime(options: { say: (text: string) => void; retry?: boolean }): Promise<string>;
