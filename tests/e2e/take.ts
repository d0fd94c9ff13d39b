import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { unzip } from '../support/zip.ts'

/** Takes the download that a link begins. @returns the names of its files */
export async function take(page: Page, link: Locator): Promise<{ filename: string; names: string[] }> {
  const coming = page.waitForEvent('download')
  await link.press('Enter')
  const download = await coming
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-download-'))
  const file = path.join(folder, 'export.zip')
  await download.saveAs(file)
  const names = await unzip(readFileSync(file), folder)
  rmSync(folder, { recursive: true })
  return { filename: download.suggestedFilename(), names: names.map((name) => path.posix.basename(name)) }
}
