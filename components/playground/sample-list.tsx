'use client'
import { useTranslations } from 'use-intl'
import type { Column } from '#lib/playground/columns.ts'

/** All answers of a pane, side by side where there is room. */
export function SampleList({ samples }: { samples: readonly Column[] }) {
  const t = useTranslations('playground')
  return (
    <ol className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,11rem),1fr))] gap-x-5 gap-y-4 pb-4 text-body">
      {samples.map(({ text, state }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sample is identified by its number
        <li key={index} className="min-w-0 border-t pt-2">
          <h3 className="text-3 text-meta">{t('sampleNumber', { number: index + 1 })}</h3>
          <p dir="auto" className="people-text">
            {text || (
              <span className="text-3">{t(state === 'finished' ? 'emptyAnswer' : `state.${state}`)}</span>
            )}
          </p>
        </li>
      ))}
    </ol>
  )
}
