'use client'
import { useTranslations } from 'use-intl'
import { ACCEPT } from '#components/datasets/import/accept.ts'
import { ImportDialog } from '#components/datasets/import/import-dialog.tsx'
import { useImportDialog } from '#components/datasets/import/use-import-dialog.ts'
import { WindowDrop } from '#components/datasets/import/window-drop.tsx'
import { Button } from '#components/ui/button.tsx'
import { FileDrop } from '#components/ui/file-drop.tsx'

/** Creates a dataset from a file or from pasted text. */
export function ImportCard() {
  const t = useTranslations('home.bring')
  const { show, take, ...importing } = useImportDialog()
  return (
    <>
      <FileDrop
        onFile={take}
        accept={ACCEPT}
        className="flex flex-col gap-3 [&>:last-child]:mt-auto [&>:last-child]:pt-2"
        actions={
          <Button variant="ghost" onClick={() => show('paste')}>
            {t('paste')}
          </Button>
        }
      >
        <h2 className="text-section">{t('title')}</h2>
        <p className="text-2">{t('sentence')}</p>
      </FileDrop>
      <WindowDrop onFile={take} />
      <ImportDialog {...importing} />
    </>
  )
}
