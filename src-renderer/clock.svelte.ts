// What day it is. Times in the list say 'today' relative to it, so it moves at midnight, also after a sleep over it.
import { dayOf, nextMidnight } from './times.ts';

/** The longest wait, in milliseconds: a machine that slept past midnight is noticed at the latest then. */
const LONGEST_WAIT = 15 * 60_000;

export class Clock {
  /** Midnight of today. */
  today = $state(dayOf(Date.now()));

  /** Keeps `today` true until the returned function is called. */
  run(): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const look = (): void => {
      clearTimeout(timer);
      this.today = dayOf(Date.now());
      timer = setTimeout(look, Math.min(nextMidnight(Date.now()) - Date.now(), LONGEST_WAIT));
    };
    look();
    window.addEventListener('focus', look);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', look);
    };
  }
}
