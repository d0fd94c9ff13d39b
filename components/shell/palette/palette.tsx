'use client'
import Search from 'lucide-react/icons/search'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Kbd } from '#components/ui/kbd.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import { useModal } from '#components/ui/use-modal.ts'
import type { Entry } from './entries.ts'

/** Loaded when the palette is opened for the first time: every page has the palette, few visits use it. */
const PaletteDialog = lazily(() => import('./palette-dialog.tsx').then(({ PaletteDialog: dialog }) => dialog))
const RulesDialog = lazily(() =>
  import('#components/datasets/issues/rules-dialog.tsx').then(({ RulesDialog: dialog }) => dialog),
)

interface PaletteProps {
  /** Shows the sheet of shortcuts. */
  onKeys: () => void
}

/** Everything that has a name, and the actions that need no page: Ctrl+K or ⌘K opens it. */
export function Palette({ onKeys }: PaletteProps) {
  const t = useTranslations('palette')
  const [open, setOpen] = useState(false)
  const modal = useModal({ open, onOpenChange: setOpen })
  const [rule, setRule] = useState<string | null>(null)
  useKeys({ 'mod+k': () => setOpen(true) }, true)
  const act = (entry: Entry) => {
    setOpen(false)
    if (entry.kind === 'rule') setRule(entry.id)
    if (entry.kind === 'keys') onKeys()
  }
  return (
    <>
      <button
        type="button"
        {...modal.trigger}
        title={t('open')}
        aria-keyshortcuts="Control+K Meta+K"
        className="mb-1 flex h-8 items-center justify-center gap-2.5 rounded-md border px-2 text-3 hover:bg-hover wide:justify-start"
      >
        <Search size={16} aria-hidden className="shrink-0" />
        <span className="sr-only flex-1 text-start wide:not-sr-only">{t('open')}</span>
        <span className="hidden wide:inline-flex">
          <Kbd>mod+K</Kbd>
        </span>
      </button>
      {modal.dialog && <PaletteDialog {...modal.dialog} onChoose={act} />}
      {rule && <RulesDialog about={rule} open onOpenChange={() => setRule(null)} />}
    </>
  )
}
