'use client'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import { type KeyGroup, keysAt } from './keys.ts'

type Does = Parameters<ReturnType<typeof useTranslations<'keys.does'>>>[0]

function Group({ group: { room, keys } }: { group: KeyGroup }) {
  const t = useTranslations('keys')
  return (
    <section className="grid content-start gap-2">
      <h3 className="text-3 text-micro">{t(room)}</h3>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1.5">
        {keys.map(([key, does]) => (
          <div key={key} className="contents">
            <dt className="flex gap-1">
              {key.split(' ').map((part) => (
                <kbd
                  key={part}
                  dir="ltr"
                  className="min-w-5 rounded-xs border border-strong px-1 text-center font-sans text-2 text-meta"
                >
                  {part}
                </kbd>
              ))}
            </dt>
            <dd>{t(`does.${does as Does}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

interface KeySheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** The keyboard shortcuts of the current page; `?` opens them. */
export function KeySheet({ open, onOpenChange }: KeySheetProps) {
  const t = useTranslations('keys')
  const path = usePathname()
  useKeys({ '?': () => onOpenChange(true) }, true)
  return (
    <Dialog title={t('title')} open={open} onOpenChange={onOpenChange} width="lg">
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        className="grid gap-5 rounded-md sm:grid-cols-2"
      >
        {keysAt(path).map((group) => (
          <Group key={group.room} group={group} />
        ))}
        <p className="text-3 text-meta sm:col-span-2">{t('note')}</p>
      </div>
    </Dialog>
  )
}
