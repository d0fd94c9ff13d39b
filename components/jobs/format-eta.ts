import { duration } from '#components/ui/format.ts'

/** Seconds that are expected, to the second for a minute and less: nobody knows it better. */
export const about = (seconds: number): string =>
  seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : duration(seconds * 1000)
