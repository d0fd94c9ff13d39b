'use client'
import { MenuRoot } from '@base-ui/parts/menu/root/MenuRoot.mjs'
import { MenuTrigger } from '@base-ui/parts/menu/trigger/MenuTrigger.mjs'
import Settings2 from 'lucide-react/icons/settings-2'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { useIntent } from '#components/ui/use-intent.ts'

const PreferencesPopup = lazily(() =>
  import('./preferences-popup.tsx').then((module) => module.PreferencesPopup),
)

/** Theme, language and digits, and the way to settings and help. */
export function PreferencesMenu() {
  const label = useTranslations('language')('preferences')
  const intent = useIntent(PreferencesPopup)
  const button = (
    <Button variant="ghost" size="sm" aria-label={label} icon={<Settings2 size={16} aria-hidden />} />
  )
  return (
    <MenuRoot {...intent.root}>
      <MenuTrigger render={button} {...intent.trigger} />
      {intent.isLoaded && <PreferencesPopup />}
    </MenuRoot>
  )
}
