/** The metadata key by which we find our creation at the provider. */
export const INTENT = 'studio_intent'
