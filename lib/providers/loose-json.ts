/** A string, or a number that JSON does not know but Python writes bare. */
const TEXT_OR_BARE = /"(?:[^"\\]|\\.)*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b/gs

/** JSON with bare NaN and Infinity as strings; the schema decides what they mean. */
const quoted = (text: string): string =>
  text.replace(TEXT_OR_BARE, (found) => (found.startsWith('"') ? found : `"${found}"`))

/** JSON as providers write it. @throws SyntaxError */
export function looseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return JSON.parse(quoted(text))
  }
}
