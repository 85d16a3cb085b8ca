// Reads the fuses of a packed program and compares them with what electron-builder.yml asks for.
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/**
 * The names, as electron-builder.yml writes them, of those fuses that are not as `wanted` says. A fuse that this
 * Electron does not have counts as set when it is wanted off, because then there is nothing to switch off.
 */
export async function unsetFuses(executable, wanted) {
  const wire = await getCurrentFuseWire(executable);
  return Object.entries(wanted)
    .filter(([name, on]) => {
      const option = FuseV1Options[name[0].toUpperCase() + name.slice(1)];
      if (option === undefined) return true;
      const state = wire[option];
      if (on) return state !== FuseState.ENABLE;
      return state !== undefined && state !== FuseState.DISABLE && state !== FuseState.REMOVED;
    })
    .map(([name]) => name);
}
