'use client'
import { Dialog } from '@base-ui/react/dialog'
import Search from 'lucide-react/icons/search'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { scrimClass } from '#components/ui/dialog.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { popupClass } from '#components/ui/popup-class.ts'
import { useKeys } from '#components/ui/use-keys.ts'
import type { Entry } from './entries.ts'

/** Loaded when the palette is opened for the first time: every page has the palette, few visits use it. */
const PaletteList = dynamic(() => import('./palette-list.tsx').then(({ PaletteList: list }) => list))
const RulesDialog = dynamic(() =>
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
  const [rule, setRule] = useState<string | null>(null)
  useKeys({ 'mod+k': () => setOpen(true) }, true)
  const act = (entry: Entry) => {
    setOpen(false)
    if (entry.kind === 'rule') setRule(entry.id)
    if (entry.kind === 'keys') onKeys()
  }
  return (
    <>
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger
          title={t('open')}
          aria-keyshortcuts="Control+K Meta+K"
          className="mb-1 flex h-8 items-center justify-center gap-2.5 rounded-md border px-2 text-3 hover:bg-hover wide:justify-start"
        >
          <Search size={16} aria-hidden className="shrink-0" />
          <span className="sr-only flex-1 text-start wide:not-sr-only">{t('open')}</span>
          <span className="hidden wide:inline-flex">
            <Kbd>mod+K</Kbd>
          </span>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className={scrimClass} />
          <Dialog.Popup
            className={cn(
              popupClass,
              'fixed inset-x-3 top-[12dvh] z-50 mx-auto flex max-h-[min(32rem,76dvh)] max-w-[600px] flex-col',
            )}
          >
            <Dialog.Title className="sr-only">{t('open')}</Dialog.Title>
            <PaletteList onChoose={act} />
            <Dialog.Close className="sr-only">{t('close')}</Dialog.Close>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      {rule && <RulesDialog about={rule} open onOpenChange={() => setRule(null)} />}
    </>
  )
}
