import { createTranslator, type Messages, type NamespaceKeys, type NestedKeyOf } from 'use-intl/core'
import { en } from './en.ts'
import { locale } from './locale.ts'

/** Words for server components and metadata; client components use `useTranslations(room)` of use-intl. */
export const translate = <Room extends NamespaceKeys<Messages, NestedKeyOf<Messages>>>(room: Room) =>
  createTranslator<Messages, Room>({ locale, messages: en, namespace: room })
