'use client'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import type { Said } from './message-preview.ts'

function Turn({ said }: { said: Said }) {
  const t = useTranslations('imports.rows')
  const role = useTranslations('datasets.turn.roles')(said.role)
  const quiet = said.role !== 'user' && said.role !== 'assistant'
  return (
    <li className="grid gap-0.5">
      <span className="text-3 text-micro">
        {said.side ? t(said.side) : role}
        {said.role === 'assistant' && !said.trained && <> · {t('untrained')}</>}
      </span>
      <div
        className={cn(
          'w-fit max-w-full rounded-md px-2 py-1',
          said.role === 'assistant' ? 'bg-sunken' : 'border',
          quiet && 'text-2',
        )}
      >
        {said.text && (
          <p dir="auto" className="people-text wrap-anywhere line-clamp-6">
            {said.text}
          </p>
        )}
        {said.images > 0 && <p className="text-3 text-meta">{t('image')}</p>}
        {said.calls.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a call is identified by its position
          <p key={index} className="text-3 text-meta">
            {t.rich('callsTool', { name, id: (words) => <bdi dir="ltr">{words}</bdi> })}
          </p>
        ))}
      </div>
    </li>
  )
}

/** A compact preview of a conversation. */
export const TalkLines = ({ talk }: { talk: readonly Said[] }) => (
  <ol className="grid gap-1.5">
    {talk.map((said, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a turn is identified by its position
      <Turn key={index} said={said} />
    ))}
  </ol>
)
