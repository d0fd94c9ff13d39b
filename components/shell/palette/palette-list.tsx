'use client'
import { Autocomplete } from '@base-ui/react/autocomplete'
import Search from 'lucide-react/icons/search'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { popupHeadingClass, popupItemClass } from '#components/ui/popup-class.ts'
import { useChooseLocale } from '../use-choose-locale.ts'
import { type Entry, type EntryGroup, entriesFor } from './entries.ts'
import { useEntries } from './use-entries.ts'

function Row({ entry }: { entry: Entry }) {
  const { label, detail, icon: Icon, isCode } = entry
  return (
    <>
      {Icon && <Icon size={16} aria-hidden className="shrink-0 text-3" />}
      <span className="min-w-0 flex-1 truncate">
        <bdi>{label}</bdi>
      </span>
      {detail && (
        <bdi dir={isCode ? 'ltr' : undefined} className={cn('text-3 text-meta', isCode && 'font-mono')}>
          {detail}
        </bdi>
      )}
    </>
  )
}

/** The field and the list under it. Links, themes and languages are followed here, the rest is the caller's. */
export function PaletteList({ onChoose }: { onChoose: (entry: Entry) => void }) {
  const t = useTranslations('palette')
  const router = useRouter()
  const { setTheme } = useTheme()
  const chooseLocale = useChooseLocale()
  const [typed, setTyped] = useState('')
  const groups = entriesFor(useEntries(), typed)
  const choose = (entry: Entry) => {
    if (entry.kind === 'link') router.push(entry.href)
    if (entry.kind === 'theme') setTheme(entry.theme)
    if (entry.kind === 'locale') chooseLocale(entry.locale)
    onChoose(entry)
  }
  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      mode="none"
      value={typed}
      onValueChange={setTyped}
      itemToStringValue={({ label }: Entry) => label}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex items-center gap-2 border-b px-3">
        <Search size={16} aria-hidden className="shrink-0 text-3" />
        <Autocomplete.Input
          aria-label={t('search')}
          placeholder={t('search')}
          dir="auto"
          className="h-11 min-w-0 flex-1 bg-transparent text-body outline-none max-sm:text-[16px]"
        />
      </div>
      <Autocomplete.Empty>
        <div className="px-4 py-6 text-3">{t('nothing')}</div>
      </Autocomplete.Empty>
      <Autocomplete.List className="min-h-0 overflow-y-auto overscroll-contain p-1 empty:p-0">
        {(group: EntryGroup) => (
          <Autocomplete.Group key={group.label} items={group.items}>
            <Autocomplete.GroupLabel className={popupHeadingClass}>{group.label}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  onClick={() => choose(entry)}
                  className={popupItemClass}
                >
                  <Row entry={entry} />
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  )
}
