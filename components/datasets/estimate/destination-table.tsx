'use client'
import { useTranslations } from 'use-intl'
import { PriceButton } from '#components/providers/price-button.tsx'
import { useOwnName } from '#components/providers/use-provider-name.ts'
import { cn } from '#components/ui/cn.ts'
import { State } from '#components/ui/state.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Destination } from '#lib/datasets/estimate-schema.ts'
import type { Verdict } from '#lib/training-data/schema.ts'
import { GroupRows } from '../verdict/group-rows.tsx'
import { useGroupWords } from '../verdict/use-group-words.ts'

type Chosen = Pick<Destination, 'providerId' | 'model'>

export interface DestinationTableProps {
  datasetId: string
  destinations: readonly Destination[]
  /** The model whose trade-off is shown; null for the first. */
  chosen: Chosen | null
  onChoose: (destination: Chosen) => void
}

function IssueGroups({ datasetId, verdict }: { datasetId: string; verdict: Verdict }) {
  const words = useGroupWords()
  return verdict.groups.map((group) => (
    <span
      key={`${group.severity} ${group.rule}`}
      className={cn('whitespace-normal text-meta', group.severity === 'error' ? 'text-bad' : 'text-warn')}
    >
      {words(group, verdict)} <GroupRows datasetId={datasetId} group={group} />
    </span>
  ))
}

function Availability({ datasetId, destination }: { datasetId: string; destination: Destination }) {
  const t = useTranslations('estimate.availability')
  const { available, verdict, shutdownDate } = destination
  const { ok, reason, date } = available
  return (
    <span className="grid gap-0.5">
      {ok && reason === null ? (
        <State tone="ok" quiet>
          {t('ok')}
        </State>
      ) : (
        <State tone={ok ? 'warn' : 'bad'} quiet>
          {t(reason ?? 'ok', { date: date ?? '' })}
        </State>
      )}
      {shutdownDate && <span className="text-3 text-meta">{t('shutdown', { date: shutdownDate })}</span>}
      {verdict && <IssueGroups datasetId={datasetId} verdict={verdict} />}
    </span>
  )
}

function Time({ destination: { seconds, measured, providerId } }: { destination: Destination }) {
  const { duration } = useFormat()
  const t = useTranslations('estimate')
  if (seconds === null) return <span className="text-3">{t('theirs')}</span>
  return (
    <span className="grid justify-items-end">
      {duration(seconds * 1000)}
      {providerId === 'embedded' && (
        <span className="text-3 text-meta">{t(measured ? 'measured' : 'shipped')}</span>
      )}
    </span>
  )
}

/** Every model that the rows could be trained on, with cost, duration and whether training is possible. */
export function DestinationTable({ datasetId, destinations, chosen, onChoose }: DestinationTableProps) {
  const { count, dollars } = useFormat()
  const t = useTranslations('estimate')
  const nameOf = useOwnName()
  const isChosen = (one: Destination, index: number) =>
    chosen ? one.providerId === chosen.providerId && one.model === chosen.model : index === 0
  return (
    <div className="rounded-lg border">
      <Table caption={t('destinations')}>
        <thead>
          <tr>
            <Th>{t('model')}</Th>
            <Th align="end">{t('billed')}</Th>
            <Th align="end">{t('price')}</Th>
            <Th>{t('rate')}</Th>
            <Th align="end">{t('time')}</Th>
            <Th>{t('availability.title')}</Th>
          </tr>
        </thead>
        <tbody>
          {destinations.map((one, index) => (
            <Tr key={`${one.providerId} ${one.model}`} className="h-12">
              <Td>
                {one.model === null ? (
                  nameOf({ id: one.providerId, name: one.providerName })
                ) : (
                  <label className="flex items-center gap-2">
                    <input
                      type="radio"
                      name="destination"
                      className="accent-(--accent)"
                      checked={isChosen(one, index)}
                      onChange={() => onChoose(one)}
                    />
                    <span className="grid">
                      <bdi dir="ltr" className="font-medium">
                        {one.model}
                      </bdi>
                      <span className="text-3 text-meta">
                        {nameOf({ id: one.providerId, name: one.providerName })}
                      </span>
                    </span>
                  </label>
                )}
              </Td>
              <Td align="end">{one.model === null ? '–' : count(one.billedTokens)}</Td>
              <Td align="end">{dollars(one.price?.microDollars)}</Td>
              <Td>{one.model !== null && <PriceButton providerId={one.providerId} model={one.model} />}</Td>
              <Td align="end">
                <Time destination={one} />
              </Td>
              <Td>
                <Availability datasetId={datasetId} destination={one} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
