'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { count, dollars, duration, fixed } from '#components/ui/format.ts'
import { type Column, speedOf } from '#lib/playground/columns.ts'
import type { ProviderId } from '#lib/providers/schema.ts'

const Stat = ({ name, wide, children }: { name: string; wide?: boolean; children: ReactNode }) => (
  <div className={cn('min-w-0', wide && 'hidden sm:block')}>
    <dt className="whitespace-nowrap text-3 text-micro">{name}</dt>
    <dd className="truncate tabular-nums">
      <bdi dir="ltr">{children}</bdi>
    </dd>
  </div>
)

/** What an answer took, in the one order that is used everywhere. Missing is `–`. */
export function Stats({ column, providerId }: { column: Column; providerId: ProviderId | null }) {
  const t = useTranslations('playground')
  const { facts } = column
  const speed = speedOf(facts)
  // The embedded engine costs nothing; what others charge is not known here.
  const cost = providerId === 'embedded' && column.asked ? 0 : null
  return (
    <dl
      aria-label={t('stats')}
      className="grid grid-cols-4 gap-2 border-t px-4 py-2.5 sm:grid-cols-[repeat(7,minmax(0,1fr))] sm:px-5"
    >
      <Stat name={t('stat.prompt')}>{count(facts.promptTokens)}</Stat>
      <Stat name={t('stat.answer')}>{count(facts.completionTokens)}</Stat>
      <Stat name={t('stat.firstToken')}>{duration(facts.firstTokenMs)}</Stat>
      <Stat name={t('stat.total')}>{duration(facts.totalMs)}</Stat>
      <Stat name={t('stat.speed')} wide>
        {speed === null ? '–' : t('tokensPerSecond', { speed: fixed(speed, 0) })}
      </Stat>
      <Stat name={t('stat.cost')} wide>
        {dollars(cost)}
      </Stat>
      <Stat name={t('stat.finish')} wide>
        {facts.finishReason ?? '–'}
      </Stat>
    </dl>
  )
}
