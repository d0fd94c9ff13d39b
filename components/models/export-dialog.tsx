'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { exportAddress, exportsQuery } from '#lib/models/queries.ts'
import type { ExportOffer, ModelRef } from '#lib/models/schema.ts'
import { shortName } from './model-options.ts'

interface ExportDialogProps {
  model: ModelRef
  onClose: () => void
}

const kindOf = ({ format, type }: ExportOffer) => (format === 'gguf' ? (type ?? 'q8_0') : format)

/** What a format is for, and its download; or why the model cannot be had in it. */
function Offer({ model, offer }: { model: ModelRef; offer: ExportOffer }) {
  const { bytes } = useFormat()
  const t = useTranslations('models.export')
  const kind = kindOf(offer)
  const name = t(`name.${kind}`)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="grid min-w-56 flex-1 gap-0.5">
        <h3 className="font-medium">{name}</h3>
        <p className="text-2 text-meta">{offer.reason ?? t(`use.${kind}`)}</p>
      </div>
      {offer.bytes !== null && (
        <div className="flex w-full items-center justify-between gap-3 sm:w-auto">
          <span className="text-3 text-meta tabular-nums">{bytes(offer.bytes)}</span>
          <a
            className={buttonClass()}
            href={exportAddress(model, offer)}
            download
            aria-label={t('downloadAs', { name })}
          >
            {t('download')}
          </a>
        </div>
      )}
    </li>
  )
}

/** The formats in which a model can be taken away. */
export function ExportDialog({ model, onClose }: ExportDialogProps) {
  const t = useTranslations('models.export')
  const { data, error, refetch, isFetching } = useQuery(exportsQuery(model))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={t.rich('title', { name: () => <bdi dir="ltr">{shortName(model.model)}</bdi> })}
      description={t('meaning')}
      footer={<Button onClick={onClose}>{t('close')}</Button>}
    >
      {error && <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />}
      {!error && !data && (
        <p role="status" className="text-2">
          {t('reading')}
        </p>
      )}
      {data && (
        <ul className="divide-y">
          {data.map((offer) => (
            <Offer key={kindOf(offer)} model={model} offer={offer} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}
