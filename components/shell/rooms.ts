import Box from 'lucide-react/icons/box'
import ChartLine from 'lucide-react/icons/chart-line'
import Check from 'lucide-react/icons/check'
import Columns2 from 'lucide-react/icons/columns-2'
import Database from 'lucide-react/icons/database'
import House from 'lucide-react/icons/house'
import Plug from 'lucide-react/icons/plug'

/** The sections of the app in workflow order. Add a section here together with its page. */
export const rooms = [
  { name: 'home', href: '/', icon: House, section: null },
  { name: 'datasets', href: '/datasets', icon: Database, section: 'make' },
  { name: 'jobs', href: '/jobs', icon: ChartLine, section: 'make' },
  { name: 'playground', href: '/playground', icon: Columns2, section: 'make' },
  { name: 'evals', href: '/evals', icon: Check, section: 'make' },
  { name: 'models', href: '/models', icon: Box, section: 'keep' },
  { name: 'providers', href: '/providers', icon: Plug, section: 'keep' },
] as const

export const isHere = (href: string, pathname: string) =>
  href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
