import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSettled } from '#components/ui/use-settled.ts'
import { estimateEval } from '#lib/evals/queries.ts'
import type { EvalDraft, EvalEstimate } from '#lib/evals/schema.ts'

export interface Count {
  estimate: EvalEstimate | null
  /** Of the draft before this one: shown, but nothing rests on it. */
  stale: boolean
  error: unknown
}

/** What a draft will take, counted again when it has stopped changing; nothing for one that is not whole. */
export function useEstimate(draft: EvalDraft | null): Count {
  const text = draft ? JSON.stringify({ ...draft, id: '', confirmed: null }) : ''
  const settled = useSettled(text)
  const { data, error, isPlaceholderData, isFetching } = useQuery({
    queryKey: ['evals', 'estimate', settled],
    queryFn: ({ signal }) => estimateEval({ ...JSON.parse(settled), id: draft?.id ?? '' }, signal),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (!draft) return { estimate: null, stale: false, error: null }
  const stale = settled !== text || isPlaceholderData || isFetching
  return { estimate: data ?? null, stale, error: stale ? null : error }
}

/** Whom a second yes is needed for, and to what sums: a yes to other sums is none. */
export const sumsToAgree = (estimate: EvalEstimate | null): string =>
  (estimate?.providers ?? [])
    .filter(({ needsConfirmation }) => needsConfirmation)
    .map(({ providerId, cost }) => `${providerId} ${cost}`)
    .join(', ')

/** Micro-dollars for each provider that a yes stands for. */
export const confirmedOf = ({ providers }: EvalEstimate): number =>
  Math.max(0, ...providers.flatMap(({ needsConfirmation, cost }) => (needsConfirmation ? (cost ?? 0) : [])))
