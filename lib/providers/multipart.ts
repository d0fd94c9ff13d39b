import { randomText } from '#lib/core/ids.ts'

const escaped = (name: string): string =>
  name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')

const headOf = (name: string, value: FormDataEntryValue): string =>
  typeof value === 'string'
    ? `Content-Disposition: form-data; name="${escaped(name)}"\r\n\r\n`
    : `Content-Disposition: form-data; name="${escaped(name)}"; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`

/**
 * A form as one body (RFC 7578), its files still on disk. When the server answers before the end, fetch's own form body
 * goes on writing and ends the process with a rejection that cannot be caught.
 */
export function multipart(form: FormData): Blob {
  // A Blob's type is lower case only.
  const boundary = `limerick-${randomText(24).toLowerCase()}`
  const parts = [...form].flatMap(([name, value]) => [
    `--${boundary}\r\n${headOf(name, value)}`,
    value,
    '\r\n',
  ])
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` })
}
