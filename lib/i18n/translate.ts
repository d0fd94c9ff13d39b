import { createTranslator, type Messages, type NamespaceKeys, type NestedKeyOf } from 'use-intl/core'
import { messagesOf } from './catalogues.ts'
import type { Locale } from './locale.ts'

export type Room = NamespaceKeys<Messages, NestedKeyOf<Messages>>

/**
 * Words of a room outside a page: programs and files. Server components use `requestWords`, client components
 * `useTranslations(room)` of use-intl.
 * @param locale default English, which is what programs and the log are told
 */
export const translate = <Name extends Room>(room: Name, locale: Locale = 'en') =>
  createTranslator<Messages, Name>({ locale, messages: messagesOf(locale), namespace: room })
