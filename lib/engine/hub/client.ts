/**
 * The part of the Hugging Face hub's HTTP API that a download needs. We do not use @huggingface/hub: its model call lacks
 * hashes, it reads answers without limit, and ranges, redirects and the token would still be ours to handle.
 */
import { z } from 'zod'
import { apiError } from '../api-error.ts'
import type { HubSettings } from '../settings.ts'
import { readWithin, watchSilence } from './answer.ts'
import { badAnswer, isHubError, refusalOf, unreachable } from './errors.ts'

/** A file of a model on the hub. */
export interface HubFile {
  name: string
  bytes: number
  /** Of the content, for files in large file storage. */
  sha256: string | null
  /** Git's object id, for all others. */
  sha1: string | null
}

/** A model on the hub at one commit. */
export interface HubModel {
  repo: string
  commit: string
  licence: string | null
  /** Whether its owner lets only those in who have accepted the licence. */
  gated: boolean
  files: HubFile[]
}

const MB = 1024 * 1024
/** Most bytes of the description of a model: a line for each of its files. */
const MOST_INFO = 16 * MB
const MOST_HOPS = 5

const Sha1 = z.string().regex(/^[0-9a-f]{40}$/)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const Sibling = z.object({
  rfilename: z.string().max(1000),
  size: z.number().int().nonnegative(),
  blobId: Sha1.nullish(),
  lfs: z.object({ sha256: Sha256, size: z.number().int().nonnegative() }).nullish(),
})

/** Of a file outside large file storage, `blobId` is the hash of its content; else that of a pointer. */
const fileOf = ({ rfilename, size, blobId, lfs }: z.infer<typeof Sibling>): HubFile => ({
  name: rfilename,
  bytes: lfs?.size ?? size,
  sha256: lfs?.sha256 ?? null,
  sha1: lfs ? null : (blobId ?? null),
})

const Licence = z.union([z.string().max(200), z.array(z.string().max(200)).max(20)])

/** Answer of `GET /api/models/NAME/revision/REVISION?blobs=true`. */
const ModelInfo = z.object({
  sha: Sha1,
  gated: z.union([z.boolean(), z.string()]).nullish(),
  cardData: z
    .object({ license: Licence.nullish(), license_name: z.string().max(200).nullish() })
    .nullish()
    .catch(null),
  siblings: z.array(Sibling).max(20_000),
})

/** Some models name a licence of their own besides "other". */
function licenceOf(card: z.infer<typeof ModelInfo>['cardData']): string | null {
  const named = [card?.license ?? []].flat().join(', ')
  return (named === 'other' ? card?.license_name : null) ?? (named || null)
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Names with letters of any script are possible in a path; a slash separates. */
const escaped = (name: string): string => name.split('/').map(encodeURIComponent).join('/')

/** @param silence longest wait for the next byte, in ms */
export function hubClient({ endpoint, token }: HubSettings, silence: number) {
  const base = new URL(endpoint.replace(/\/*$/, '/'))
  const { host } = base

  /** The token goes to the hub itself, never to the servers that it redirects to. */
  const headersFor = (address: URL, headers: Record<string, string>): Record<string, string> =>
    token !== null && address.origin === base.origin
      ? { ...headers, authorization: `Bearer ${token}` }
      : headers

  async function follow(path: string, headers: Record<string, string>, signal: AbortSignal) {
    let address = new URL(path, base)
    for (let hops = 0; hops <= MOST_HOPS; hops++) {
      const sent = { headers: headersFor(address, headers), signal, redirect: 'manual' as const }
      const answer = await fetch(address, sent)
      const location = answer.headers.get('location')
      if (!REDIRECTS.has(answer.status) || location === null) return answer
      await answer.body?.cancel()
      const next = URL.parse(location, address)
      const allowed = base.protocol === 'https:' ? ['https:'] : ['http:', 'https:']
      if (!next || !allowed.includes(next.protocol)) throw badAnswer(host, 'it redirects to nowhere')
      address = next
    }
    throw badAnswer(host, 'it redirects without end')
  }

  /** @throws AppError in words, whatever went wrong */
  async function get(repo: string, path: string, headers: Record<string, string>, signal: AbortSignal) {
    const answer = await follow(path, headers, signal).catch((thrown: unknown) => {
      throw isHubError(thrown) || signal.aborted ? thrown : unreachable(host, thrown)
    })
    if (answer.ok) return answer
    await answer.body?.cancel()
    throw refusalOf(answer, { host, repo, page: pageOf(repo), hasToken: token !== null })
  }

  /** A whole answer of at most `most` bytes. */
  async function read(repo: string, path: string, most: number, signal: AbortSignal): Promise<string> {
    const watched = watchSilence(silence, signal)
    try {
      return await readWithin(await get(repo, path, {}, watched.signal), most, watched.heard)
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      if (isHubError(thrown)) throw thrown
      throw thrown instanceof RangeError ? badAnswer(host, thrown.message) : unreachable(host, thrown)
    } finally {
      watched.stop()
    }
  }

  const pageOf = (repo: string): string => new URL(repo, base).href

  return {
    host,
    /** Address of a model's page. */
    page: pageOf,

    /** @throws AppError if the hub has no such model or does not answer */
    async model(repo: string, revision: string, signal: AbortSignal): Promise<HubModel> {
      const path = `api/models/${escaped(repo)}/revision/${encodeURIComponent(revision)}?blobs=true`
      const text = await read(repo, path, MOST_INFO, signal)
      const info = ModelInfo.safeParse(jsonOr(text, () => badAnswer(host, 'it sends no JSON')))
      if (!info.success) {
        const field = info.error.issues[0]?.path.join('.') ?? ''
        throw badAnswer(host, `it does not describe a model (${field})`)
      }
      const { sha, gated, cardData, siblings } = info.data
      return {
        repo,
        commit: sha,
        licence: licenceOf(cardData),
        gated: Boolean(gated),
        files: siblings.map(fileOf),
      }
    },

    /** The text of a small file. @throws AppError, as for the model */
    text: (
      { repo, commit }: Pick<HubModel, 'repo' | 'commit'>,
      name: string,
      most: number,
      signal: AbortSignal,
    ) => read(repo, `${escaped(repo)}/resolve/${commit}/${escaped(name)}`, most, signal),

    /** Begins to read a file at a byte. @throws AppError, as for the model */
    open(
      { repo, commit }: Pick<HubModel, 'repo' | 'commit'>,
      name: string,
      from: number,
      signal: AbortSignal,
    ): Promise<Response> {
      // Unpacked: positions count the file's own bytes.
      const headers = { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) }
      return get(repo, `${escaped(repo)}/resolve/${commit}/${escaped(name)}`, headers, signal)
    },
  }
}
export type HubClient = ReturnType<typeof hubClient>

/** @throws what `otherwise` makes if the text is not JSON */
function jsonOr(text: string, otherwise: () => Error): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw otherwise()
  }
}

const REPO = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/

/** @throws AppError `invalid` for a name that no hub has */
export function expectRepo(repo: string): void {
  if (REPO.test(repo)) return
  throw apiError('invalid', `'${repo}' is not the name of a model on a hub. Write it as owner/name.`, {
    param: 'repo',
    code: 'invalid_value',
  })
}
