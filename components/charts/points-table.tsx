'use client'
import { useTranslations } from 'use-intl'
import { count, fixed } from '#components/ui/format.ts'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { drawn, epochOf, type Point } from './scale.ts'

const order = ['trainLoss', 'validLoss', 'fullValidLoss', 'accuracy'] as const
const names = {
  trainLoss: 'train',
  validLoss: 'validation',
  fullValidLoss: 'fullValidation',
  accuracy: 'accuracyShort',
} as const

interface PointsTableProps {
  points: readonly Point[]
  stepsPerEpoch: number | null
  label: string
}

/** The numbers behind the lines. */
export function PointsTable({ points, stepsPerEpoch, label }: PointsTableProps) {
  const t = useTranslations('charts')
  const metrics = order.filter((metric) => points.some((point) => point[metric] !== null))
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('table')}
      className="-outline-offset-2! max-h-[410px] overflow-y-auto rounded-b-lg"
    >
      <Table caption={t('tableCaption', { label })} compact className="overflow-visible!">
        <thead>
          <tr>
            <Th align="end">{t('step')}</Th>
            {stepsPerEpoch && <Th align="end">{t('epoch')}</Th>}
            {metrics.map((metric) => (
              <Th key={metric} align="end">
                {t(names[metric])}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {drawn(points).map((point) => (
            <Tr key={point.step}>
              <Td align="end">{count(point.step)}</Td>
              {stepsPerEpoch && <Td align="end">{epochOf(point.step, stepsPerEpoch)}</Td>}
              {metrics.map((metric) => (
                <Td key={metric} align="end">
                  {fixed(point[metric])}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}
