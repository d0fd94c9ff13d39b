'use client'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { State } from '#components/ui/state.tsx'
import type { ImportPreview } from '#lib/datasets/schema.ts'
import { type ImportPlan, keepsBytes } from '#lib/training-data/formats/plan.ts'
import { useProblemWords } from './issue-words.ts'
import { TalkLines } from './message-lines.tsx'
import { readTalk, SHOWN_LETTERS } from './message-preview.ts'
import type { Review } from './use-review.ts'

type PreviewRow = ImportPreview['rows'][number]

const isUndecided = (row: PreviewRow) =>
  row.after === null && (row.problem === 'undecided' || row.problem === 'no-assistant')

const sides = 'gap-x-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]'

function After({ row, plain }: { row: PreviewRow; plain: boolean }) {
  const t = useTranslations('imports.rows')
  const words = useProblemWords()
  // A missing choice of the user is not an issue of the record.
  if (row.after === null && !plain)
    return <State tone={isUndecided(row) ? 'warn' : 'bad'}>{words(row)}</State>
  const talk = readTalk(row.after ?? row.before)
  if (!talk) return <State tone="warn">{t('asItIs')}</State>
  return (
    <>
      <TalkLines talk={talk} />
      {'doubt' in row && row.doubt && <State tone="warn">{words(row.doubt)}</State>}
    </>
  )
}

function Row({ row, number, plan }: { row: PreviewRow; number: number; plan: ImportPlan }) {
  const t = useTranslations('imports.rows')
  return (
    <li className={cn('grid gap-y-2 border-t py-3', sides)}>
      <div className="grid content-start gap-1">
        <span className="text-3 text-micro tabular-nums">
          {t(plan.container === 'json' ? 'record' : 'line', { line: row.line, number })}
        </span>
        <p
          dir="auto"
          className="people-text wrap-anywhere line-clamp-4 font-mono text-2 text-meta sm:line-clamp-10"
        >
          {row.before.slice(0, SHOWN_LETTERS)}
        </p>
      </div>
      <div className="min-w-0 *:whitespace-normal">
        <After row={row} plain={keepsBytes(plan)} />
      </div>
    </li>
  )
}

/** Headings of the two sides if they are side by side. */
function Heads() {
  const t = useTranslations('imports.rows')
  return (
    <div aria-hidden="true" className={cn('hidden text-3 text-micro sm:grid', sides)}>
      <span>{t('before')}</span>
      <span>{t('after')}</span>
    </div>
  )
}

const Bones = () =>
  [0, 1, 2].map((bone) => (
    <div key={bone} aria-hidden="true" className="grid grid-cols-[2fr_3fr] gap-4 border-t py-4">
      <Skeleton className="w-4/5" />
      <div className="grid gap-3">
        <Skeleton className="w-2/5" />
        <Skeleton className="w-4/5" />
      </div>
    </div>
  ))

function Title({ preview, plan }: Pick<Review, 'plan'> & { preview: ImportPreview }) {
  const t = useTranslations('imports.rows')
  const fits = preview.rows.filter(({ after }) => after !== null).length
  const some = fits < preview.rows.length && plan && !keepsBytes(plan) && !preview.rows.some(isUndecided)
  return (
    <div className="flex flex-wrap items-baseline gap-x-3">
      <h3 className="font-semibold">
        {preview.complete ? t('all', { count: preview.rows.length }) : t('title')}
      </h3>
      {some && <span className="text-3 text-meta">{t('fits', { fits, count: preview.rows.length })}</span>}
    </div>
  )
}

/** The first records, source beside result. Results of an outdated choice are dimmed. */
export function FirstRows({ review: { preview, plan, stale, error, file } }: { review: Review }) {
  const t = useTranslations('imports')
  if (error) return <Failure title={t('fault.title', { name: file.name })} error={error} />
  if (!preview || !plan) return <Bones />
  return (
    <section
      aria-label={t('rows.title')}
      aria-busy={stale}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
      tabIndex={0}
      className={cn(
        'grid content-start gap-2 rounded-xs sm:sticky sm:top-0 sm:max-h-[calc(100dvh-11.5rem)] sm:overflow-y-auto',
        stale && 'opacity-60',
      )}
    >
      <Title preview={preview} plan={plan} />
      {preview.rows.length === 0 ? (
        <p className="text-2">{t('rows.none')}</p>
      ) : (
        <>
          <Heads />
          <ol>
            {preview.rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line may hold several records
              <Row key={index} row={row} number={index + 1} plan={plan} />
            ))}
          </ol>
        </>
      )}
    </section>
  )
}
