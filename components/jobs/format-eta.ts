import type { Format } from '#components/ui/format.ts'

/** Formats an estimated duration, in seconds up to one minute: estimates are no more precise than that. */
export const about = (seconds: number, format: Format): string =>
  seconds < 60 ? format.seconds(Math.max(1, Math.round(seconds))) : format.duration(seconds * 1000)
