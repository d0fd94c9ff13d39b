/** How a number of days left looks: a warning from 90 on, a strong one from 30 on, red in the last week. */
export function urgencyOf(days: number): string {
  if (days <= 7) return 'font-semibold text-bad'
  if (days <= 30) return 'font-semibold text-warn'
  return days <= 90 ? 'text-warn' : ''
}
