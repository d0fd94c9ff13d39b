'use client'
import { useTranslations } from 'use-intl'
import { PriceButton } from '#components/providers/price-button.tsx'
import { count, dollars, duration } from '#components/ui/format.ts'
import { State } from '#components/ui/state.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import type { Destination } from '#lib/datasets/schema.ts'

type Chosen = Pick<Destination, 'providerId' | 'model'>

export interface DestinationTableProps {
  destinations: readonly Destination[]
  /** Whose trade-off is shown; null for the first. */
  chosen: Chosen | null
  onChoose: (destination: Chosen) => void
}

function Availability({ destination }: { destination: Destination }) {
  const t = useTranslations('estimate.availability')
  const { available, truncated, shutdownDate } = destination
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
      {(truncated ?? 0) > 0 && (
        <span className="text-meta text-warn">{t('truncated', { count: truncated ?? 0 })}</span>
      )}
    </span>
  )
}

function Time({ destination: { seconds, measured, providerId } }: { destination: Destination }) {
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

/** Every model that the rows could be trained on, what it costs there, how long it takes and whether it can be. */
export function DestinationTable({ destinations, chosen, onChoose }: DestinationTableProps) {
  const t = useTranslations('estimate')
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
                  one.providerName
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
                      <span className="text-3 text-meta">{one.providerName}</span>
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
                <Availability destination={one} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
