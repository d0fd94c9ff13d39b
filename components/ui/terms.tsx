'use client'
import { Popover } from '@base-ui/react/popover'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'
import { popupClass } from './popup-class.ts'
import { useFormat } from './use-format.ts'

/** A word of the field that is explained where it first stands. */
export type TermName = Parameters<ReturnType<typeof useTranslations<'terms.name'>>>[0]

/** A question mark behind a word: hovering, a press of Enter or a tap explains the terms. */
export function Terms({ of }: { of: readonly TermName[] }) {
  const t = useTranslations('terms')
  const { list } = useFormat()
  return (
    <Popover.Root>
      <Popover.Trigger
        openOnHover
        delay={300}
        aria-label={t('about', { names: list(of.map((name) => t(`name.${name}`))) })}
        // The target is larger than the mark and takes no more room.
        className="-m-1.25 inline-grid size-6 shrink-0 place-items-center rounded-full align-middle text-3 hover:text-1 data-popup-open:text-1"
      >
        <CircleHelp size={14} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-50">
          <Popover.Popup
            aria-label={t('about', { names: list(of.map((name) => t(`name.${name}`))) })}
            className={cn(
              popupClass,
              'max-h-(--available-height) w-80 max-w-[calc(100vw-16px)] overflow-y-auto p-4',
            )}
          >
            <dl className="grid gap-3">
              {of.map((name) => (
                <div key={name} className="grid gap-0.5">
                  <dt className="font-semibold">{t(`name.${name}`)}</dt>
                  <dd className="text-2">{t(`meaning.${name}`)}</dd>
                </div>
              ))}
            </dl>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
