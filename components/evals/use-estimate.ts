import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSettled } from '#components/ui/use-settled.ts'
import type { EvalDraft, EvalEstimate } from '#lib/evals/schema.ts'

export interface Count {
  estimate: EvalEstimate | null
  /** The estimate is of an earlier draft: it is shown, but nothing may depend on it. */
  stale: boolean
  error: unknown
}

/**
 * Estimate for a draft, requested again when the draft stops changing.
 * @param draft null while it is incomplete
 */
export function useEstimate<Draft extends Pick<EvalDraft, 'id' | 'confirmed'>>(
  draft: Draft | null,
  ask: (draft: Draft, signal: AbortSignal) => Promise<EvalEstimate>,
): Count {
  const text = draft ? JSON.stringify({ ...draft, id: '', confirmed: null }) : ''
  const settled = useSettled(text)
  const { data, error, isPlaceholderData, isFetching } = useQuery({
    queryKey: ['evals', 'estimate', settled],
    queryFn: ({ signal }) => ask({ ...JSON.parse(settled), id: draft?.id ?? '' }, signal),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (!draft) return { estimate: null, stale: false, error: null }
  const stale = settled !== text || isPlaceholderData || isFetching
  return { estimate: data ?? null, stale, error: stale ? null : error }
}

/** The providers and sums that need confirmation; a confirmation of other sums does not count. */
export const sumsToAgree = (estimate: EvalEstimate | null): string =>
  (estimate?.providers ?? [])
    .filter(({ needsConfirmation }) => needsConfirmation)
    .map(({ providerId, cost }) => `${providerId} ${cost}`)
    .join(', ')

/** The highest sum, in micro-dollars, that the confirmation covers at any one provider. */
export const confirmedOf = ({ providers }: EvalEstimate): number =>
  Math.max(0, ...providers.flatMap(({ needsConfirmation, cost }) => (needsConfirmation ? (cost ?? 0) : [])))
