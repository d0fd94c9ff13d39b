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
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { symbolIn } from '#lib/elements.ts'
import { rowWords } from '../row-words.ts'
import { useCopy } from '../use-copy.ts'
import type { Editor } from './use-editor.ts'
import type { RowActions } from './use-row-actions.ts'

/** A key hint where there is room for one. */
const Key = ({ children }: { children: string }) => (
  <span className="hidden 2xl:contents">
    <Kbd>{children}</Kbd>
  </span>
)

/** The way out of a locked split. */
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

function SplitChoice({ editor: { row, view, setSplit } }: { editor: Editor }) {
  const t = useTranslations('datasets.row')
  if (!row) return null
  const options = [
    { value: 'train' as const, label: t('train') },
    { value: 'heldout' as const, label: t('heldout') },
  ]
  const locked = view?.dataset.splitLocked ?? false
  const choice = (
    <span data-hotkey="t" tabIndex={locked ? 0 : undefined} className="flex items-center gap-1">
      {locked && <Lock size={12} aria-hidden className="text-3" />}
      <Segmented
        label={t('split')}
        value={row.split}
        onValueChange={setSplit}
        options={options}
        disabled={locked}
      />
      {locked && <span className="sr-only">{t('splitLocked')}</span>}
    </span>
  )
  if (!locked || !view) return choice
  return (
    <>
      <Tooltip content={t('splitLocked')}>{choice}</Tooltip>
      <CopyToNew dataset={view.dataset} />
    </>
  )
}

/** Which row, what it is used for, and what can be done with it as a whole. */
export function RowBar({ editor, actions }: { editor: Editor; actions: RowActions }) {
  const t = useTranslations('datasets.row')
  const { row, text, rows, index, dirty, busy, discard, saveAndNext, isNew, position, total } = editor
  if (!row) return null
  const { question } = rowWords(text)
  const symbol = question && symbolIn(question)
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-2 border-b px-(--gutter) py-1.5">
      {symbol && (
        <span className="hidden sm:contents">
          <Tile>{symbol}</Tile>
        </span>
      )}
      <h2 className="font-semibold">{isNew ? t('titleNew') : t('title', { number: row.number })}</h2>
      <SplitChoice editor={editor} />
      <Key>T</Key>
      <div className="ms-auto flex items-center gap-1">
        <span className="hidden items-center gap-1 sm:flex">
          {!isNew && (
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
            disabled={index + 1 >= rows.total}
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
            { label: t('discard'), onSelect: discard, disabled: !dirty },
            null,
            { label: t('delete'), hotkey: 'X', onSelect: actions.remove, tone: 'danger' },
          ]}
        />
        <Button
          data-hotkey="mod+enter"
          aria-keyshortcuts="Control+Enter Meta+Enter"
          onClick={saveAndNext}
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
