import type { Format } from '#components/ui/format.ts'

/** An estimated time without a false precision: `15 s`, and from two minutes on full minutes. */
export function roughly(seconds: number, format: Format): string {
  if (seconds >= 120) return format.duration(Math.round(seconds / 60) * 60_000)
  const step = seconds > 20 ? 5 : 1
  return format.seconds(Math.max(1, Math.round(seconds / step) * step))
}
