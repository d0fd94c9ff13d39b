'use client'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Logo } from '#components/ui/logo.tsx'
import { pastedFile } from './clipboard.ts'

export interface WindowDropProps {
  onFile: (file: File) => void
  /** The rows are added to the dataset on the page. */
  into?: boolean
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false

/** An open dialog receives the paste itself. */
const isDialogOpen = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"]') !== null

type Refused = { reason: 'many'; count: number } | { reason: 'folder' }

/** The dropped file, or why it was refused: only one file is accepted. */
function dropped(data: DataTransfer | null): File | Refused | null {
  const files = [...(data?.files ?? [])]
  if (files.length > 1) return { reason: 'many', count: files.length }
  const folder = data?.items[0]?.webkitGetAsEntry?.()?.isDirectory
  return folder ? { reason: 'folder' } : (files[0] ?? null)
}

function Veil({ into }: { into: boolean }) {
  const t = useTranslations('imports.veil')
  return (
    <div className="pointer-events-none fixed inset-0 z-60 grid place-items-center bg-scrim p-4" aria-hidden>
      <div className="grid w-full max-w-md justify-items-start gap-3 rounded-lg border-2 border-accent border-dashed bg-overlay p-6">
        <Logo size={28} />
        <p className="text-section">{t(into ? 'into' : 'new')}</p>
        <p className="text-2">{t('sentence')}</p>
      </div>
    </div>
  )
}

/** Accepts a file dropped or pasted anywhere in the window. For the keyboard, every page has an Import button. */
export function WindowDrop({ onFile, into = false }: WindowDropProps) {
  const t = useTranslations('imports')
  const [over, setOver] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const hover = useEffectEvent((event: DragEvent) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    setOver(true)
  })
  const leave = useEffectEvent((event: DragEvent) => {
    // Between two elements of the page the drag continues; outside the window `relatedTarget` is null.
    if (event.relatedTarget === null) setOver(false)
  })
  const drop = useEffectEvent((event: DragEvent) => {
    setOver(false)
    if (event.defaultPrevented || !hasFiles(event)) return
    event.preventDefault()
    const found = dropped(event.dataTransfer)
    if (found instanceof File) onFile(found)
    else setRefused(found)
  })
  const paste = useEffectEvent((event: ClipboardEvent) => {
    if (event.defaultPrevented || isDialogOpen()) return
    const file = pastedFile(event, t('paste.name'))
    if (!file) return
    event.preventDefault()
    onFile(file)
  })
  useEffect(() => {
    const cleanup = new AbortController()
    const { signal } = cleanup
    window.addEventListener('dragenter', hover, { signal })
    window.addEventListener('dragover', hover, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', drop, { signal })
    window.addEventListener('paste', paste, { signal })
    return () => cleanup.abort()
  }, [])
  return (
    <>
      {over && <Veil into={into} />}
      <Dialog
        title={t('fault.oneTitle')}
        open={refused !== null}
        onOpenChange={(open) => !open && setRefused(null)}
        footer={
          <Button variant="primary" onClick={() => setRefused(null)}>
            {t('fault.ok')}
          </Button>
        }
      >
        <p>{refused && (refused.reason === 'many' ? t('fault.many', refused) : t('fault.folder'))}</p>
      </Dialog>
    </>
  )
}
