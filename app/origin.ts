import { headers } from 'next/headers'

/** Address of this installation as the browser knows it. Asking for it has a page rendered per request. */
export const origin = async (): Promise<string> => `http://${(await headers()).get('host')}`
