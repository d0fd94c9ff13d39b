import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { env } from '#lib/env.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/** File name in the data folder: a restart signs nobody out. */
const FILE = 'sessions'

/** How long a browser stays signed in, in days. */
export const SESSION_DAYS = 30
const LIFETIME = SESSION_DAYS * 24 * 60 * 60 * 1_000

/** Beyond this the oldest session ends. */
const MAX_SESSIONS = 100

/** SHA-256 of a cookie's value → when it ends, in ms. */
const Kept = z.array(z.tuple([z.string(), z.number()]))

const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex')

/** A missing or damaged file signs every browser out, and does no other harm. */
function read(): Map<string, number> {
  try {
    return new Map(Kept.parse(JSON.parse(readPrivateFile(FILE))))
  } catch {
    return new Map()
  }
}

let loaded: Map<string, number> | undefined
const sessions = (): Map<string, number> => {
  loaded ??= read()
  return loaded
}

const isLive = (end: number | undefined): boolean => end !== undefined && end > Date.now()

function save(): void {
  const kept = [...sessions()].filter(([, end]) => isLive(end)).slice(-MAX_SESSIONS)
  loaded = new Map(kept)
  writePrivateFile(FILE, JSON.stringify(kept))
}

/** Browsers send a cookie to every port of a host, so each data folder has its own cookie name. */
const cookieName = (): string => `limerick-${hashOf(env().dataFolder).slice(0, 8)}`

/**
 * A session that ends with this process.
 * @param lifetime in ms
 * @returns the cookie as a browser sends it
 */
export function newSession(lifetime: number): string {
  const value = randomBytes(32).toString('base64url')
  sessions().set(hashOf(value), Date.now() + lifetime)
  return `${cookieName()}=${value}`
}

/** A session that outlives a restart. @returns the value of a set-cookie header */
export function openSession(): string {
  const cookie = newSession(LIFETIME)
  save()
  return `${cookie}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${LIFETIME / 1_000}`
}

/** Whether one of the cookies of a request belongs to a live session. */
export function hasSession(cookies = ''): boolean {
  const own = `${cookieName()}=`
  return cookies
    .split(/; */)
    .filter((cookie) => cookie.startsWith(own))
    .some((cookie) => isLive(sessions().get(hashOf(cookie.slice(own.length)))))
}
