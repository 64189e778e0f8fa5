/** Writes docs/system-calls.md from the simulator's table of system calls. */
import { writeFileSync } from 'node:fs';
import { systemCallsPage } from '../sim-backend/syscalls/page.ts';

writeFileSync('docs/system-calls.md', systemCallsPage());
