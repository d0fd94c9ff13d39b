/** File types that the file chooser offers first; the user may choose any other. */
export const ACCEPT = '.jsonl,.ndjson,.json,.csv,.tsv,.txt,.gz,application/jsonl,application/json,text/csv'
