'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Destination, Estimate } from '#lib/datasets/estimate-schema.ts'
import { estimateQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { DestinationTable } from './destination-table.tsx'
import { TradeOffTable } from './trade-off-table.tsx'

export interface EstimateDialogProps {
  dataset: DatasetSummary
  open: boolean
  onOpenChange: (open: boolean) => void
}

type Chosen = Pick<Destination, 'providerId' | 'model'>

function Sums({ estimate, model }: { estimate: Estimate; model: string | null }) {
  const { count } = useFormat()
  const t = useTranslations('estimate')
  const { examples, tokensPerEpoch, trainedTokens, epochs } = estimate
  return (
    <p className="text-2">
      {t.rich('sentence', {
        examples,
        tokens: count(tokensPerEpoch),
        trained: count(trainedTokens),
        epochs: epochs.value,
        model: model ?? 'none',
        b: (words) => <b className="font-semibold text-1 tabular-nums">{words}</b>,
      })}
    </p>
  )
}

const Waiting = () => (
  <div className="grid gap-3 py-2">
    <Skeleton className="h-4 w-2/3" />
    <Skeleton className="h-24 w-full" />
    <Skeleton className="h-24 w-full" />
  </div>
)

/** Cost and duration of training on these rows at every provider, before anything is sent. */
export function EstimateDialog({ dataset, open, onOpenChange }: EstimateDialogProps) {
  const t = useTranslations('estimate')
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const wish = chosen?.model ? { providerId: chosen.providerId, model: chosen.model } : {}
  const query = useQuery({ ...estimateQuery(dataset.id, wish), enabled: open })
  const { data: estimate, error, refetch, isFetching } = query
  const model = chosen?.model ?? estimate?.destinations[0]?.model ?? null
  return (
    <Dialog
      title={t('title')}
      description={t('description')}
      width="xl"
      open={open}
      onOpenChange={onOpenChange}
    >
      {error ? (
        <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : estimate ? (
        <div className="grid grid-cols-1 gap-5">
          <Sums estimate={estimate} model={model} />
          <DestinationTable
            datasetId={dataset.id}
            destinations={estimate.destinations}
            onChoose={setChosen}
            chosen={chosen}
          />
          <TradeOffTable rows={estimate.tradeOff} model={model} stale={query.isPlaceholderData} />
        </div>
      ) : (
        <Waiting />
      )}
    </Dialog>
  )
}
