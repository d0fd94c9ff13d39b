'use client'
import { useTranslations } from 'use-intl'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { TradeOff } from '#lib/datasets/estimate-schema.ts'

export interface TradeOffTableProps {
  rows: readonly TradeOff[]
  model: string | null
  /** The table still shows the previous model. */
  stale: boolean
}

/** Fewer or more rows against fewer or more epochs: the cost of each combination. */
export function TradeOffTable({ rows, model, stale }: TradeOffTableProps) {
  const { count, dollars, duration } = useFormat()
  const t = useTranslations('estimate')
  if (rows.length === 0) return null
  return (
    <section aria-busy={stale} className="grid grid-cols-1 gap-2 aria-busy:opacity-60">
      <h3 className="font-semibold">{t('tradeOff', { model: model ?? '' })}</h3>
      <div className="rounded-lg border">
        <Table caption={t('tradeOffCaption')} compact>
          <thead>
            <tr>
              <Th align="end">{t('rows')}</Th>
              <Th align="end">{t('epochs')}</Th>
              <Th align="end">{t('billed')}</Th>
              <Th align="end">{t('price')}</Th>
              <Th align="end">{t('time')}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Tr key={`${row.rows} ${row.epochs}`}>
                <Td align="end">{count(row.rows)}</Td>
                <Td align="end">{count(row.epochs)}</Td>
                <Td align="end">{count(row.billedTokens)}</Td>
                <Td align="end">{dollars(row.price?.microDollars)}</Td>
                <Td align="end">{row.seconds === null ? '–' : duration(row.seconds * 1000)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </div>
      <p className="text-3 text-meta">{t('tradeOffNote')}</p>
    </section>
  )
}
