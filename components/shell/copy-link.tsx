'use client'
import LinkIcon from 'lucide-react/icons/link'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import type { MenuProps } from '#components/ui/menu.tsx'
import { useToast } from '#components/ui/toast.tsx'

/** Copies the page's address, which holds what the page shows. */
function useCopyLink() {
  const t = useTranslations('shell.link')
  const toast = useToast()
  const copy = () =>
    void navigator.clipboard.writeText(location.href).then(
      () => toast({ text: t('copied') }),
      () => toast({ text: t('failed') }),
    )
  return { label: t('copy'), copy }
}

/** The link to what a page shows, as one of its buttons. */
export function CopyLink() {
  const { label, copy } = useCopyLink()
  return (
    <IconButton label={label} variant="default" onClick={copy}>
      <LinkIcon size={16} aria-hidden />
    </IconButton>
  )
}

/** The same as an entry of a menu. */
export function useCopyLinkItem(): NonNullable<MenuProps['items'][number]> {
  const { label, copy } = useCopyLink()
  return { label, icon: <LinkIcon size={14} aria-hidden />, onSelect: copy }
}
