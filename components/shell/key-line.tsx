'use client'
import { createContext, type ReactNode, useContext } from 'react'
import { keyLine } from '#lib/providers/snippets.ts'

const DataFolder = createContext<string | null>(null)

/** @param folder the data folder in use if it is not the default: the shell command must name it to find the key */
export const DataFolderProvider = ({ folder, children }: { folder: string | null; children: ReactNode }) => (
  <DataFolder.Provider value={folder}>{children}</DataFolder.Provider>
)

/** The shell command, run in Limerick's folder, that prints the key of this installation. */
export const useKeyLine = (): string => keyLine(useContext(DataFolder))
