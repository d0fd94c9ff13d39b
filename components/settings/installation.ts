/** Environment variables that people set, in the order of the README. */
type VariableName =
  | 'PORT'
  | 'LIMERICK_HOST'
  | 'LIMERICK_DATA'
  | 'LIMERICK_MODELS'
  | 'LIMERICK_MEMORY'
  | 'LIMERICK_PYTHON'
  | 'LIMERICK_KEY_FILE'
  | 'OPENAI_API_KEY'
  | 'OPENAI_BASE_URL'
  | 'HF_ENDPOINT'
  | 'HF_TOKEN'
  | 'AZURE_ARM_ENDPOINT'

/** What this installation was started with. */
export interface Installation {
  dataFolder: string
  /** null: not set. A key is only said to be set, as `SET`. */
  variables: { name: VariableName; value: string | null }[]
}

/** In place of a key: its value leaves the server nowhere. */
export const SET = '•'
