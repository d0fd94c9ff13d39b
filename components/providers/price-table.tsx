'use client'
import { useTranslations } from 'use-intl'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Price, PriceKey, Provider, ProviderId } from '#lib/providers/schema.ts'
import { EditPrice } from './price-button.tsx'
import { usePrices } from './use-prices.ts'

interface Line {
  key: PriceKey
  /** null if no price is known. */
  price: Price | null
}

/** One line per price of the configured providers; a server without published prices gets an empty line to fill in. */
function linesOf(prices: readonly Price[], providers: readonly Provider[]): Line[] {
  const bills = (id: ProviderId, own: boolean) => own || id !== 'embedded'
  return providers.flatMap(({ id }): Line[] => {
    const told = prices.filter(({ providerId, own }) => providerId === id && bills(id, own))
    if (told.length > 0) return told.map((price) => ({ key: price, price }))
    return bills(id, false) ? [{ key: { providerId: id, model: '' }, price: null }] : []
  })
}

function Row({ line: { key, price } }: { line: Line }) {
  const { dollars } = useFormat()
  const t = useTranslations('providers.prices')
  const { providerId, model } = key
  return (
    <Tr>
      <Td mono={model !== ''}>
        <bdi dir={model ? 'ltr' : 'auto'}>{model || t('everyModel')}</bdi>
      </Td>
      <Td align="end">{dollars(price?.perMillion)}</Td>
      <Td quiet>{price?.asOf ?? '–'}</Td>
      <Td quiet className="w-full min-w-32 max-w-0 truncate">
        <bdi>{price?.source ?? '–'}</bdi>
      </Td>
      <Td quiet>{price?.own && t('own')}</Td>
      <Td align="end">
        <EditPrice providerId={providerId} model={model} />
      </Td>
    </Tr>
  )
}

/** Training prices of the billing providers, each with date and source. */
export function PriceTable({ providers }: { providers: readonly Provider[] }) {
  const t = useTranslations('providers.prices')
  const lines = linesOf(usePrices(), providers)
  if (lines.length === 0) return null
  return (
    <Panel aria-labelledby="prices">
      <PanelHead id="prices" title={t('table')} meta={t('tableMeaning')} />
      <Table caption={t('table')}>
        <thead>
          <tr>
            <Th>{t('models')}</Th>
            <Th align="end">{t('perMillion')}</Th>
            <Th>{t('asOf')}</Th>
            <Th>{t('source')}</Th>
            <Th>{t('whose')}</Th>
            <Th align="end">{t('change')}</Th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row key={`${line.key.providerId} ${line.key.model}`} line={line} />
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
