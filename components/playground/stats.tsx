'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '#components/ui/use-format.ts'
import { type Column, speedOf } from '#lib/playground/columns.ts'

const Stat = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="whitespace-nowrap text-3 text-micro">{name}</dt>
    <dd className="truncate tabular-nums">
      <bdi>{children}</bdi>
    </dd>
  </div>
)

/** Usage and timing of an answer, in the same order everywhere. Missing values are `–`. */
export function Stats({ column, hidden }: { column: Column; hidden: boolean }) {
  const { count, dollars, duration, fixed } = useFormat()
  const t = useTranslations('playground')
  const { facts } = column
  const speed = speedOf(facts)
  if (hidden) return <p className="border-t px-4 py-2.5 text-3 text-meta sm:px-5">{t('statsHidden')}</p>
  return (
    <dl
      aria-label={t('stats')}
      className="grid grid-cols-4 gap-2 border-t px-4 py-2.5 @lg:grid-cols-7 sm:px-5"
    >
      <Stat name={t('stat.prompt')}>{count(facts.promptTokens)}</Stat>
      <Stat name={t('stat.answer')}>{count(facts.completionTokens)}</Stat>
      <Stat name={t('stat.firstToken')}>{duration(facts.firstTokenMs)}</Stat>
      <Stat name={t('stat.total')}>{duration(facts.totalMs)}</Stat>
      <Stat name={t('stat.speed')}>
        {speed === null ? '–' : t('tokensPerSecond', { speed: fixed(speed, 0) })}
      </Stat>
      <Stat name={t('stat.cost')}>{dollars(facts.cost ?? null)}</Stat>
      <Stat name={t('stat.finish')}>{facts.finishReason ?? '–'}</Stat>
    </dl>
  )
}
