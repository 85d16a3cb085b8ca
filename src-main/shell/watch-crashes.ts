// Notices what breaks down while the program runs, and offers a report of it.
import { app } from 'electron';
import type { Store } from '../chat/store.ts';
import type { SettingsFile } from '../disk/settings.ts';
import { openCrashes, type Crashes } from './crashes.ts';

/** The notice that offers a report of what broke down. */
const noticeId = 'crashed';

/**
 * Records what breaks down in this program, and offers a report of it in the window, also after the next start, until
 * somebody has taken or dismissed the offer.
 */
export function watchCrashes(ports: { store: Store; settings: SettingsFile; logs: string }): {
  record: Crashes['record'];
  dismissed(notice: string): void;
} {
  const { store, settings } = ports;
  const { electron = '', chrome = '' } = process.versions;
  const crashes = openCrashes({
    directory: ports.logs,
    now: Date.now,
    versions: {
      version: app.getVersion(),
      electron,
      chrome,
      platform: `${process.platform} ${process.arch}`,
    },
  });
  const offer = () => store.dispatch({ type: 'app/noticed', notice: { id: noticeId, code: 'crashed' } });
  const record: Crashes['record'] = (...what) => {
    crashes.record(...what);
    offer();
  };
  process.on('uncaughtException', (error) => record('main', error.name));
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    // The engine starts its helpers anew by itself: nothing for a person to see.
    if (reason !== 'clean-exit' && reason !== 'killed')
      crashes.record('helper', `${type} ${reason}`, exitCode);
  });
  if ((crashes.newest() ?? 0) > settings.get().crashesSeen) offer();
  return {
    record,
    dismissed(notice) {
      if (notice === noticeId) settings.set('crashesSeen', Date.now());
    },
  };
}
