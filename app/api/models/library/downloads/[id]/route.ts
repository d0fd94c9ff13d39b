import { route } from '#lib/http/route.ts'
import { cancelDownload, changeDownload } from '#lib/models/library.ts'
import { DownloadChange, Library } from '#lib/models/library-schema.ts'

export const POST = route({ body: DownloadChange, answer: Library }, ({ body, params }) =>
  changeDownload(params.id ?? '', body),
)

export const DELETE = route({ answer: Library }, ({ params }) => cancelDownload(params.id ?? ''))
