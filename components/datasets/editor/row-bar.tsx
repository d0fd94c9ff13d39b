'use client'
import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronUp from 'lucide-react/icons/chevron-up'
import Copy from 'lucide-react/icons/copy'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Lock from 'lucide-react/icons/lock'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { Tile } from '#components/ui/tile.tsx'
import { Tooltip } from '#components/ui/tooltip.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import type { DatasetSummary, Split } from '#lib/datasets/schema.ts'
import { useCopy } from '../use-copy.ts'
import type { RowActions } from './use-row-actions.ts'

/** A key hint, shown if there is room. */
const Key = ({ children }: { children: string }) => (
  <span className="hidden 2xl:contents">
    <Kbd>{children}</Kbd>
  </span>
)

/** Copies the dataset: the split of the copy is not locked. */
function CopyToNew({ dataset }: { dataset: DatasetSummary }) {
  const t = useTranslations('datasets')
  const { mutate, isPending, error } = useCopy(dataset)
  const say = useErrorWords()
  return (
    <IconButton
      label={error ? `${t('copyFailed')}: ${say(error)}` : t('copyToNew')}
      disabled={isPending}
      onClick={() => mutate()}
    >
      <Copy size={16} aria-hidden />
    </IconButton>
  )
}

interface SplitChoiceProps {
  dataset: DatasetSummary
  split: Split
  onSplit: (split: Split) => void
}

function SplitChoice({ dataset, split, onSplit }: SplitChoiceProps) {
  const t = useTranslations('datasets.row')
  const options = [
    { value: 'train' as const, label: t('train') },
    { value: 'heldout' as const, label: t('heldout') },
  ]
  const locked = dataset.splitLocked
  const choice = (
    <span data-hotkey="t" tabIndex={locked ? 0 : undefined} className="flex items-center gap-1">
      {locked && <Lock size={12} aria-hidden className="text-3" />}
      <Segmented
        label={t('split')}
        value={split}
        onValueChange={onSplit}
        options={options}
        disabled={locked}
      />
      {locked && <span className="sr-only">{t('splitLocked')}</span>}
    </span>
  )
  if (!locked) return <Tooltip content={t('splitHint')}>{choice}</Tooltip>
  return (
    <>
      <Tooltip content={t('splitLocked')}>{choice}</Tooltip>
      <CopyToNew dataset={dataset} />
    </>
  )
}

interface RowBarProps extends Omit<SplitChoiceProps, 'onSplit'> {
  label: string | null
  /** Null if the row is not stored yet. */
  number: number | null
  /** Index in the list, from 0, and the length of the list. */
  index: number
  count: number
  /** Position among the stored rows, from 1, and their number. */
  position: number
  total: number
  dirty: boolean
  busy: boolean
  /** Whether the row is selected together with others. */
  chosen: boolean
  actions: RowActions
}

/** The row's number, its split, and the actions on the whole row. */
export function RowBar(props: RowBarProps) {
  const { dataset, label, number, split, index, count, position, total, dirty, busy, chosen, actions } = props
  const t = useTranslations('datasets.row')
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-2 border-b px-(--gutter) py-1.5">
      {label && (
        <span className="hidden sm:contents">
          <Tile>{label}</Tile>
        </span>
      )}
      <h2 className="font-semibold">{number === null ? t('titleNew') : t('title', { number })}</h2>
      <SplitChoice dataset={dataset} split={split} onSplit={actions.setSplit} />
      <Key>T</Key>
      <div className="ms-auto flex items-center gap-1">
        <span className="hidden items-center gap-1 sm:flex">
          {number !== null && (
            <span className="text-3 text-meta tabular-nums">{t('of', { number: position, total })}</span>
          )}
          <IconButton
            label={t('previousKey')}
            data-hotkey="k"
            aria-keyshortcuts="K"
            disabled={index <= 0}
            onClick={actions.previous}
          >
            <ChevronUp size={16} aria-hidden />
          </IconButton>
          <Key>K</Key>
          <IconButton
            label={t('nextKey')}
            data-hotkey="j"
            aria-keyshortcuts="J"
            disabled={index + 1 >= count}
            onClick={actions.next}
          >
            <ChevronDown size={16} aria-hidden />
          </IconButton>
          <Key>J</Key>
        </span>
        <Menu
          label={t('actions')}
          trigger={
            <IconButton label={t('actions')}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={[
            { label: t('duplicate'), hotkey: 'mod+D', onSelect: actions.duplicate },
            { label: t('discard'), onSelect: actions.discard, disabled: !dirty },
            {
              label: t(chosen ? 'unchoose' : 'choose'),
              onSelect: actions.toggleChosen,
              disabled: number === null,
            },
            null,
            { label: t('delete'), hotkey: 'X', onSelect: actions.remove, tone: 'danger' },
          ]}
        />
        <Button
          data-hotkey="mod+enter"
          aria-keyshortcuts="Control+Enter Meta+Enter"
          onClick={actions.saveAndNext}
          disabled={!dirty}
          reason={t('unchanged')}
          busy={busy}
          hotkey="mod+↵"
        >
          {t('saveAndNext')}
        </Button>
      </div>
    </header>
  )
}
