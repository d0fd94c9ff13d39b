'use client'
import { useTranslations } from 'use-intl'
import type { LooseTranslator } from '#lib/i18n/loose-translator.ts'
import type { Worded } from '#lib/i18n/worded.ts'

type Said<Message> = Omit<Worded, 'message'> & { message: Message }

/** Error messages in the page's language; messages from a provider stay as they are. */
export function useErrorWords() {
  const t = useTranslations('errors') as unknown as LooseTranslator
  return <Message extends string | null>({ message, key, values }: Said<Message>): string | Message =>
    key && t.has(key) ? t(key, values) : message
}

/** The same for the fields of a form, by their paths. */
export function useFieldWords() {
  const say = useErrorWords()
  return (errors: Record<string, Worded>): Record<string, string> =>
    Object.fromEntries(Object.entries(errors).map(([path, words]) => [path, say(words)]))
}
