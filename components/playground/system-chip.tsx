'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { Popover } from '#components/ui/popover.tsx'

const WordDiff = lazily(() => import('#components/ui/word-diff.tsx').then((module) => module.WordDiff))

interface SystemChipProps {
  system: string
  /** The system prompt used in training. */
  training: string
  onTake: () => void
}

/** A system prompt that differs from the one in training changes the model's behaviour; the chip opens a diff. */
export function SystemChip({ system, training, onTake }: SystemChipProps) {
  const t = useTranslations('playground')
  if (system === training)
    return (
      <Chip tone="ok" dot="full">
        {t('matchesTraining')}
      </Chip>
    )
  return (
    <Popover
      label={t('differsFromTraining')}
      trigger={
        <button type="button" className="rounded">
          <Chip tone="warn" dot="full">
            {t('differsFromTraining')}
          </Chip>
        </button>
      }
    >
      <div className="grid gap-3">
        <p className="text-3 text-meta">{t('differs')}</p>
        <WordDiff before={training} after={system} className="max-h-60 overflow-y-auto" />
        <Button size="sm" onClick={onTake}>
          {t('takeTraining')}
        </Button>
      </div>
    </Popover>
  )
}
