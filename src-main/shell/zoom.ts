// How large the window shows everything. In steps, remembered, and of the window alone: what the system enlarges comes on
// top. Pure.

/** Larger, smaller, as it was made. */
export type ZoomStep = 1 | -1 | 0;

/** Percent. */
export const zoomSteps: readonly number[] = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200];

/** The next one in this direction; the ends are the ends. */
export function nextZoom(percent: number, step: ZoomStep): number {
  if (step === 0) return 100;
  const steps = step === 1 ? zoomSteps : zoomSteps.toReversed();
  return steps.find((one) => (one - percent) * step > 0) ?? steps.at(-1) ?? 100;
}
