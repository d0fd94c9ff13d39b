import { useTranslations } from 'use-intl'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Meter, Rescue } from '#lib/rescue/schema.ts'
import { metersShown } from './words.ts'

function MissingWords({ waiting, missing }: Meter) {
  const t = useTranslations('rescue')
  const { count, list } = useFormat()
  return list([
    ...(waiting > 0 ? [t('waiting', { count: count(waiting) })] : []),
    ...missing.map((one) => t('missingOf', { count: count(one.count), reason: t(`reason.${one.reason}`) })),
  ])
}

function MeterRow({ meter }: { meter: Meter }) {
  const t = useTranslations('rescue')
  const { count } = useFormat()
  const { kind, saved, count: all, waiting } = meter
  const tone = saved === all ? 'ok' : waiting > 0 ? 'busy' : 'warn'
  return (
    <Tr>
      <Td>{t(`kind.${kind}`)}</Td>
      <Td align="end">{t('of', { saved: count(saved), count: count(all) })}</Td>
      <Td className="hidden min-w-32 sm:table-cell">
        <ProgressBar value={saved} max={all} tone={tone} label={t(`kind.${kind}`)} />
      </Td>
      <Td quiet className="w-full whitespace-normal!">
        <MissingWords {...meter} />
      </Td>
    </Tr>
  )
}

/** How much of each kind is here, and why the rest is not. */
export function MeterTable({ rescue }: { rescue: Rescue }) {
  const t = useTranslations('rescue.meter')
  return (
    <Table caption={t('caption')}>
      <thead>
        <tr>
          <Th>{t('kind')}</Th>
          <Th align="end">{t('here')}</Th>
          <Th className="hidden sm:table-cell">{t('share')}</Th>
          <Th>{t('missing')}</Th>
        </tr>
      </thead>
      <tbody>
        {metersShown(rescue).map((meter) => (
          <MeterRow key={meter.kind} meter={meter} />
        ))}
      </tbody>
    </Table>
  )
}
