import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import { get, type Ledger, read, send } from './ledger.ts'
import type { Studio } from './studio.ts'

const soundness = (file: string): unknown[] => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return [
      database.prepare('pragma integrity_check').get()?.integrity_check,
      ...database.prepare('pragma foreign_key_check').all(),
    ]
  } finally {
    database.close()
  }
}

const missing = (wanted: Iterable<string>, found: Iterable<string>): string[] => {
  const there = new Set(found)
  return [...wanted].filter((one) => !there.has(one))
}

async function checkRows(studio: Studio, ledger: Ledger): Promise<void> {
  const answer = await get(studio, `/api/datasets/${ledger.datasetId}/export`)
  const texts = (await answer.text())
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { messages } = JSON.parse(line) as { messages: { content: string }[] }
      return messages[0]?.content ?? ''
    })
  const there = new Set(texts)
  expect(there.size, 'a row is there twice').toBe(texts.length)
  for (const row of ledger.rows.values()) {
    // An edit that nobody answered happened or did not.
    if (row.asked !== null && there.has(row.asked)) row.text = row.asked
    row.asked = null
  }
  const kept = [...ledger.rows.values()].map(({ text }) => text)
  expect(missing(kept, there), 'rows').toEqual([])
  expect(missing(there, [...kept, ...ledger.doubtful]), 'rows that nobody wrote').toEqual([])
}

async function checkImports(studio: Studio, ledger: Ledger, since: Set<string>): Promise<void> {
  for (const [id, text] of ledger.imports) {
    if (since.has(id)) continue
    const answer = await get(studio, `/api/datasets/${id}/export`)
    expect((await answer.text()) === text, `import ${id} comes out as it came`).toBe(true)
    since.add(id)
    // Lists of hundreds of datasets are not what is looked at here.
    await send(studio, 'PATCH', `/api/datasets/${id}`, { deleted: true })
    ledger.imports.delete(id)
  }
}

async function checkFiles(studio: Studio, ledger: Ledger, since: Set<string>): Promise<void> {
  for (const [id, text] of ledger.files) {
    if (since.has(id)) continue
    expect(await (await studio.sdk().files.content(id)).text()).toBe(text)
    since.add(id)
  }
  const listed: string[] = []
  for await (const file of studio.sdk().files.list({ limit: 100 })) listed.push(file.id)
  expect(missing(ledger.files.keys(), listed), 'files').toEqual([])
}

async function checkLists(studio: Studio, ledger: Ledger): Promise<void> {
  const versions = await read<{ id: string }[]>(studio, `/api/datasets/${ledger.datasetId}/versions`)
  expect(
    missing(
      ledger.versions,
      versions.map(({ id }) => id),
    ),
    'versions',
  ).toEqual([])
  const keys = await read<{ name: string }[]>(studio, '/api/access/keys')
  expect(
    missing(
      ledger.keys,
      keys.map(({ name }) => name),
    ),
    'keys',
  ).toEqual([])
  for (const id of ledger.runs) await read(studio, `/api/jobs/${id}`)
  for (const id of ledger.evals) await read(studio, `/api/evals/${id}`)
}

/** The history of an alias holds every move that was answered, in that order. */
async function checkMoves(studio: Studio, ledger: Ledger): Promise<void> {
  const aliases = await read<{ name: string; history: { why: string }[] }[]>(studio, '/api/models/aliases')
  const kept = (aliases[0]?.history ?? []).map(({ why }) => why).toReversed()
  expect(kept.filter((why) => ledger.moves.includes(why))).toEqual(ledger.moves)
}

/**
 * Holds the product against all that it has acknowledged.
 * @param seen ids whose content was compared before, so that only what is new is read whole
 */
export async function checkLedger(studio: Studio, ledger: Ledger, seen: Set<string>): Promise<void> {
  await checkRows(studio, ledger)
  await checkImports(studio, ledger, seen)
  await checkFiles(studio, ledger, seen)
  await checkLists(studio, ledger)
  await checkMoves(studio, ledger)
  for (const file of ['studio.db', 'engine/engine.db'])
    expect(soundness(path.join(studio.dataFolder, file)), file).toEqual(['ok'])
}
