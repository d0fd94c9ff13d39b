'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { lazily } from '#components/ui/lazily.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { DATE } from '#components/ui/time.tsx'
import { urgencyOf } from '#components/ui/urgency.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { READ } from '#lib/home/closing-dates.ts'
import type { Closing } from '#lib/home/closings-schema.ts'
import { closingsQuery } from '#lib/home/queries.ts'
import { rescuesQuery } from '#lib/rescue/queries.ts'
import { daysLeft } from './shutdown-notices.ts'

const ClosingsDialog = lazily(() => import('./closings-dialog.tsx').then((module) => module.ClosingsDialog))

/** What the copies of all accounts have of what has closed; nothing for what no copy can have. */
function Saved({ what }: { what: Closing['what'] }) {
  const t = useTranslations('home.closing')
  const { data: rescues = [] } = useQuery(rescuesQuery())
  const kind = what === 'jobs' ? 'job' : what === 'models' ? 'model' : null
  const meters = rescues.flatMap((rescue) => rescue.meters).filter((meter) => meter.kind === kind)
  const count = meters.reduce((sum, { saved }) => sum + saved, 0)
  return count > 0 && <span className="block text-3 text-meta">{t('saved', { count })}</span>
}

/** Days left as numbers; the fewer, the louder. `today` in ms, taken on the server. */
export function ShutdownPanel({ today }: { today: number }) {
  const format = useFormat()
  const t = useTranslations('home.closing')
  const recording = useTranslations('recording')
  const { data: closings = [] } = useQuery(closingsQuery())
  const [changing, setChanging] = useState(false)
  const rescue = useTranslations('rescue')
  const dayOf = (at: number) => format.date(at, DATE, 'UTC')
  return (
    <Panel aria-labelledby="closing">
      <PanelHead id="closing" title={t('title')} />
      <ul>
        {closings.map(({ what, date, own }) => {
          const days = daysLeft(date, today)
          return (
            <li
              key={what}
              className="grid grid-cols-[3rem_minmax(0,1fr)] items-baseline gap-1 px-4 py-2.5 not-first:border-t"
            >
              {days < 0 ? (
                <span className="text-3 text-meta">{t('closed')}</span>
              ) : (
                <b className={cn('text-section tabular-nums', urgencyOf(days))}>
                  <span aria-hidden="true">{format.count(days)}</span>
                  <span className="sr-only">{t('left', { days })}</span>
                </b>
              )}
              <span>
                {t(what)}
                <span className="block text-3 text-meta">
                  {own ? t('own', { day: dayOf(Date.parse(date)) }) : dayOf(Date.parse(date))}
                </span>
                {days < 0 && <Saved what={what} />}
              </span>
            </li>
          )
        })}
      </ul>
      <p className="border-t px-4 py-2.5 text-3 text-meta">
        {t('counted', { today: dayOf(today) })} {t('source', { day: dayOf(Date.parse(READ)) })}{' '}
        <button
          type="button"
          className="rounded-xs text-accent hover:underline"
          onClick={() => setChanging(true)}
        >
          {t('change')}
        </button>
      </p>
      <p className="border-t px-4 py-2.5">
        <TextLink href="/rescue">{rescue('title')}</TextLink>
        {' · '}
        <TextLink href="/evals/record">{recording('title')}</TextLink>
      </p>
      {changing && <ClosingsDialog closings={closings} onClose={() => setChanging(false)} />}
    </Panel>
  )
}
