'use client'
import { useTranslations } from 'use-intl'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { count } from '#components/ui/format.ts'
import { Segmented } from '#components/ui/segmented.tsx'
import { State } from '#components/ui/state.tsx'
import { type Column, isOpen } from '#lib/playground/columns.ts'
import { RHYME } from '#lib/playground/verse.ts'

export type View = 'verse' | 'raw'

interface VerdictProps {
  column: Column
  /** All answers of the pane, this one among them. */
  samples: readonly Column[]
  verse: readonly string[] | null
  view: View
  onView: (view: View) => void
  maxTokens: number
}

/** How much several answers to one question differ. */
function Spread({ samples }: { samples: readonly Column[] }) {
  const t = useTranslations('playground')
  const whole = samples.filter(({ state }) => state === 'finished')
  if (samples.length < 2 || whole.length < 2) return null
  const lengths = whole.flatMap(({ facts }) => facts.completionTokens ?? [])
  return (
    <span className="truncate text-3 text-meta">
      {t('spread', {
        count: whole.length,
        different: new Set(whole.map(({ text }) => text.trim())).size,
        least: count(Math.min(...lengths)),
        most: count(Math.max(...lengths)),
      })}
    </span>
  )
}

/** What can be said of the answer's form, and how to look at it. The row keeps its height when there is nothing to say. */
export function Verdict({ column, samples, verse, view, onView, maxTokens }: VerdictProps) {
  const t = useTranslations('playground')
  const cut = column.facts.finishReason === 'length'
  const written = verse?.filter(Boolean).length ?? 0
  const whole = written === RHYME.length && !isOpen(column)
  return (
    <div className="flex h-10 items-center gap-3 px-4 sm:px-5">
      {verse && (
        <State quiet kind={whole ? 'full' : 'half'} tone={whole ? 'ok' : 'busy'}>
          {t('parts', { count: written })}
        </State>
      )}
      {cut && (
        <State quiet tone="warn">
          {t('cutAt', { max: column.facts.completionTokens ?? maxTokens })}
        </State>
      )}
      <Spread samples={samples} />
      <span className="ms-auto flex items-center gap-1">
        {verse && (
          <Segmented
            label={t('view')}
            value={view}
            onValueChange={onView}
            options={[
              { value: 'verse', label: t('verse') },
              { value: 'raw', label: t('raw') },
            ]}
          />
        )}
        {column.text && !isOpen(column) && <CopyButton text={column.text} label={t('copyAnswer')} />}
      </span>
    </div>
  )
}
