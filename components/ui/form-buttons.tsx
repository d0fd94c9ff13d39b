import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'

interface FormButtonsProps {
  /** Id of the form that is saved. */
  form: string
  busy: boolean
  onClose: () => void
}

/** The foot of a dialog that saves a form. */
export function FormButtons({ form, busy, onClose }: FormButtonsProps) {
  const t = useTranslations('ui')
  return (
    <>
      <Button onClick={onClose}>{t('cancel')}</Button>
      <Button variant="primary" type="submit" form={form} busy={busy} busyLabel={t('saving')}>
        {t('save')}
      </Button>
    </>
  )
}
