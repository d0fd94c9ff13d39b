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
import type { Name } from '#lib/playground/schema.ts'
import { useSideNames } from './names.ts'
import type { Answers } from './use-answers.ts'
import type { BoardView } from './use-board-view.ts'
import type { Asked } from './use-comparison.ts'
import type { Kept } from './use-save-draft.ts'
import { WinRateWords } from './win-rate.tsx'

interface Poll {
  /** Names of the panes in reading order. */
  names: readonly Name[]
  asked: Asked | null
  running: boolean
  answers: Answers
}

function Question({ names: sides, asked, running, answers: { votable, cast, all } }: Poll) {
  const t = useTranslations('playground.bar')
  const names = useSideNames(sides)
  if (cast) return <>{cast.winner === null ? t('tied') : t('chose', { name: names[cast.winner] ?? '' })}</>
  if (!asked) return <>{t('none')}</>
  if (running) return <>{t('waiting')}</>
  if (all) return <>{t('pickSample')}</>
  return <>{t(votable.length < 2 ? 'one' : 'ask')}</>
}

/** One button per pane in reading order, with a tie button after the first. */
type VotesProps = Pick<Poll, 'names' | 'running' | 'answers'> & { onVote: (winner: number | null) => void }

function Votes({ names: sides, running, answers: { votable, cast }, onVote }: VotesProps) {
  const t = useTranslations('playground.bar')
  const names = useSideNames(sides)
  if (names.length < 2 || cast) return null
  const closed = running || votable.length < 2
  const tie = (
    <Button
      key="tie"
      size="sm"
      hotkey="0"
      aria-keyshortcuts="0"
      disabled={closed}
      onClick={() => onVote(null)}
    >
      {t('tie')}
    </Button>
  )
  return (
    <fieldset aria-label={t('vote')} className="flex flex-wrap items-center gap-2">
      {names.map((name, index) => [
        <Button
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer is identified by its index
          key={index}
          size="sm"
          hotkey={String(index + 1)}
          aria-keyshortcuts={String(index + 1)}
          disabled={closed || !votable.includes(index)}
          onClick={() => onVote(index)}
        >
          {name}
        </Button>,
        index === 0 && tie,
      ])}
    </fieldset>
  )
}

/** Value of the option that shows all samples. */
const ALL = 'all'

function Samples({ asked, answers }: Pick<Poll, 'asked' | 'answers'>) {
  const { sample, setSample, all, showAll } = answers
  const t = useTranslations('playground.bar')
  if (!asked || asked.samples < 2) return null
  return (
    <Segmented
      label={t('sample')}
      value={all ? ALL : String(sample)}
      onValueChange={(next) => (next === ALL ? showAll() : setSample(Number(next)))}
      options={[
        ...Array.from({ length: asked.samples }, (_, index) => ({
          value: String(index),
          label: `×${index + 1}`,
        })),
        { value: ALL, label: t('allSamples') },
      ]}
    />
  )
}

interface ViewsProps {
  view: BoardView
  /** Whether an answer can be saved. */
  savable: boolean
  /** Whether there are at least two answers. */
  several: boolean
  onSave: (kind: Kept) => void
}

type VoteBarProps = Poll &
  VotesProps &
  Omit<ViewsProps, 'savable' | 'several'> & {
    /** Takes the vote on the shown answers back. */
    onTakeBack: () => void
  }

interface KeyedProps {
  hotkey: string
  icon: ReactNode
  children: string
  /** On a phone only its icon is shown: the answers need the room. */
  brief?: boolean
  onClick: () => void
  /** Turns the button into a toggle, on or off. */
  on?: boolean
  hint?: string
  disabled?: boolean
}

const Keyed = ({ hotkey, on, hint, brief, children, ...rest }: KeyedProps) => (
  <Button
    {...rest}
    size="sm"
    variant="ghost"
    hotkey={hotkey}
    aria-keyshortcuts={hotkey.toLowerCase()}
    aria-pressed={on}
    title={hint}
    className={cn(on && 'bg-accent-soft! text-accent! inset-ring inset-ring-accent')}
  >
    <span className={cn(brief && 'max-sm:sr-only')}>{children}</span>
  </Button>
)

function Views({ view, savable, several, onSave }: ViewsProps) {
  const t = useTranslations('playground.bar')
  const Shut = view.blind ? EyeOff : Eye
  return (
    <span className="flex flex-wrap items-center gap-1 sm:ms-auto">
      <Keyed
        hotkey="B"
        icon={<Shut size={16} aria-hidden />}
        on={view.blind}
        hint={t('blindHint')}
        onClick={view.toggleBlind}
      >
        {t('blind')}
      </Keyed>
      <Keyed
        hotkey="D"
        icon={<Diff size={16} aria-hidden />}
        on={view.diff}
        hint={t('diffHint')}
        onClick={view.toggleDiff}
      >
        {t('diff')}
      </Keyed>
      <Keyed
        hotkey="S"
        brief
        icon={<Bookmark size={16} aria-hidden />}
        disabled={!savable}
        onClick={() => onSave('example')}
      >
        {t('saveRow')}
      </Keyed>
      <Keyed
        hotkey="P"
        brief
        icon={<Scale size={16} aria-hidden />}
        disabled={!savable || !several}
        onClick={() => onSave('preference')}
      >
        {t('savePair')}
      </Keyed>
    </span>
  )
}

/** Votes, win rate, and display options. */
export function VoteBar({ view, onVote, onTakeBack, onSave, ...poll }: VoteBarProps) {
  const t = useTranslations('playground.bar')
  return (
    <section
      aria-label={t('label')}
      data-action-bar=""
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-t bg-surface px-(--gutter) py-2.5"
    >
      <p role="status" className="text-2 text-meta">
        <Question {...poll} />
        {view.blind && poll.asked && !poll.asked.blind && <> {t('blindNext')}</>}
      </p>
      {poll.answers.cast && (
        <Button size="sm" variant="ghost" onClick={onTakeBack}>
          {t('takeBack')}
        </Button>
      )}
      <Samples {...poll} />
      <Votes {...poll} onVote={onVote} />
      <WinRateWords names={poll.names} />
      <Views
        view={view}
        savable={poll.asked !== null && !poll.running && !poll.answers.hidden}
        several={poll.names.length > 1}
        onSave={onSave}
      />
    </section>
  )
}
