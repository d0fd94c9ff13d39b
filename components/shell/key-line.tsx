'use client'
import { createContext, type ReactNode, useContext } from 'react'
import { keyLine } from '#lib/providers/snippets.ts'

const DataFolder = createContext<string | null>(null)

/** @param folder the data folder in use, where it is not the usual one: a shell has to name it to find the key */
export const DataFolderProvider = ({ folder, children }: { folder: string | null; children: ReactNode }) => (
  <DataFolder.Provider value={folder}>{children}</DataFolder.Provider>
)

/** How a shell in Limerick's own folder learns the key of this installation. */
export const useKeyLine = (): string => keyLine(useContext(DataFolder))
