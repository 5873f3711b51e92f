// The English texts of the shell, complete by type against the Chinese.
import type zh from '../zh-CN';
import type { Shape } from '../shape';
import frame from './frame';
import oversee from './oversee';
import rights from './rights';
import states from './states';

const en: Shape<typeof zh> = {
  frame,
  oversee,
  rights,
  states,
};
export default en;
