'use client'
import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronUp from 'lucide-react/icons/chevron-up'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { Tile } from '#components/ui/tile.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { elementIn } from './elements.ts'
import { rowWords } from './row-words.ts'
import type { Editor } from './use-editor.ts'

/** Which row, what it is used for, and what can be done with it as a whole. */
export function RowBar({ editor }: { editor: Editor }) {
  const t = useTranslations('datasets.row')
  const toast = useToast()
  const { row, text, total, dirty, busy, go, add, remove, discard, setSplit, saveAndNext } = editor
  if (!row) return null
  const { question } = rowWords(text)
  const symbol = question && elementIn(question)
  const removeWithUndo = async () => {
    const { number } = row
    const undo = await remove()
    if (undo) toast({ text: t('deleted', { number }), undo })
  }
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-2 border-b px-(--gutter) py-1.5">
      {symbol && (
        <span className="hidden sm:contents">
          <Tile>{symbol}</Tile>
        </span>
      )}
      <h2 className="font-semibold">{t('title', { number: row.number })}</h2>
      <Segmented
        label={t('split')}
        value={row.split}
        onValueChange={setSplit}
        options={[
          { value: 'train', label: t('train') },
          { value: 'heldout', label: t('heldout') },
        ]}
      />
      <div className="ms-auto flex items-center gap-1">
        <span className="hidden items-center gap-1 sm:flex">
          <span className="text-3 text-meta tabular-nums">{t('of', { number: row.number, total })}</span>
          <IconButton label={t('previous')} disabled={row.number <= 1} onClick={() => go(row.number - 1)}>
            <ChevronUp size={16} aria-hidden />
          </IconButton>
          <IconButton label={t('next')} disabled={row.number >= total} onClick={() => go(row.number + 1)}>
            <ChevronDown size={16} aria-hidden />
          </IconButton>
        </span>
        <Menu
          label={t('actions')}
          trigger={
            <IconButton label={t('actions')}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={[
            { label: t('duplicate'), onSelect: () => add({ copyOf: row.id }, row.number + 1) },
            { label: t('discard'), onSelect: discard, disabled: !dirty },
            null,
            { label: t('delete'), onSelect: removeWithUndo, tone: 'danger' },
          ]}
        />
        <Button onClick={saveAndNext} disabled={!dirty} reason={t('unchanged')} busy={busy} hotkey="Ctrl ↵">
          {t('saveAndNext')}
        </Button>
      </div>
    </header>
  )
}
