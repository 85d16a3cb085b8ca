import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { World } from '../world.ts';
import { demoWorld } from './demo/index.ts';
import { largeWorld } from './large.ts';
import { smallWorld } from './small.ts';

const worlds: Record<string, () => World> = {
  demo: demoWorld,
  small: smallWorld,
  large: () => largeWorld({ discussions: 300, messages: 100_000 }),
};

export const worldNames = Object.keys(worlds);

/** A world by its name, or by the path of a module whose default export makes one. Rejects with words for a person. */
export async function findWorld(name: string): Promise<World> {
  const known = Object.hasOwn(worlds, name) ? worlds[name] : undefined;
  if (known !== undefined) return known();
  const path = resolve(name);
  if (!existsSync(path))
    throw new Error(`there is no world '${name}': use ${worldNames.join(', ')} or a module's path`);
  const module = (await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw new Error(`${path} is no module that makes a world: ${String(error)}`, { cause: error });
  })) as { default?: unknown };
  if (typeof module.default !== 'function') throw new Error(`${path} has no function as its default export`);
  return (module.default as () => World)();
}
