/** Its pages keep what they show in their address. */
export { NuqsAdapter as default } from 'nuqs/adapters/next/app'
