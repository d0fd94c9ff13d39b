const MOST = 64

/** Normalizes a suffix as providers do: lowercase letters, digits and hyphens, no hyphen at the ends. */
export const cleanSuffix = (typed: string): string =>
  typed
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST)
    .replace(/^-|-$/g, '')

/** Name of the fine-tuned model, as far as it is known in advance. */
export const modelName = (providerId: string, model: string, suffix: string): string => {
  const base = model.startsWith('ft:') ? (model.split(':')[1] ?? model) : model
  return `ft:${base || '…'}:${providerId === 'embedded' ? 'limerick' : '…'}:${suffix}:…`
}

const DAY = 86_400_000

/** Whole days until a date (YYYY-MM-DD) begins; 0 on the day itself. */
export const daysUntil = (date: string, now: number): number =>
  Math.ceil((Date.parse(`${date}T00:00:00Z`) - now) / DAY)
