import type {
  ImportNews as News,
  DatasetSummary as Summary,
  DatasetView as View,
  RowsPage as Window,
} from '#lib/datasets/schema.ts'
import * as exporting from '../../app/api/datasets/[datasetId]/export/route.ts'
import * as one from '../../app/api/datasets/[datasetId]/route.ts'
import * as row from '../../app/api/datasets/[datasetId]/rows/[rowId]/route.ts'
import * as rows from '../../app/api/datasets/[datasetId]/rows/route.ts'
import * as importing from '../../app/api/datasets/import/route.ts'
import { callRoute } from './call-route.ts'
import { setUpStudio } from './set-up.ts'

export const folder = await setUpStudio()

export const bytesOf = (text: string) => new TextEncoder().encode(text)

export function sending(bytes: Uint8Array<ArrayBuffer>, length: number | null = bytes.length): RequestInit {
  const headers: Record<string, string> = { 'content-type': 'application/octet-stream' }
  if (length !== null) headers['content-length'] = String(length)
  return { method: 'POST', headers, body: bytes }
}

export async function importFile(bytes: Uint8Array<ArrayBuffer>, name = 'some file.jsonl'): Promise<Summary> {
  const request = new Request(`http://localhost/?name=${encodeURIComponent(name)}`, sending(bytes))
  const last = (await newsOf(await importing.POST(request, { params: Promise.resolve({}) }))).at(-1)
  if (last?.type !== 'done') throw new Error(JSON.stringify(last))
  return last.dataset
}

export const newsOf = async (response: Response): Promise<News[]> =>
  (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

export async function exported(datasetId: string, query = ''): Promise<{ bytes: Buffer; headers: Headers }> {
  const response = await exporting.GET(new Request(`http://localhost/${query}`), {
    params: Promise.resolve({ datasetId }),
  })
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
}

export const view = async (datasetId: string): Promise<View> =>
  (await callRoute<View>(one.GET, { params: { datasetId } })).answer
export const rowsIn = async (datasetId: string, query = ''): Promise<Window> =>
  (await callRoute<Window>(rows.GET, { params: { datasetId }, query })).answer
export const changeRow = (datasetId: string, rowId: string, body: unknown) =>
  callRoute<{ id: string; revision: number; error?: { code: string; facts: { revision: number } } }>(
    row.PATCH,
    {
      params: { datasetId, rowId },
      body,
      method: 'PATCH',
    },
  )

export const line = (n: number) =>
  `{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "q${n}"}, {"role": "assistant", "content": "a"}]}`
export const ten = Array.from({ length: 10 }, (_, n) => line(n)).join('\n')
