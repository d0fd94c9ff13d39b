import { duration } from '#components/ui/format.ts'

/** Formats an estimated duration, in seconds up to one minute: estimates are no more precise than that. */
export const about = (seconds: number): string =>
  seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : duration(seconds * 1000)
