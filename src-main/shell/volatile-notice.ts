// Says once, when somebody without a licence is first here, what chat without an archive is. After that the word at the
// head of each chat is enough: it has the same explanation on demand.
import { follow, type Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';

const notice = { id: 'volatile', code: 'volatile' } as const;

/** A service that does not answer may be back in a moment: only a missing licence stays as it is. */
export function sayVolatileOnce(store: Store, settings: Pick<SettingsFile, 'get' | 'set'>): () => void {
  const unlicensed = ({ accounts }: ReturnType<Store['state']>): boolean =>
    Object.values(accounts).some(({ mode }) => mode.kind === 'volatile' && mode.reason.code === 'no-licence');
  return follow(store, unlicensed, (now) => {
    if (now) {
      if (settings.get().toldVolatile) return;
      settings.set('toldVolatile', true);
      store.dispatch({ type: 'app/noticed', notice });
      return;
    }
    store.dispatch({ type: 'app/unnoticed', notice: notice.id });
  });
}
