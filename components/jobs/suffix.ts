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

/** Providers other than OpenAI may take fewer letters than it does. */
const MOST_PROPOSED = 40

/** A suffix proposed for the models of a dataset; empty if its name has no letter that a suffix may have. */
export function suffixFor(dataset: string): string {
  const clean = cleanSuffix(dataset)
  if (clean.length <= MOST_PROPOSED) return clean
  const cut = clean.slice(0, MOST_PROPOSED + 1)
  return cut.slice(0, Math.max(cut.lastIndexOf('-'), 0)) || clean.slice(0, MOST_PROPOSED)
}

/** Name of the fine-tuned model, as far as it is known in advance. */
export const modelName = (providerId: string, model: string, suffix: string): string => {
  const base = model.startsWith('ft:') ? (model.split(':')[1] ?? model) : model
  return `ft:${base || '…'}:${providerId === 'embedded' ? 'limerick' : '…'}:${suffix}:…`
}

const DAY = 86_400_000

/** Whole days until a date (YYYY-MM-DD) begins; 0 on the day itself. */
export const daysUntil = (date: string, now: number): number =>
  Math.ceil((Date.parse(`${date}T00:00:00Z`) - now) / DAY)
