import Box from 'lucide-react/icons/box'
import ChartLine from 'lucide-react/icons/chart-line'
import Check from 'lucide-react/icons/check'
import Columns2 from 'lucide-react/icons/columns-2'
import Database from 'lucide-react/icons/database'
import House from 'lucide-react/icons/house'
import Plug from 'lucide-react/icons/plug'

/** The sections of the app in workflow order. Add a section here together with its page; `g` and `jump` lead there. */
export const rooms = [
  { name: 'home', href: '/', jump: 'h', icon: House, section: null },
  { name: 'datasets', href: '/datasets', jump: 'd', icon: Database, section: 'make' },
  { name: 'jobs', href: '/jobs', jump: 'j', icon: ChartLine, section: 'make' },
  { name: 'playground', href: '/playground', jump: 'p', icon: Columns2, section: 'make' },
  { name: 'evals', href: '/evals', jump: 'e', icon: Check, section: 'make' },
  { name: 'models', href: '/models', jump: 'm', icon: Box, section: 'keep' },
  { name: 'providers', href: '/providers', jump: 'r', icon: Plug, section: 'keep' },
] as const

export const isHere = (href: string, pathname: string) =>
  href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
