'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import ArrowDown from 'lucide-react/icons/arrow-down'
import { useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Input } from '#components/ui/input.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { jobEventsQuery, olderEventsMutation } from '#lib/jobs/queries.ts'
import type { JobDetail, JobEvent } from '#lib/jobs/schema.ts'
import { isTerminal } from '#lib/jobs/status.ts'
import { Reconnecting } from '../reconnecting.tsx'
import type { Live } from '../use-live.ts'
import { EventItem, isWarning } from './event-item.tsx'
import { fold } from './group-events.ts'
import { useLatest } from './use-latest.ts'

type Shown = 'all' | 'steps' | 'warnings'

const keeps: Record<Shown, (event: JobEvent) => boolean> = {
  all: () => true,
  steps: ({ step }) => step !== null,
  warnings: isWarning,
}

const nothing = { all: 'waiting', steps: 'noneSteps', warnings: 'noneWarnings' } as const

function Filter({ shown, onShow }: { shown: Shown; onShow: (shown: Shown) => void }) {
  const t = useTranslations('jobs.events')
  return (
    <Segmented
      label={t('filter')}
      value={shown}
      onValueChange={onShow}
      options={[
        { value: 'all', label: t('all') },
        { value: 'steps', label: t('steps') },
        { value: 'warnings', label: t('warnings') },
      ]}
    />
  )
}

function Older({ jobId, before }: { jobId: string; before: number }) {
  const t = useTranslations('jobs.events')
  const { mutate, isPending, error } = useMutation(olderEventsMutation(jobId))
  return (
    <div className="grid gap-2 px-4 py-2">
      {error && <Failure error={error} />}
      <Button size="sm" variant="ghost" busy={isPending} onClick={() => mutate(before)}>
        {t('older')}
      </Button>
    </div>
  )
}

/** Events as lines of text to copy, oldest first. */
const asText = (events: readonly JobEvent[]): string =>
  events
    .toReversed()
    .map(({ createdAt, level, message }) => `${new Date(createdAt).toISOString()} ${level} ${message}`)
    .join('\n')

/** The provider's events as a log: the newest at its end, where it follows. */
export function EventsPanel({ job, live }: { job: JobDetail; live: Live }) {
  const { count } = useFormat()
  const t = useTranslations('jobs')
  const words = useTranslations('job.events')
  // The stream keeps these fresh; a refetch would drop the older events that the user loaded.
  const { data: events = [] } = useQuery({ ...jobEventsQuery(job.id), staleTime: Number.POSITIVE_INFINITY })
  const [shown, setShown] = useState<Shown>('all')
  const [text, setText] = useState('')
  const kept = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return events.filter((event) => keeps[shown](event) && event.message.toLowerCase().includes(wanted))
  }, [events, shown, text])
  const lines = useMemo(() => fold(kept).reverse(), [kept])
  const oldest = events.at(-1)
  const { box, leftAt, onScroll, jump } = useLatest(oldest?.seq ?? null, events[0]?.seq ?? 0, lines)
  const fresh = leftAt === null ? 0 : kept.filter(({ seq }) => seq > leftAt).length
  return (
    <Panel aria-label={t('events.title')} className="flex h-97 flex-col">
      <PanelHead
        title={t('events.title')}
        meta={<span className="tabular-nums">{count(job.eventCount)}</span>}
      >
        <Filter shown={shown} onShow={setShown} />
      </PanelHead>
      <div className="flex items-center gap-2 border-b px-4 py-1.5">
        <Input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={words('search')}
          placeholder={words('search')}
          className="h-7"
        />
        <CopyButton text={asText(kept)} label={words('copy')} />
      </div>
      {live.lostSince !== null && (
        <div className="border-b px-4 py-1.5">
          <Reconnecting {...live} />
        </div>
      )}
      <div className="relative min-h-0 flex-1">
        <section
          ref={box}
          onScroll={onScroll}
          aria-label={t('events.label')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
          tabIndex={0}
          className="-outline-offset-2! h-full overflow-y-auto rounded-b-lg py-1 [overflow-anchor:none]"
        >
          {oldest && events.length < job.eventCount && <Older jobId={job.id} before={oldest.seq} />}
          {lines.length === 0 && (
            <p className="px-4 py-3 text-3">
              {t(shown === 'all' && isTerminal(job.status) ? 'page.noEvents' : `events.${nothing[shown]}`)}
            </p>
          )}
          <ol>
            {lines.map((line) => (
              <EventItem key={line.key} line={line} />
            ))}
          </ol>
        </section>
        {leftAt !== null && (
          <button
            type="button"
            onClick={jump}
            className="absolute inset-x-0 bottom-0 z-10 flex h-8 items-center justify-center gap-1.5 rounded-b-lg border-t bg-overlay font-medium text-accent text-meta hover:bg-hover"
          >
            <ArrowDown size={14} aria-hidden />
            {fresh > 0 ? t('events.latest', { count: fresh }) : t('events.top')}
          </button>
        )}
      </div>
    </Panel>
  )
}
