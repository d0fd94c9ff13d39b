'use client'
import { useTranslations } from 'use-intl'
import { count, fixed } from '#components/ui/format.ts'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { epochOf, type Point } from './scale.ts'

interface PointsTableProps {
  points: readonly Point[]
  stepsPerEpoch: number | null
  label: string
}

/** The numbers behind the lines, every one of them. */
export function PointsTable({ points, stepsPerEpoch, label }: PointsTableProps) {
  const t = useTranslations('charts')
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
            <Th align="end">{t('train')}</Th>
            <Th align="end">{t('validation')}</Th>
            <Th align="end">{t('fullValidation')}</Th>
            <Th align="end">{t('accuracyShort')}</Th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <Tr key={point.step}>
              <Td align="end">{count(point.step)}</Td>
              {stepsPerEpoch && <Td align="end">{epochOf(point.step, stepsPerEpoch)}</Td>}
              <Td align="end">{fixed(point.trainLoss)}</Td>
              <Td align="end">{fixed(point.validLoss)}</Td>
              <Td align="end">{fixed(point.fullValidLoss)}</Td>
              <Td align="end">{fixed(point.accuracy)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}
