import 'server-only'
import { headers } from 'next/headers'
import { chooseLocale } from './choose-locale.ts'
import type { Locale } from './locale.ts'
import { type Room, translate } from './translate.ts'

/** The locale of the request that is being answered. */
export const requestLocale = async (): Promise<Locale> => chooseLocale(await headers())

/** Words of a room for server components and metadata, in the language of the request. */
export const requestWords = async <Name extends Room>(room: Name) => translate(room, await requestLocale())
