const MOST = 64

/** What providers keep of a name: small letters, digits and hyphens, none at its ends. */
export const cleanSuffix = (typed: string): string =>
  typed
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST)
    .replace(/^-|-$/g, '')

/** What the model will be called, as far as it can be said before. */
export const modelName = (providerId: string, model: string, suffix: string): string => {
  const base = model.startsWith('ft:') ? (model.split(':')[1] ?? model) : model
  return `ft:${base || '…'}:${providerId === 'embedded' ? 'limerick' : '…'}:${suffix}:…`
}

const DAY = 86_400_000

/** Whole days until a date (YYYY-MM-DD) begins; none left on the day itself. */
export const daysUntil = (date: string, now: number): number =>
  Math.ceil((Date.parse(`${date}T00:00:00Z`) - now) / DAY)
