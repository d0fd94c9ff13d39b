'use client'
import Bookmark from 'lucide-react/icons/bookmark'
import Diff from 'lucide-react/icons/diff'
import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import Scale from 'lucide-react/icons/scale'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { Segmented } from '#components/ui/segmented.tsx'
import { useSideNames } from './names.ts'
import type { Kept } from './save-dialog.tsx'
import type { Board } from './use-board.ts'
import { namesOf, StandingWords } from './win-rate.tsx'

function Question({ board }: { board: Board }) {
  const t = useTranslations('playground.bar')
  const names = useSideNames(namesOf(board))
  const { asked, running, votable, cast } = board
  if (cast) return <>{cast.winner === null ? t('tied') : t('chose', { name: names[cast.winner] ?? '' })}</>
  if (!asked) return <>{t('none')}</>
  if (running) return <>{t('waiting')}</>
  return <>{t(votable.length < 2 ? 'one' : 'ask')}</>
}

/** One button a pane, in reading order, and one for a tie after the first. */
function Votes({ board }: { board: Board }) {
  const t = useTranslations('playground.bar')
  const names = useSideNames(namesOf(board))
  const { votable, running, cast, places } = board
  if (places.length < 2 || cast) return null
  const closed = running || votable.length < 2
  const tie = (
    <Button
      key="tie"
      size="sm"
      hotkey="0"
      aria-keyshortcuts="0"
      disabled={closed}
      onClick={() => board.vote(null)}
    >
      {t('tie')}
    </Button>
  )
  return (
    <fieldset aria-label={t('vote')} className="flex flex-wrap items-center gap-2">
      {places.map(({ id }, index) => [
        <Button
          key={id}
          size="sm"
          hotkey={String(index + 1)}
          aria-keyshortcuts={String(index + 1)}
          disabled={closed || !votable.includes(index)}
          onClick={() => board.vote(index)}
        >
          {names[index]}
        </Button>,
        index === 0 && tie,
      ])}
    </fieldset>
  )
}

function Samples({ board }: { board: Board }) {
  const t = useTranslations('playground.bar')
  const { asked, sample, setSample } = board
  if (!asked || asked.samples < 2) return null
  return (
    <Segmented
      label={t('sample')}
      value={String(sample)}
      onValueChange={(next) => setSample(Number(next))}
      options={Array.from({ length: asked.samples }, (_, index) => ({
        value: String(index),
        label: `×${index + 1}`,
      }))}
    />
  )
}

interface VoteBarProps {
  board: Board
  onSave: (kind: Kept) => void
}

interface KeyedProps {
  hotkey: string
  icon: ReactNode
  children: ReactNode
  onClick: () => void
  /** Makes it a view that is on or off. */
  on?: boolean
  hint?: string
  disabled?: boolean
}

const Keyed = ({ hotkey, on, hint, ...rest }: KeyedProps) => (
  <Button
    {...rest}
    size="sm"
    variant="ghost"
    hotkey={hotkey}
    aria-keyshortcuts={hotkey.toLowerCase()}
    aria-pressed={on}
    title={hint}
    className={cn(on && 'bg-selected')}
  />
)

function Views({ board, onSave }: VoteBarProps) {
  const t = useTranslations('playground.bar')
  const { view, running, hidden, asked } = board
  const unsaved = running || hidden || !asked
  const Shut = view.blind ? EyeOff : Eye
  return (
    <span className="flex flex-wrap items-center gap-1 sm:ms-auto">
      <Keyed
        hotkey="B"
        icon={<Shut size={16} aria-hidden />}
        on={view.blind}
        hint={t('blindHint')}
        onClick={() => board.setBlind(!view.blind)}
      >
        {t('blind')}
      </Keyed>
      <Keyed
        hotkey="D"
        icon={<Diff size={16} aria-hidden />}
        on={view.diff}
        hint={t('diffHint')}
        onClick={() => board.setDiff(!view.diff)}
      >
        {t('diff')}
      </Keyed>
      <Keyed
        hotkey="S"
        icon={<Bookmark size={16} aria-hidden />}
        disabled={unsaved}
        onClick={() => onSave('example')}
      >
        {t('saveRow')}
      </Keyed>
      <Keyed
        hotkey="P"
        icon={<Scale size={16} aria-hidden />}
        disabled={unsaved || board.places.length < 2}
        onClick={() => onSave('preference')}
      >
        {t('savePair')}
      </Keyed>
    </span>
  )
}

/** Which answer is better, how the votes stand, and how the answers are looked at. */
export function VoteBar({ board, onSave }: VoteBarProps) {
  const t = useTranslations('playground.bar')
  return (
    <section
      aria-label={t('label')}
      data-action-bar=""
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-t bg-surface px-(--gutter) py-2.5"
    >
      <p role="status" className="text-2 text-meta">
        <Question board={board} />
      </p>
      <Samples board={board} />
      <Votes board={board} />
      <StandingWords board={board} />
      <Views board={board} onSave={onSave} />
    </section>
  )
}
