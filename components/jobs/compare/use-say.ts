import { shortName } from '#components/models/model-options.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { ComparedSetting } from '#lib/jobs/schema.ts'

const COUNTED = new Set(['trainRows', 'nEpochs', 'batchSize', 'totalSteps', 'trainedTokens'])

/** Formats the value of a setting. */
export function useSay() {
  const { count } = useFormat()
  const nameOf = useProviderName()
  return (name: ComparedSetting['name'], value: ComparedSetting['values'][number]): string => {
    if (value === null || value === '') return '–'
    if (name === 'provider') return nameOf(String(value))
    if (name === 'model') return shortName(String(value))
    if (typeof value !== 'number') return value
    return COUNTED.has(name) ? count(value) : String(value)
  }
}
