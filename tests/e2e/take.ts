import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { unzip } from '../support/zip.ts'

/** Takes the zip file that a link begins. @returns where it is unpacked, and the paths of its files */
export async function takeFolder(page: Page, link: Locator) {
  const coming = page.waitForEvent('download')
  await link.press('Enter')
  const download = await coming
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-download-'))
  const file = path.join(folder, 'export.zip')
  await download.saveAs(file)
  return { filename: download.suggestedFilename(), folder, names: await unzip(readFileSync(file), folder) }
}

/** Takes the download that a link begins. @returns the names of its files */
export async function take(page: Page, link: Locator): Promise<{ filename: string; names: string[] }> {
  const { filename, folder, names } = await takeFolder(page, link)
  rmSync(folder, { recursive: true })
  return { filename, names: names.map((name) => path.posix.basename(name)) }
}
